import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { craftExe } from '../../fixtures/crafted-exe.ts';
import { openWorkplace, overridesFor, WAIVERS, type Workplace } from './harness.ts';

const serial = 'SIM-00001';
let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
});
afterEach(() => place.close());

const json = (): readonly string[] => ['--ports', place.ports, '--json'];
const upgrade = (args: readonly string[]): ReturnType<Workplace['run']> =>
  place.run(['upgrade', place.host, '--yes', ...args, ...overridesFor(serial), ...json()]);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface GateDocument {
  readonly gates: readonly { readonly id: string; readonly verdict: string; readonly because: string }[];
}
async function ionSetupGate(version: string): Promise<GateDocument['gates'][number] | undefined> {
  const exe = join(place.home, `ION Setup ${version}.exe`);
  await writeFile(exe, craftExe(version));
  const checked = await place.run([
    'check',
    place.host,
    '--package',
    place.practice.package,
    '--channel',
    'ion-setup',
    '--ion-setup',
    exe,
    ...json(),
  ]);
  return (checked.json() as unknown as GateDocument).gates.find(({ id }) => id === 'ion-setup');
}

describe('the hand-off to ION Setup', () => {
  it('reads the version out of the program itself', async () => {
    expect(await ionSetupGate('3.2.25037.1')).toMatchObject({
      verdict: 'pass',
      because: expect.stringContaining('3.2.25037.01'),
    });
    expect(await ionSetupGate('3.2.22341.1')).toMatchObject({ verdict: 'block' });
    expect(await ionSetupGate('3.2.30377.2')).toMatchObject({ verdict: 'warn' });
  });

  it('gives exact instructions, starts the program, watches the meter and verifies', async () => {
    const [meter] = place.practice.meters;
    const standIn = join(place.home, 'ion-setup-stand-in');
    const body = JSON.stringify({ version: '4.6.0' });
    await writeFile(
      standIn,
      `#!${process.execPath}\nfetch('${meter?.control}upgrade', { method: 'POST', body: '${body}' });\n`,
    );
    await chmod(standIn, 0o755);
    const run = await upgrade([
      '--package',
      place.practice.package,
      '--channel',
      'ion-setup',
      '--ion-setup',
      standIn,
      '--ion-setup-version',
      '3.2.25037.01',
      ...WAIVERS,
    ]);
    expect(run.stderr).toContain('Serial number: SIM-00001');
    expect(run.stderr).toContain('At least: 3.2.25037.01');
    expect(run.json()).toMatchObject({ state: 'done', verdict: 'verified', after: { firmware: '4.6.0' } });
    const { job } = run.json() as { job: string };
    const shown = (await place.run(['jobs', job, '--json'])).json() as { journal: { event: string }[] };
    expect(shown.journal.map(({ event }) => event)).not.toContain('apply-sent');
  });

  it('blocks without an ION Setup that is new enough', async () => {
    const run = await upgrade(['--package', place.practice.package, '--channel', 'ion-setup', ...WAIVERS]);
    expect(run.code).toBe(4);
    expect(run.json()).toMatchObject({ problem: { because: expect.stringContaining('ion-setup') } });
  });

  it('has instructions for a template, which no open protocol writes', async () => {
    const file = join(place.home, 'site.dcf');
    await writeFile(file, 'template');
    const run = await place.run(['upgrade', place.host, '--package', file, '--target', 'template', ...json()]);
    expect(run.code).toBe(0);
    expect(JSON.stringify(run.json())).toContain(sha256(Buffer.from('template')));
  });
});

describe('files into documented folders', () => {
  it.each([
    ['option-module', 'OptionModule'],
    ['remote-display', 'RemoteDisplay'],
  ])('%s firmware is sent, read back and compared', async (target, name) => {
    const run = await upgrade(['--package', place.practice.package, '--target', target, ...WAIVERS]);
    expect(run.json()).toMatchObject({ state: 'done', verdict: 'verified' });
    const { findings } = run.json() as { findings: { id: string; because: string }[] };
    expect(findings.find(({ id }) => id === 'file')?.because).toContain(name);
  });

  it('a CID file and a web page are read back, and what they replace is saved first', async () => {
    const page = join(place.home, 'index.html');
    await writeFile(page, '<p>new</p>');
    const web = await upgrade(['--package', page, '--target', 'web-pages']);
    expect(web.json()).toMatchObject({ state: 'done', verdict: 'verified' });
    const { job } = web.json() as { job: string };
    const replaced = join(place.home, 'jobs', job, 'replaced', 'index.html');
    expect(await readFile(replaced, 'utf8')).not.toBe('<p>new</p>');

    const cid = join(place.home, 'new.cid');
    await writeFile(cid, '<SCL/>');
    const sent = await upgrade(['--package', cid, '--target', 'cid']);
    expect(sent.json()).toMatchObject({ state: 'done', verdict: 'verified' });
    expect(await readdir(join(place.home, 'jobs', (sent.json() as { job: string }).job))).not.toContain('replaced');
  });

  it('refuses a name that the meter would not take', async () => {
    const file = join(place.home, 'a page.html');
    await writeFile(file, 'x');
    const run = await upgrade(['--package', file, '--target', 'web-pages']);
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ problem: { code: 'upgrade/bad-name' } });
  });
});

describe('the command line', () => {
  it.each([
    [['upgrade']],
    [['upgrade', 'host', '--package', 'x', '--override', 'nonsense=because']],
    [['upgrade', 'host', '--package', 'x', '--override', 'irreversible=']],
    [['identify', 'host;rm', '--json']],
    [['identify', 'host', '--ports', 'modbus=0']],
    [['identify', 'host', '--unit', '256']],
    [['read', 'host', '--group', 'everything']],
    [['backup', 'diff', 'a']],
    [['backup']],
    [['frobnicate']],
    [['simulate', '--count', '0']],
  ])('refuses %j as wrong usage', async (args) => {
    const run = await place.run(args);
    expect(run.code).toBe(64);
    expect(run.stdout + run.stderr).toMatch(/./);
  });

  it('reads values with and without JSON', async () => {
    const run = await place.run(['read', place.host, '--group', 'energy', ...json()]);
    const { values } = run.json() as { values: { id: string; value: unknown; unit: string }[] };
    const delivered = values.find(({ id }) => id === 'active-energy-delivered');
    expect(delivered).toMatchObject({ unit: 'Wh', value: expect.stringMatching(/^\d+$/) });
    const people = await place.run(['read', place.host, '--ports', place.ports]);
    expect(people.stdout).toContain('Current A');
  });

  it.each(['html', 'json', 'csv', 'pdf'])('writes a report as %s', async (format) => {
    const page = join(place.home, 'page.html');
    await writeFile(page, 'x');
    const { job } = (await upgrade(['--package', page, '--target', 'web-pages'])).json() as { job: string };
    const out = join(place.home, `report.${format}`);
    const run = await place.run(['report', job, '--format', format, '--out', out, '--json']);
    expect(run.json()).toEqual({ report: out });
    expect((await readFile(out)).length).toBeGreaterThan(500);
  });
});
