import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { programFiles } from '../../../electron/laptop/files.ts';
import { startHelper } from '../../../electron/laptop/helper-process.ts';
import { createLaptop } from '../../../electron/laptop/index.ts';
import { readPowerSupplies } from '../../../electron/laptop/power.ts';
import { runCommand } from '../../../electron/laptop/run.ts';
import { ionSetupVersion } from '../../../shared/domain/ion-setup-version.ts';
import { craftExe } from '../../fixtures/crafted-exe.ts';

const ROOT = join(import.meta.dirname, '../../..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meterwright-laptop-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A stand-in for systemd-inhibit that takes its options and runs the command behind them, as the real one does. */
async function fakeInhibit(): Promise<string> {
  const path = join(folder, 'systemd-inhibit');
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/args'\necho $$ > '${folder}/pid'\nwhile [ "$1" != "cat" ]; do shift; done\nexec "$@"\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

async function pidOfHelper(): Promise<number> {
  return vi.waitUntil(async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '')) || undefined, {
    timeout: 10_000,
    interval: 10,
  });
}

describe.runIf(process.platform === 'linux')('keepAwake with real processes', () => {
  it('holds a helper while active and ends it on release', async () => {
    const inhibit = await fakeInhibit();
    const laptop = createLaptop({ startHelper: (_command, args) => startHelper(inhibit, args) });
    const awake = await laptop.keepAwake('upgrade of a simulated meter');
    expect(awake.active).toBe(true);
    const pid = await pidOfHelper();
    expect(isAlive(pid)).toBe(true);
    expect(await readFile(join(folder, 'args'), 'utf8')).toContain('--why=upgrade of a simulated meter');
    await awake.release();
    expect(isAlive(pid)).toBe(false);
    await awake.release();
  });

  it('is not active when systemd-inhibit is not installed', async () => {
    const laptop = createLaptop({ startHelper: (_command, args) => startHelper(join(folder, 'absent'), args) });
    const awake = await laptop.keepAwake('x');
    expect(awake.active).toBe(false);
    await awake.release();
  });

  it('is not active when there is no session bus to ask', async () => {
    const laptop = createLaptop({ startHelper: () => startHelper('/bin/sh', ['-c', 'exit 1']) });
    expect((await laptop.keepAwake('x')).active).toBe(false);
  });

  it('leaves no helper behind when our process is killed', async () => {
    await fakeInhibit();
    const entry = join(folder, 'hold.ts');
    const index = JSON.stringify(join(ROOT, 'electron/laptop/index.ts'));
    await writeFile(
      entry,
      `import { createLaptop } from ${index};
      const wait = setInterval(() => undefined, 1000);
      createLaptop().keepAwake('x').then((awake) => console.log(awake.active ? 'held' : 'not held', wait !== undefined));`,
    );
    await build({
      configFile: false,
      logLevel: 'error',
      root: folder,
      build: { ssr: entry, outDir: join(folder, 'out'), rollupOptions: { output: { entryFileNames: 'hold.mjs' } } },
    });
    const owner = spawn(process.execPath, [join(folder, 'out', 'hold.mjs')], {
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>((resolve) => {
      owner.once('exit', () => resolve());
    });
    try {
      let output = '';
      owner.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      await vi.waitUntil(() => output.includes('\n'), { timeout: 15_000, interval: 10 });
      expect(output).toContain('held true');
      const pid = await pidOfHelper();
      expect(isAlive(pid)).toBe(true);
      owner.kill('SIGKILL');
      await ended;
      await vi.waitUntil(() => !isAlive(pid), { timeout: 5_000, interval: 10 });
    } finally {
      owner.kill('SIGKILL');
    }
  });
});

describe('runCommand', () => {
  const node = process.execPath;

  it('gives the code and both outputs', async () => {
    const script = "process.stdout.write('a');process.stderr.write('b');process.exit(3)";
    expect(await runCommand(node, ['-e', script], { timeoutMs: 10_000 })).toEqual({
      code: 3,
      stdout: 'a',
      stderr: 'b',
    });
  });

  it('has no code for a command that is not there, runs too long or writes too much', async () => {
    expect(await runCommand(join(folder, 'absent'), [], { timeoutMs: 1000 })).toMatchObject({ code: null });
    expect(await runCommand(node, ['-e', 'setInterval(()=>{},9)'], { timeoutMs: 150 })).toMatchObject({ code: null });
    const flood = await runCommand(node, ['-e', "process.stdout.write('x'.repeat(20e6))"], { timeoutMs: 10_000 });
    expect(flood.code).toBeNull();
    expect(flood.stdout.length).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('passes arguments as they are: no shell looks at them', async () => {
    const result = await runCommand(node, ['-p', 'process.argv[1]', '$(id) & "x"'], { timeoutMs: 10_000 });
    expect(result.stdout.trim()).toBe('$(id) & "x"');
  });

  it('does not hand the credentials of a meter on', async () => {
    vi.stubEnv('METERWRIGHT_PASSWORD', 'geheim');
    vi.stubEnv('OTHER_THING', 'kept');
    try {
      const { stdout } = await runCommand(node, ['-p', 'JSON.stringify(process.env)'], { timeoutMs: 10_000 });
      expect(stdout).not.toContain('geheim');
      expect(stdout).toContain('kept');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('programs on a real disk', () => {
  it('reads the version of a program on any system', async () => {
    const path = join(folder, 'ION Setup.exe');
    await writeFile(path, craftExe('3.2.25037.01'));
    expect(await createLaptop().findIonSetup({ path })).toEqual({
      kind: 'found',
      path,
      version: ionSetupVersion('3.2.25037.01'),
      how: 'given-path',
    });
  });

  it('reads neither folders nor files above the limit, and lists what is there', async () => {
    await writeFile(join(folder, 'a'), 'abc');
    expect(await programFiles.read(folder, 100)).toBeNull();
    expect(await programFiles.read(join(folder, 'a'), 2)).toBeNull();
    expect(await programFiles.read(join(folder, 'a'), 3)).toHaveLength(3);
    expect(await programFiles.list(folder)).toEqual(['a']);
    expect(await programFiles.list(join(folder, 'a'))).toBeNull();
  });

  it.runIf(process.platform === 'linux')('does not wait at a pipe that stands where a program should', async () => {
    const pipe = join(folder, 'ION Setup.exe');
    await promisify(execFile)('mkfifo', [pipe]);
    expect(await createLaptop().findIonSetup({ path: pipe })).toMatchObject({ kind: 'missing' });
  });

  it.runIf(process.platform !== 'win32')(
    'starts a stand-in that outlives the call, and refuses what cannot run',
    async () => {
      const path = join(folder, 'stand-in');
      await writeFile(path, `#!/bin/sh\necho "$# $0" > '${folder}/started'\n`);
      const laptop = createLaptop();
      const hint = { path, attested: { version: '3.2.25037.01', by: 'Ada' } };
      const early = await laptop.findIonSetup(hint);
      expect((await laptop.startIonSetup(early)).ok).toBe(false);
      await chmod(path, 0o755);
      const finding = await laptop.findIonSetup(hint);
      expect(finding).toMatchObject({ kind: 'attested', path });
      expect((await laptop.startIonSetup(finding)).ok).toBe(true);
      const seen = await vi.waitUntil(() => readFile(join(folder, 'started'), 'utf8').catch(() => ''), {
        timeout: 5_000,
        interval: 10,
      });
      expect(seen.trim()).toBe(`0 ${path}`);

      const program = join(folder, 'ION Setup.exe');
      await writeFile(program, craftExe('3.2.25037.01'), { mode: 0o755 });
      const result = await laptop.startIonSetup(await laptop.findIonSetup({ path: program }));
      expect(!result.ok && result.problem.code).toBe('ion-setup/cannot-start');
    },
  );
});

describe('what the PC says about itself', () => {
  it('gives the free bytes of the nearest folder that is there', async () => {
    const laptop = createLaptop();
    const here = await laptop.freeBytes(folder);
    expect(here).toBeGreaterThan(0);
    expect(await laptop.freeBytes(join(folder, 'not', 'yet', 'there'))).toBeGreaterThan(0);
  });

  it('reads supplies from a folder like /sys/class/power_supply, with files missing', async () => {
    await mkdir(join(folder, 'BAT0'));
    await writeFile(join(folder, 'BAT0', 'type'), 'Battery\n');
    await writeFile(join(folder, 'BAT0', 'status'), 'Discharging\n');
    await writeFile(join(folder, 'BAT0', 'capacity'), '17\n');
    const laptop = createLaptop({ platform: 'linux', powerSupplies: () => readPowerSupplies(folder) });
    expect(await laptop.power()).toEqual({ onBattery: true, batteryPercent: 17 });
    expect(await readPowerSupplies(join(folder, 'absent'))).toBeNull();
  });

  it('answers on this very machine', async () => {
    const { onBattery, batteryPercent } = await createLaptop().power();
    expect([true, false, null]).toContain(onBattery);
    expect(batteryPercent === null || (batteryPercent >= 0 && batteryPercent <= 100)).toBe(true);
  });
});
