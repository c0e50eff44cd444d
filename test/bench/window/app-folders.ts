import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How an app that was started with a mark on its standard output begins that line; milliseconds of Unix time follow. */
export const MARK = 'PAINTED ';

/** Starts what `package.json` names in the folder of the product, as Electron does for a folder on its command line. */
function productOf(root: string): string {
  return `const about = require(${JSON.stringify(join(root, 'package.json'))});
app.setAppPath(${JSON.stringify(root)});
app.setName(about.productName || about.name);
app.setVersion(about.version);
require(${JSON.stringify(root)} + '/' + about.main);
`;
}

/**
 * Writes to standard output when the first page is painted and shown: two frames after `ready` (an expression of the page) became true. Looked
 * at once per frame from the moment the page has its document.
 */
function markWhen(ready: string): string {
  const watch = `new Promise((settle) => {
  const look = () => requestAnimationFrame(() => {
    if (document.visibilityState !== 'visible' || !(${ready})) return look();
    requestAnimationFrame(() => settle(Date.now()));
  });
  look();
})`;
  return `app.once('web-contents-created', (_event, contents) => contents.once('dom-ready', () => {
  contents.mainFrame.executeJavaScript(${JSON.stringify(watch)}).then((at) => console.log('${MARK}' + at));
}));
`;
}

async function writeApp(folder: string, code: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "bench-app", "version": "1.0.0", "main": "index.js" }\n');
  await writeFile(join(folder, 'index.js'), `'use strict';\nconst { app } = require('electron');\n${code}`);
  return folder;
}

/** An app with one window, of the size of ours, on a page with nothing in it. */
export async function writeEmptyApp(folder: string): Promise<string> {
  await writeApp(
    folder,
    `${markWhen('true')}const { BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800 });
  window.loadFile(__dirname + '/empty.html');
});
app.on('window-all-closed', () => app.quit());
`,
  );
  await writeFile(
    join(folder, 'empty.html'),
    '<!doctype html><html lang="en"><title>Empty</title><body></body></html>\n',
  );
  return folder;
}

/**
 * The product as it was built, with the mark of a list of `meters` meters that has rows on the screen; `alive`: of the list that can be worked
 * with, which takes the place of its first picture.
 */
export function writeMarkedProduct(folder: string, root: string, meters: number, alive: boolean): Promise<string> {
  const ready = `document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '${meters + 1}'
    && document.querySelectorAll('[role=grid] tbody tr').length > 10${
      alive ? " && document.querySelector('[inert] [role=grid]') === null" : ''
    }`;
  return writeApp(folder, markWhen(ready) + productOf(root));
}

/** The product as it was built, but for its engine. */
export function writeProductWithEngine(folder: string, root: string, engine: string): Promise<string> {
  return writeApp(
    folder,
    `const { utilityProcess } = require('electron');
const { fork } = utilityProcess;
utilityProcess.fork = (_product, ...rest) => fork.call(utilityProcess, ${JSON.stringify(engine)}, ...rest);
${productOf(root)}`,
  );
}
