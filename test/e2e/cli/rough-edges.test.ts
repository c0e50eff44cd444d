import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkplace, overridesFor, WAIVERS, type Workplace } from './harness.ts';

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
});
afterEach(() => place.close());

const PROBLEM_FIELDS = ['code', 'title', 'because', 'meterState', 'nextStep', 'details'];
const here = (): readonly string[] => ['--ports', place.ports, '--json'];
const shell = (line: string) =>
  spawnSync('bash', ['--norc', '-c', line], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { PATH: process.env['PATH'] ?? '', METERWRIGHT_HOME: place.home, CLI: resolve('out/cli/index.js') },
  });

describe('standard output', () => {
  it('that is closed by its reader fails nothing', () => {
    const run = shell('set -o pipefail; node "$CLI" --help | true && node "$CLI" jobs --json | true');
    expect(run.status).toBe(0);
    expect(run.stderr).toBe('');
  });

  it('that is full ends in one line and exit code 1', () => {
    const run = shell('node "$CLI" jobs > /dev/full');
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^The outcome \(exit code 0\) could not be written to standard output: ENOSPC.*\n$/);
  });

  it.each([
    [['frobnicate', '--json'], 'frobnicate'],
    [['identify', '--json'], 'host'],
    [['identify', '192.0.2.1:502', '--json'], '--ports modbus=502'],
    [['backup', '--json'], 'HOST'],
  ])('has one document also for wrong usage: %j', async (args, because) => {
    const run = await place.run(args);
    expect(run.code).toBe(64);
    const { problem } = run.json() as { problem: Record<string, string> };
    expect(Object.keys(problem)).toEqual(PROBLEM_FIELDS);
    expect(problem['because']).toContain(because);
  });
});

describe('jobs', () => {
  it('does not take a wrong name for a damaged journal', async () => {
    for (const args of [
      ['jobs', 'nope'],
      ['report', 'nope'],
      ['upgrade', '--resume', 'nope'],
    ]) {
      expect((await place.run([...args, '--json'])).json()).toMatchObject({ problem: { code: 'job/unknown' } });
    }
  });

  it('shows the jobs whose journal cannot be read', async () => {
    const folder = join(place.home, 'jobs', '20260101T000000Z-S1-abcdef');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'journal.jsonl'), 'garbage\n');
    const run = await place.run(['jobs', '--json']);
    expect(run.json()).toMatchObject({
      jobs: [],
      damaged: [{ job: '20260101T000000Z-S1-abcdef', problem: { code: 'job/journal-damaged' } }],
    });
    expect((await place.run(['jobs'])).stdout).toContain('20260101T000000Z-S1-abcdef');
  });
});

describe('files that are not what they are given as', () => {
  it('a file that is missing does not pass a check', async () => {
    const run = await place.run(['check', place.host, '--target', 'cid', '--package', '/nope.cid', ...here()]);
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ problem: { code: 'package/unreadable' } });
  });

  it('a package is no template and no CID', async () => {
    const { package: file } = place.practice;
    const template = await place.run(['upgrade', place.host, '--target', 'template', '--package', file, ...here()]);
    expect(template.json()).toMatchObject({ problem: { code: 'upgrade/not-a-template' } });
    const cid = await place.run(['upgrade', place.host, '--target', 'cid', '--package', file, ...here()]);
    expect(cid.json()).toMatchObject({ problem: { code: 'upgrade/not-a-cid' } });
  });
});

describe('Ctrl-C', () => {
  it('ends a backup as interrupted', async () => {
    await place.control('fault', { kind: 'slow', protocol: 'modbus', milliseconds: 20 });
    const stopEarly = { onLine: (line: string, child: ChildProcess) => void (line !== '' && child.kill('SIGINT')) };
    const run = await place.start(['backup', place.host, ...here()], stopEarly).ended;
    expect(run.json()).toMatchObject({ problem: { code: 'backup/cancelled' } });
    expect(run.code).toBe(5);
  });
});

describe('an upgrade', () => {
  const upgrade = (args: readonly string[] = []): ReturnType<Workplace['run']> =>
    place.run(['upgrade', place.host, '--package', place.practice.package, '--ports', place.ports, ...args]);

  it('that was cancelled after the transfer does not hide that the image is on the meter', async () => {
    const run = await upgrade([...overridesFor('SIM-00001'), ...WAIVERS, '--json']);
    expect(run.code).toBe(5);
    const { problem } = run.json() as { problem: { meterState: string } };
    expect(problem.meterState).toContain('may still lie on the meter');
  });

  it('that is blocked by warnings says what to type', async () => {
    const run = await upgrade(WAIVERS);
    expect(run.code).toBe(4);
    expect(run.stdout).toContain('--override irreversible=SIM-00001');
    expect(run.stdout).toContain('--override default-password=REASON');
  });

  it('whose meter has SFTP closed ends as unreachable', async () => {
    await place.control('fault', { kind: 'refuse', protocol: 'sftp' });
    const run = await upgrade([...overridesFor('SIM-00001'), ...WAIVERS, '--json']);
    expect(run.json()).toMatchObject({ state: 'failed', problem: { code: 'sftp/refused' } });
    expect(run.code).toBe(3);
  });

  it('keeps its waivers over a kill and a resume', async () => {
    await place.control('fault', { kind: 'slow', protocol: 'sftp', milliseconds: 10 });
    const { child, ended } = place.start(
      ['upgrade', place.host, '--package', place.practice.package, '--ports', place.ports, '--yes'].concat(
        overridesFor('SIM-00001'),
        WAIVERS,
      ),
      { onLine: (line, process) => void (line.includes('Securing the backup') && process.kill('SIGKILL')) },
    );
    await ended;
    expect(child.signalCode).toBe('SIGKILL');
    await place.control('fault', { kind: 'clear' });
    const { jobs } = (await place.run(['jobs', '--json'])).json() as { jobs: { job: string; state: string }[] };
    expect(jobs[0]?.state).toBe('interrupted');
    const resumed = await place.run(['upgrade', '--resume', jobs[0]?.job ?? '', '--yes', '--json']);
    expect(resumed.json()).toMatchObject({ state: 'done', verdict: 'verified' });
  });
});
