import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);

describe('checklist 3: the bundle of the preload', () => {
  const text = readFileSync(resolve('out/preload/index.js'), 'utf8');

  it('is one file that requires nothing but Electron', () => {
    expect(readdirSync(resolve('out/preload'))).toEqual(['index.js']);
    const required = [...text.matchAll(/\brequire\(\s*(["'`])(.*?)\1\s*\)/g)].map(([, , name]) => name);
    expect([...new Set(required)]).toEqual(['electron']);
    expect(text.match(/\brequire\b/g)).toHaveLength(required.length);
  });

  it('is no module of the newer kind, which a sandboxed page could not load', () => {
    expect(text).not.toMatch(/^\s*(?:import|export)\s/m);
    expect(text).not.toMatch(/\bimport\(/);
  });
});

describe('checklist 13: the process of the engine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meterwright-engine-process-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The built engine in a plain Node, with the port of a utility process made up; `then` runs when it says that it is ready. */
  async function engineThat(then: string) {
    const entry = join(folder, 'start.cjs');
    writeFileSync(
      entry,
      `process.parentPort = {
        on() {},
        postMessage(message) { if (message.type === 'ready') { ${then} } },
      };
      require(${JSON.stringify(resolve('out/engine/index.js'))});`,
    );
    const env = { ...process.env, METERWRIGHT_HOME: join(folder, 'home') };
    return run(process.execPath, [entry], { env, timeout: 60_000 }).then(
      () => ({ code: 0, stderr: '' }),
      (thrown: { readonly code?: number; readonly stderr?: string }) => ({ code: thrown.code, stderr: thrown.stderr }),
    );
  }

  it.each([
    ['a promise that nobody waited for', "void Promise.reject(new Error('lost in the engine'))"],
    ['an exception in a callback', "setTimeout(() => { throw new Error('lost in the engine'); }, 0)"],
  ])('ends on %s instead of going on half alive', async (_what, then) => {
    const ended = await engineThat(then);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('The engine ends: Error: lost in the engine');
  });

  it('says why it cannot run without a shell', async () => {
    const alone = await run(process.execPath, [resolve('out/engine/index.js')], { timeout: 60_000 }).catch(
      (thrown: { readonly code?: number; readonly stderr?: string }) => thrown,
    );
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining('The engine was started by itself') });
  });
});
