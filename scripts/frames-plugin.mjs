// @ts-check
// Gives the page what can be worked out when the program is built: its first screen as HTML ("virtual:frames/en") and the variables of its
// theme ("virtual:theme.css"), both rendered by the page's own components.
import { Worker } from 'node:worker_threads';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const FRAMES = 'virtual:frames/';
const THEME = 'virtual:theme.css';
/** A program that renders nothing in so many milliseconds never will. */
const RENDER_MS = 60_000;

/** What the process does that renders: calls a function of the entry and says what it answers. */
const CALL = `{
  const { parentPort, workerData: { name, given } } = require('node:worker_threads');
  Promise.resolve(exports[name](...given)).then((answer) => parentPort.postMessage(answer));
}`;

/**
 * @param {{ readonly root: string, readonly entry: string }} options root of the page, and the file that exports `framesOf(language)` and `themeCss()`
 * @returns {import('vite').Plugin}
 */
export function frames({ root, entry }) {
  /** @type {Promise<string> | undefined} */
  let program;
  return {
    name: 'frames',
    resolveId: (id) => (id === THEME || id.startsWith(FRAMES) ? id : undefined),
    async load(id) {
      if (id !== THEME && !id.startsWith(FRAMES)) return undefined;
      program ??= bundle(root, entry);
      if (id === THEME) return call(await program, 'themeCss', []);
      const found = await call(await program, 'framesOf', [id.slice(FRAMES.length)]);
      return Object.entries(found)
        .map(([name, html]) => `export const ${name} = ${JSON.stringify(html)};\n`)
        .join('');
    },
  };
}

/**
 * The entry with everything that it needs, as one file.
 * @param {string} root
 * @param {string} entry
 */
async function bundle(root, entry) {
  const built = await build({
    root,
    configFile: false,
    mode: 'production',
    logLevel: 'error',
    plugins: [react()],
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      write: false,
      minify: false,
      rollupOptions: { output: { format: 'cjs', codeSplitting: false } },
    },
  });
  const output = 'output' in built ? built.output : [];
  const chunk = output.find((one) => one.type === 'chunk' && one.isEntry);
  if (chunk?.type !== 'chunk') throw new Error(`${entry} was not built.`);
  return chunk.code;
}

/**
 * Calls a function of the program in a process of its own: what it does to its globals, so that the page believes in a window, concerns nobody else.
 * @param {string} program
 * @param {string} name
 * @param {readonly string[]} given
 * @returns {Promise<any>}
 */
function call(program, name, given) {
  const worker = new Worker(`${program}\n${CALL}`, { eval: true, workerData: { name, given } });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The first screen was not rendered in time.')), RENDER_MS);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The first screen was not rendered: ${code}`)));
    worker.once('exit', () => clearTimeout(timer));
  });
}
