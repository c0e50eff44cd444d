import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What proves each item of the checklist for the shell: files with the names of the tests in them. A test that is renamed or removed is missed here. */
const PROOFS: Readonly<Record<string, readonly (readonly [file: string, ...tests: string[]])[]>> = {
  '1: the page is sandboxed and isolated': [
    ['test/unit/main/posture.test.ts', 'is nothing: sandboxed, isolated, without Node, without webviews'],
    ['test/unit/main/checklist.test.ts', 'asks for the sandbox of every process before anything else'],
  ],
  '2: the page comes over a scheme of its own, and only from the bundle': [
    [
      'test/unit/main/app-protocol.test.ts',
      'serves the page and what belongs to it, with their types and the policy',
      'never leaves the bundle and never throws, whatever is asked',
      'answers to nothing but GET',
    ],
  ],
  '3: the scheme is registered in time, the preload is one file': [
    ['test/unit/main/checklist.test.ts', 'registers the scheme before the application is ready'],
    ['test/e2e/runtimes/processes.test.ts', 'is one file that requires nothing but Electron'],
  ],
  '4: a policy without eval and without other hosts': [
    ['test/unit/main/posture.test.ts', 'is bounded by a policy without eval and without other hosts'],
    ['test/e2e/app/window.test.ts', 'has a page that breaks no rule of its own policy'],
  ],
  '5: no permission is granted': [
    ['test/unit/main/posture.test.ts', 'needs no permission: requests, checks and devices are denied'],
  ],
  '6: the page stays where it is, and opens only what is on the list': [
    [
      'test/unit/main/posture.test.ts',
      'is to stay where it is: no navigation, redirect, webview or window',
      'is opened in the browser only where the list says so',
    ],
  ],
  '7: every call of the page is checked': [
    [
      'test/unit/main/ipc.test.ts',
      'are those of the contract and no others',
      '%s is refused from a frame that is gone, embedded or not ours',
      '%s is refused with arguments that are not in the contract',
      '%s answers with a value when its handler throws or answers nonsense',
    ],
    ['test/unit/main/checklist.test.ts', 'listens to the page in one place only'],
  ],
  '8: the preload gives named functions only': [
    [
      'test/e2e/app/window.test.ts',
      'gives the page the calls of the contract and nothing of Node or Electron',
      'hands the page values and never an event, and stops when it is told',
    ],
  ],
  '13: meters are worked on in a process of their own': [
    [
      'test/e2e/app/processes.test.ts',
      'finds the job interrupted when the engine is killed, and resumes it to the end',
    ],
    ['test/e2e/flows/engine-killed.test.ts', 'resumes with the button of the page after the engine was killed'],
    ['test/e2e/runtimes/processes.test.ts', 'ends on %s instead of going on half alive'],
  ],
  '14: there is one window and one engine': [
    ['test/e2e/app/window.test.ts', 'is the only one: a second start brings it to the front and ends'],
  ],
  '15: whatever dies is noticed, and no job with it': [
    [
      'test/e2e/app/processes.test.ts',
      'goes on when the page crashes, and the page comes back to the truth',
      'loads a page again that hangs, when a person says so',
    ],
    ['test/unit/main/work.test.ts', 'is loaded again, and asked about when it happens again and again'],
    [
      'test/unit/main/engine-process.test.ts',
      'gives up when it ends again and again, and goes on when a person says so',
    ],
  ],
  '16: closing is asked about, the computer stays awake exactly as long as needed, sleep is noted': [
    ['test/unit/main/work.test.ts', 'is kept awake exactly while somebody needs it, with one blocker'],
    [
      'test/unit/main/work.test.ts',
      'says for each meter what goes on, and keeps the window open unless told otherwise',
    ],
    ['test/e2e/app/processes.test.ts', 'keeps the truth over a reload, and asks once before closing in the middle'],
    ['test/e2e/app/processes.test.ts', 'says on the page of a job that the computer slept'],
  ],
  '17: nothing comes from anywhere else': [
    ['test/unit/main/posture.test.ts', 'loads nothing from anywhere else'],
    [
      'test/e2e/app/window.test.ts',
      'loads nothing from anywhere else, runs no text as a program, goes nowhere, opens nothing',
    ],
  ],
  '18: tools for developers are for developers': [
    [
      'test/unit/main/posture.test.ts',
      'is believed only of this PC and only when not packed',
      'has its tools in the menu, a packed application has not',
    ],
  ],
};

describe.each(Object.entries(PROOFS))('checklist %s', (_item, proofs) => {
  it.each(proofs)('is proven in %s', (file, ...tests) => {
    const text = readFileSync(resolve(file), 'utf8');
    for (const test of tests)
      expect(text, test).toMatch(
        new RegExp(`\\bit(?:\\.[a-z]+(?:\\([^)]*\\)|\\(\\[[\\s\\S]*?\\]\\)))?\\(\\s*'${escaped(test)}`),
      );
  });
});

describe('the shell, as it is written', () => {
  const text = readFileSync(resolve('electron/main/index.ts'), 'utf8');
  const body = text.slice(text.lastIndexOf("';\n", text.indexOf('// Chromium runs as root')));

  it('asks for the sandbox of every process before anything else', () => {
    expect(body.indexOf('app.enableSandbox()')).toBeGreaterThan(-1);
    expect(body.indexOf('app.enableSandbox()')).toBeLessThan(body.indexOf('crashReporter'));
    // The one way around it is a switch of the command line, which a page cannot set.
    expect(body).toContain("if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();");
  });

  it('registers the scheme before the application is ready', () => {
    const registered = body.indexOf('protocol.registerSchemesAsPrivileged(');
    expect(registered).toBeGreaterThan(-1);
    expect(registered).toBeLessThan(body.indexOf('function begin'));
    expect(body.slice(0, registered)).not.toMatch(/\bawait\b|whenReady/);
  });

  it('listens to the page in one place only', () => {
    const files = readdirSync(resolve('electron/main'), { recursive: true, encoding: 'utf8' });
    const shell = files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(resolve('electron/main', file), 'utf8'));
    expect(shell.join('\n')).not.toMatch(/ipcMain\s*\.\s*(?:on|once|handle)/);
    expect(shell.join('\n').match(/[=(]\s*ipcMain\b/g)).toHaveLength(1);
    expect(shell.join('\n').match(/receiveEarly<IpcMainInvokeEvent>\(ipcMain/g)).toHaveLength(1);
    expect(shell.join('\n').match(/handleShellCalls\(\s*calls,/g)).toHaveLength(1);
  });

  it('hands out nothing of the page before everything that guards it is in place', () => {
    const start = body.slice(body.indexOf('async function start'));
    expect(start.indexOf('open(first);')).toBeGreaterThan(-1);
    expect(start.indexOf('hand(opening.answer);')).toBeGreaterThan(start.indexOf('open(first);'));
    const first = readFileSync(resolve('electron/main/first.ts'), 'utf8');
    expect(first).toMatch(/protocol\.handle\(APP_SCHEME, async \(request\) => \{\s*const answer = await guarded;/);
    const opening = readFileSync(resolve('electron/main/opening.ts'), 'utf8');
    for (const guard of ['denyPermissions(', 'onBeforeRequest(', 'guardNavigation(window'])
      expect(opening.indexOf(guard), guard).toBeGreaterThan(opening.indexOf('export function open('));
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
