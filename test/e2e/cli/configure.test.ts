import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkplace, WAIVERS, type Workplace } from './harness.ts';

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace({ firmware: '4.6.0' });
  expect((await place.run(['map', 'import', place.practice.map, '--json'])).code).toBe(0);
});
afterEach(() => place.close());

/** Opens simulated meters only. */
const SECRET = '00000000';
const PROBLEM_FIELDS = ['code', 'title', 'because', 'meterState', 'nextStep', 'details'];
const NAMES =
  'Vll ab,Vll bc,Vll ca,Vll avg,V unbal,I a,I b,I c,I avg,I 4,kW tot,kVAR tot,kVA tot,PF lag,PF lead,Freq'.split(',');
const FIFTY = [
  ...['mean', 'high', 'low'].flatMap((of) => NAMES.map((name) => `${name} ${of}`)),
  'kWh del int',
  'kWh rec int',
];
const BACNET = { area: 'bacnet', settings: { enabled: true, deviceId: 6022, ethernetDeviceName: 'feeder-12' } };

const there = (): readonly string[] => {
  const bacnet = place.practice.meters[0]?.ports.bacnet ?? 0;
  return ['--ports', place.ports.replace(/bacnet=\d+/, `bacnet=${bacnet}`), '--json'];
};
async function planFile(name: string, plan: unknown): Promise<string> {
  const file = join(place.home, name);
  await writeFile(file, typeof plan === 'string' ? plan : JSON.stringify(plan));
  return file;
}
const configure = (area: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  place.run(['configure', place.host, area, ...args, ...there()], { env });
const apply = async (plan: { readonly area: string }, more: readonly string[] = []) =>
  configure(plan.area, ['--apply', await planFile(`${plan.area}.json`, plan), '--yes', ...more]);
const settings = async (area: string) => (await configure(area, ['--show'])).json()['settings'];

describe('a meter is set up after its upgrade', () => {
  it('BACnet/IP, password policy and a recorder of 50 sources: planned, written, read back', async () => {
    await place.control('programming', { on: true });
    const planned = await configure('bacnet', [
      '--plan',
      await planFile('plan.yaml', 'area: bacnet\nsettings: { deviceId: 6022 }'),
    ]);
    expect(planned.code).toBe(0);
    expect(planned.json()).toMatchObject({ changes: [{ id: 'deviceId', to: 6022, channel: 'modbus' }] });

    const bacnet = await apply(BACNET);
    expect(bacnet.code).toBe(0);
    expect(bacnet.json()).toMatchObject({
      written: expect.arrayContaining([expect.objectContaining({ id: 'deviceId', after: 6022 })]),
      skipped: [],
      failed: [],
      handOff: [],
      next: `meterwright bacnet check ${place.host} --expect-id 6022`,
    });
    expect(await settings('bacnet')).toMatchObject({ enabled: true, deviceId: 6022, ethernetDeviceName: 'feeder-12' });
    const sheet = join(place.home, 'sheet.csv');
    const seen = await place.run([
      'bacnet',
      'check',
      place.host,
      '--expect-id',
      '6022',
      '--expect-name',
      'feeder-12',
      '--out',
      sheet,
      ...there(),
    ]);
    expect(seen.code).toBe(0);
    expect(seen.json()).toMatchObject({ device: { deviceId: 6022, deviceName: 'feeder-12' } });
    expect(await readFile(sheet, 'utf8')).toContain(',6022,');
    const wrong = await place.run(['bacnet', 'check', place.host, '--expect-id', '1', ...there()]);
    expect(wrong.code).toBe(1);
    expect(wrong.json()).toMatchObject({ problem: { code: 'bacnet/check-failed' }, device: { deviceId: 6022 } });
    expect((await apply(BACNET)).code).toBe(2);

    const policy = { area: 'security', settings: { complexity: 'nerc_cip_007_5', minimumLength: 8 } };
    expect((await apply(policy)).code).toBe(0);
    expect(await settings('security')).toMatchObject(policy.settings);

    const recorder = { interval: 900, depth: 37_718, bufferDepth: 96, sources: FIFTY };
    const recorders = await apply({ area: 'recorders', settings: { recorders: { 6: recorder } } } as never);
    expect(recorders.code).toBe(0);
    expect(await settings('recorders')).toMatchObject({
      '6.sources': FIFTY.join('\n'),
      '6.depth': 37_718,
      '6.interval': 900,
    });

    const trail = await place.run(['audit', 'verify', '--json']);
    expect(trail.json()).toMatchObject({ verdict: 'verified', marks: 4, otherTrail: 0 });
    const exported = join(place.home, 'trail.csv');
    expect((await place.run(['audit', 'export', '--out', exported, '--json'])).code).toBe(0);
    expect(await readFile(exported, 'utf8')).toContain('bacnet deviceId,');

    const listed = await place.run(['configurations', 'list', '--json']);
    const { configurations } = listed.json() as { configurations: { run: string; area: string; written: number }[] };
    expect(configurations.map(({ area }) => area)).toEqual(['recorders', 'security', 'bacnet']);
    const run = configurations[2]?.run ?? '';
    for (const format of ['html', 'pdf', 'csv', 'json']) {
      const out = join(place.home, `run.${format}`);
      const report = await place.run(['configurations', 'report', run, '--format', format, '--out', out, '--json']);
      expect(report.code).toBe(0);
      expect(report.json()).toMatchObject({ report: out, verdict: 'verified' });
    }
    expect(JSON.parse(await readFile(join(place.home, 'run.json'), 'utf8'))).toMatchObject({
      run,
      map: { provenance: 'simulated', confirmed: { by: expect.any(String) } },
      settings: expect.arrayContaining([
        {
          ...{ id: 'deviceId', before: expect.any(String), planned: '6022', readBack: '6022', channel: 'modbus' },
          ...{ outcome: 'written', because: expect.any(String) },
          rows: [{ name: 'BACnet Device ID', register: 61_101 }],
        },
      ]),
      audit: { lines: expect.any(Number) },
    });
    expect(await readFile(join(place.home, 'run.json.sig.json'), 'utf8')).toContain('Ed25519');
    expect((await readFile(join(place.home, 'run.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
    const unknown = await place.run(['configurations', 'report', '../keys/key', '--json']);
    expect([unknown.code, (unknown.json()['problem'] as { code: string }).code]).toEqual([1, 'configuration/unknown']);
  }, 240_000);

  it('the clock is shown, set over DLMS, and left alone when it is right', async () => {
    await place.control('clock', { offsetSeconds: 120 });
    const env = { METERWRIGHT_DLMS_PASSWORD: SECRET };
    const dlms = ['--dlms-client', '1'];
    const shown = await configure('clock', ['--show'], env);
    expect(shown.json()).toMatchObject({ syncSource: 'ETHERNET - ION', wrong: true });
    const file = await planFile('clock.yaml', 'area: clock\nsettings: { set: true }');
    const byHand = await configure('clock', ['--apply', file, '--yes']);
    expect(byHand.json()).toMatchObject({
      skipped: [{ id: 'time' }],
      handOff: [{ title: 'Set the clock in ION Setup' }],
    });
    const unasked = await configure('clock', ['--apply', file, ...dlms], env);
    expect(unasked.code).toBe(5);
    const set = await configure('clock', ['--apply', file, '--yes', ...dlms], env);
    expect(set.code).toBe(0);
    expect(set.json()).toMatchObject({ written: [{ id: 'time' }], handOff: [] });
    expect(set.stdout + set.stderr).not.toContain(SECRET);
    const again = await configure('clock', ['--apply', file, '--yes', ...dlms], env);
    expect(again.code).toBe(2);
    expect((await place.run(['audit', 'list', '--json'])).json()).toMatchObject({
      entries: [
        { area: 'clock', outcome: 'announced' },
        { area: 'clock', outcome: 'skipped' },
        { area: 'clock', outcome: 'announced' },
        { area: 'clock', outcome: 'written' },
      ],
    });
  }, 240_000);
});

describe('what is in the way', () => {
  it('a meter that takes no writes gets a change sheet', async () => {
    const refused = await apply(BACNET);
    expect(refused.code).toBe(1);
    const document = refused.json() as {
      problem: { code: string };
      written: unknown[];
      handOff: { steps: unknown[] }[];
    };
    expect(document.problem.code).toBe('setup/protected');
    expect(document.written).toEqual([]);
    expect(document.handOff[0]?.steps.length).toBeGreaterThan(1);
    expect(JSON.stringify(document.handOff)).toContain('6022');
    expect(await settings('bacnet')).toMatchObject({ enabled: false });
  }, 120_000);

  it('a log that no backup holds is not erased; after a backup it is', async () => {
    await place.control('programming', { on: true });
    const plan = { area: 'recorders', settings: { recorders: { 2: { interval: 1800 } } } } as { area: string };
    const blocked = await apply(plan);
    expect(blocked.code).toBe(4);
    expect(blocked.json()).toMatchObject({ problem: { code: 'configure/blocked' }, blocked: true });
    const saved = await place.run(['backup', place.host, ...there(), ...WAIVERS]);
    expect(saved.code).toBe(0);
    const applied = await apply(plan);
    expect(applied.code).toBe(0);
    expect(await settings('recorders')).toMatchObject({ '2.interval': 1800 });
  }, 240_000);

  it.each([
    ['no YAML', '{ area: [', 'plan/unreadable'],
    ['a list', '[1, 2]', 'plan/not-valid'],
    ['an unknown setting', { area: 'bacnet', settings: { colour: 'red' } }, 'plan/not-valid'],
    ['another area', { area: 'clock', settings: { set: true } }, 'plan/other-area'],
    ['aliases', 'area: &a bacnet\nsettings: { ethernetDeviceName: *a }', 'plan/unreadable'],
    ['a prototype', '{"area":"bacnet","settings":{"__proto__":{"enabled":true},"constructor":1}}', 'plan/not-valid'],
  ])('a plan file that is %s', async (_name, content, code) => {
    const run = await configure('bacnet', ['--apply', await planFile('wrong.yaml', content), '--yes']);
    expect(run.code).toBe(1);
    const { problem } = run.json() as { problem: { code: string } };
    expect(problem.code).toBe(code);
    expect(Object.keys(problem)).toEqual(PROBLEM_FIELDS);
  });

  it('values that a meter cannot take, wrong words, and a template that is not there', async () => {
    const range = await apply({ area: 'bacnet', settings: { deviceId: 4_194_303 } } as never);
    expect(range.code).toBe(4);
    expect((await configure('bacnet', ['--apply', '--template', 'nope'])).json()).toMatchObject({
      problem: { code: 'template/unknown' },
    });
    expect((await configure('bacnet', ['--apply'])).code).toBe(64);
    expect((await configure('weather', ['--show'])).code).toBe(64);
    expect((await place.run(['bacnet', 'check', place.host, '--foreign', 'x:y', '--json'])).code).toBe(64);
    expect((await place.run(['bacnet', 'discover', '--range', '9-1', '--json'])).code).toBe(64);
  }, 60_000);

  it('a trail that lost its last lines does not verify, also when the note of its end went with them', async () => {
    await place.control('programming', { on: true });
    expect((await apply({ area: 'bacnet', settings: { deviceId: 6022 } } as never)).code).toBe(0);
    const folder = join(place.home, 'inventory');
    const early = await readFile(join(folder, 'audit-end.json'), 'utf8');
    const [first, second] = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).split('\n');
    expect((await apply({ area: 'bacnet', settings: { deviceId: 6023 } } as never)).code).toBe(0);
    await writeFile(join(folder, 'audit.jsonl'), `${first}\n${second}\n`);
    const verify = async () => (await place.run(['audit', 'verify', '--json'])).json();
    const lost = { verdict: 'mismatch', problem: { code: 'audit/truncated' } };
    expect(await verify()).toMatchObject(lost);
    expect((await apply({ area: 'bacnet', settings: { deviceId: 6024 } } as never)).json()).toMatchObject({
      problem: { code: 'audit/truncated' },
    });
    expect(await settings('bacnet')).toMatchObject({ deviceId: 6023 });
    await writeFile(join(folder, 'audit-end.json'), early);
    expect(await verify()).toMatchObject(lost);
  }, 120_000);

  it('a trail that was changed afterwards does not verify', async () => {
    await apply(BACNET);
    const file = join(place.home, 'inventory', 'audit.jsonl');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('6022', '6023'));
    const run = await place.run(['audit', 'verify', '--json']);
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ verdict: 'mismatch', problem: { code: 'audit/damaged' } });
  }, 60_000);
});

it('plan files have a schema that editors can use', async () => {
  const schema = (await place.run(['plans', 'schema'])).json();
  expect(schema).toMatchObject({ $schema: expect.stringContaining('2020-12') });
  expect(JSON.stringify(schema)).toContain('"ethernetDeviceName"');
  expect((await place.run(['plans', 'schema', '--json'])).json()).toEqual(schema);
}, 60_000);

it('a template is saved once and used for a meter', async () => {
  await place.control('programming', { on: true });
  const file = await planFile('bacnet.json', BACNET);
  expect((await place.run(['templates', 'save', '../../feeders', '--plan', file, '--json'])).code).toBe(0);
  expect((await place.run(['templates', 'list', '--json'])).json()).toMatchObject({
    templates: [{ name: '../../feeders', plan: BACNET }],
  });
  expect((await configure('bacnet', ['--apply', '--template', '../../feeders', '--yes'])).code).toBe(0);
  expect(await settings('bacnet')).toMatchObject({ deviceId: 6022 });
  expect((await place.run(['templates', 'remove', '../../feeders', '--json'])).code).toBe(0);
  expect((await place.run(['templates', 'remove', '../../feeders', '--json'])).json()).toMatchObject({
    problem: { code: 'template/unknown' },
  });
}, 120_000);
