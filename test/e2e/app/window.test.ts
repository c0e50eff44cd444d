import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SHELL_KEYS } from './engine-calls.ts';
import { electronPath, startApp, type TestApp, untilLoaded } from './harness.ts';

const run = promisify(execFile);

describe('the window', () => {
  let started: TestApp;
  beforeEach(async () => {
    started = await startApp('window');
  });
  afterEach(() => started.close());

  it('gives the page the calls of the contract and nothing of Node or Electron', async () => {
    const found = await started.page.evaluate(() => ({
      keys: Object.keys(window.meterwright),
      shell: Object.keys(window.meterwright.shell).sort(),
      leaked: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
        (name) => name in window,
      ),
    }));
    expect(found).toEqual({ keys: ['shell'], shell: SHELL_KEYS, leaked: [] });
  });

  it('gives the page no way to replace what the preload put there', async () => {
    const changed = await started.page.evaluate(() => {
      try {
        (window as unknown as { meterwright: unknown }).meterwright = {};
      } catch {
        // Refused loudly instead of quietly: as good.
      }
      return Object.keys(window.meterwright);
    });
    expect(changed).toEqual(['shell']);
  });

  it('hands the page values and never an event, and stops when it is told', async () => {
    const { app, page } = started;
    await page.evaluate(() => {
      const seen: unknown[][] = [];
      const stop = window.meterwright.shell.onMenu((...given: unknown[]) => seen.push(given));
      Object.assign(window, { seen, stop });
    });
    const send = (action: string) =>
      app.evaluate(
        ({ BrowserWindow }, name) => BrowserWindow.getAllWindows()[0]?.webContents.send('shell:menu', name),
        action,
      );
    const seen = () => page.evaluate(() => (window as unknown as { readonly seen: unknown[][] }).seen);
    await send('help');
    await expect.poll(seen).toEqual([['help']]);
    await page.evaluate(() => (window as unknown as { stop(): void }).stop());
    await send('help');
    // A later message that is heard by another listener proves that this one was passed over.
    const engine = await page.evaluate(
      () => new Promise((settle) => void window.meterwright.shell.engineState().then(settle)),
    );
    expect(engine).toMatchObject({ state: 'running' });
    expect(await seen()).toEqual([['help']]);
  });

  it('shows no exception of the shell, only a refusal', async () => {
    const refusal = await started.page.evaluate(() =>
      window.meterwright.shell.setTheme('pink' as 'dark').then(
        () => 'taken',
        (thrown: unknown) => String(thrown),
      ),
    );
    expect(refusal).toContain('The shell refused setTheme (input)');
  });

  it('opens no folder that is neither ours nor chosen', async () => {
    const answer = await started.page.evaluate((path) => window.meterwright.shell.openFolder(path), resolve('/etc'));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'shell/not-opened' } });
  });

  it('loads nothing from anywhere else, runs no text as a program, goes nowhere, opens nothing', async () => {
    const { app, page } = started;
    const outcome = await page.evaluate(async () => {
      const refused = (work: Promise<unknown>) =>
        work.then(
          () => 'loaded',
          () => 'refused',
        );
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      script.remove();
      return {
        remote: await refused(fetch('https://www.se.com/')),
        local: await refused(fetch('http://127.0.0.1:1/')),
        file: await refused(fetch('file:///etc/passwd')),
        inline: 'intruder' in window,
        opened: window.open('https://www.se.com/') === null,
      };
    });
    expect(outcome).toEqual({ remote: 'refused', local: 'refused', file: 'refused', inline: false, opened: true });
    await page.evaluate(() => {
      window.location.href = 'https://www.se.com/';
    });
    expect(page.url()).toBe('app://bundle/index.html');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('is the only one: a second start brings it to the front and ends', async () => {
    const { app, userData, home } = started;
    const told = app.evaluate(
      ({ app: shell }) => new Promise((settle) => shell.once('second-instance', () => settle(true))),
    );
    const screen = await app.evaluate(() => process.env['DISPLAY'] ?? '');
    const args = ['--no-sandbox', '--disable-gpu', `--user-data-dir=${userData}`, resolve('.')];
    const env = { ...process.env, METERWRIGHT_HOME: home, DISPLAY: screen };
    // Rejects when it ends with another code than 0, and when it does not end.
    await run(electronPath(), args, { env, timeout: 30_000 });
    expect(await told).toBe(true);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });
});

it('has a page that breaks no rule of its own policy', async () => {
  const { complaints, page, close } = await startApp('policy');
  // A caught violation reaches no console: the event tells of it, so it is listened for before the first script runs.
  await page.addInitScript(() => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
      seen.push(`${effectiveDirective} ${blockedURI} ${sourceFile}`),
    );
    Object.assign(window, { violations: seen });
  });
  const violations = () => page.evaluate(() => (window as unknown as { violations: string[] }).violations);
  await page.reload();
  await untilLoaded(page);
  for (const screen of ['meters/add', 'backups', 'activity', 'help', 'settings']) {
    await page.evaluate((to) => {
      window.location.hash = `#/${to}`;
    }, screen);
    await page
      .getByRole(screen === 'meters/add' ? 'dialog' : 'heading')
      .first()
      .waitFor();
  }
  expect(await violations()).toEqual([]);
  expect(complaints).toEqual([]);
  // That the listener works at all: a forbidden probe is seen.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = '0';
    document.body.append(script);
  });
  await expect.poll(violations).toHaveLength(1);
  await close();
});
