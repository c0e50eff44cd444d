import { afterEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../../electron/inventory/audit.ts';
import type { Access, House } from '../../../electron/services/house.ts';
import { listConfigurations } from '../../../electron/services/settings/configuration-record.ts';
import { applySettings, readSettings, reviewSettings } from '../../../electron/services/settings/configurations.ts';
import { confirmMap, importMap } from '../../../electron/services/settings/site-maps.ts';
import { mapState } from '../../../electron/services/settings/views.ts';
import type { SetupPlan } from '../../../shared/domain/change.ts';
import { SETTING_AREAS } from '../../../shared/domain/change.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';

import { setupPlace, value } from './setup-place.ts';

const V460 = firmwareVersion('4.6.0');
const BY = 'A. Technician';
const cleanup: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

interface Place {
  readonly house: House;
  readonly access: Access;
  readonly control: (path: string, body: unknown) => Promise<void>;
  readonly settings: () => Promise<unknown>;
}

async function place({ programming = true, confirmed = true, firmware = '4.6.0' } = {}): Promise<Place> {
  const { house, address, workbook, control, state } = await setupPlace({
    ...{ cleanup, programming, firmware },
    shipped: '4.6.0',
  });
  value(await importMap(house, workbook, V460));
  if (confirmed) for (const area of SETTING_AREAS) value(await confirmMap(house, V460, { area, by: BY }));
  return {
    house,
    access: { address },
    control,
    settings: async () => ((await state()) as { settings: unknown }).settings,
  };
}

const BACNET: SetupPlan = {
  area: 'bacnet',
  settings: {
    enabled: true,
    deviceId: 6022,
    deviceMode: 'foreign',
    bbmdAddress: '192.0.2.10',
    ethernetDeviceName: 'feeder-12',
  },
};
const SOURCES = [1, 2, 3].flatMap((_, index) =>
  [
    'Vll ab',
    'Vll bc',
    'Vll ca',
    'Vll avg',
    'V unbal',
    'I a',
    'I b',
    'I c',
    'I avg',
    'I 4',
    'kW tot',
    'kVAR tot',
    'kVA tot',
    'PF lag',
    'PF lead',
    'Freq',
  ].map((name) => `${name} ${['mean', 'high', 'low'][index]}`),
);
const FIFTY = [...SOURCES, 'kWh del int', 'kWh rec int'];

describe('settings of a simulated meter', () => {
  it('are found in the map by their names, and nothing is written before a person has confirmed that', async () => {
    const { house, access } = await place({ confirmed: false });
    const found = value(await mapState(house, V460)).areas.find(({ area }) => area === 'bacnet');
    expect(found?.missing).toEqual([]);
    expect(found?.bound.map(({ writable }) => writable)).toEqual(Array.from({ length: 6 }, () => true));
    const review = value(await reviewSettings(house, access, BACNET));
    expect(review.reading.confirmed).toBe(false);
    expect(new Set(review.changes.map(({ channel }) => channel))).toEqual(new Set(['hand-off']));
    value(await confirmMap(house, V460, { area: 'bacnet', by: BY }));
    const again = value(await reviewSettings(house, access, BACNET));
    expect(new Set(again.changes.map(({ channel }) => channel))).toEqual(new Set(['modbus']));
  });

  it('BACnet: written, read back, audited, and already so the second time', async () => {
    const { house, access } = await place();
    const before = value(await readSettings(house, access, 'bacnet'));
    expect(before.reading.settings.find(({ id }) => id === 'enabled')?.value).toBe(false);
    const outcome = value(await applySettings(house, access, BACNET, { by: BY }));
    expect(outcome.problem).toBeNull();
    expect(outcome.results.map(({ id, outcome: came }) => [id, came])).toEqual(
      ['deviceId', 'bbmdAddress', 'deviceMode', 'enabled', 'ethernetDeviceName'].map((id) => [id, 'written']),
    );
    expect(outcome.handOff).toBeNull();
    const after = value(await readSettings(house, access, 'bacnet')).reading.settings;
    expect(Object.fromEntries(after.map(({ id, value: now }) => [id, now]))).toEqual({
      ...BACNET.settings,
      bbmdPort: 47_808,
    });
    const trail = value(await readAudit(house.paths.audit));
    expect(trail.map(({ event }) => event.outcome)).toEqual([
      ...Array.from({ length: 5 }, () => 'announced'),
      ...Array.from({ length: 5 }, () => 'written'),
    ]);
    expect(trail[0]?.event).toMatchObject({ by: BY, serial: 'SIM-000042', area: 'bacnet' });
    expect(await listConfigurations(house, 'SIM-000042')).toMatchObject([{ area: 'bacnet', run: outcome.run }]);
    expect(value(await reviewSettings(house, access, BACNET)).changes).toEqual([]);
  });

  it('security: a policy is set and lowered again, rights are given', async () => {
    const { house, access } = await place();
    const strict: SetupPlan = {
      area: 'security',
      settings: { complexity: 'nerc_cip_007_5', minimumLength: 8, users: { USER2: { rights: ['read'] } } },
    };
    const set = value(await applySettings(house, access, strict, { by: BY }));
    expect(set.results.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written']);
    const lowered: SetupPlan = { area: 'security', settings: { complexity: 'none', minimumLength: 1 } };
    const back = value(await applySettings(house, access, lowered, { by: BY }));
    expect(back.results.map(({ outcome }) => outcome)).toEqual(['written', 'written']);
  });

  it('recorders: one of 50 sources in one request, where there was none', async () => {
    const { house, access } = await place();
    const plan: SetupPlan = {
      area: 'recorders',
      settings: { recorders: { '6': { interval: 900, depth: 37_718, bufferDepth: 96, sources: FIFTY } } },
    };
    const review = value(await reviewSettings(house, access, plan));
    expect(review.blocks).toEqual([]);
    expect(review.changes.flatMap(({ destroys }) => destroys)).toEqual([]);
    const outcome = value(await applySettings(house, access, plan, { by: BY }));
    expect(outcome.problem).toBeNull();
    expect(new Set(outcome.results.map(({ outcome: came }) => came))).toEqual(new Set(['written']));
    expect(outcome.after?.settings.find(({ id }) => id === '6.sources')?.value).toBe(FIFTY.join('\n'));
  });

  it('recorders: a log that no backup holds stands in the way, by its number and its records', async () => {
    const { house, access } = await place();
    const plan: SetupPlan = { area: 'recorders', settings: { recorders: { '1': { interval: 300 } } } };
    const review = value(await reviewSettings(house, access, plan));
    expect(review.changes).toMatchObject([{ destroys: [{ recorder: 1, records: 3360, backup: 'missing' }] }]);
    expect(review.blocks.join()).toContain('Data Recorder 1 (3360 records)');
    const refused = await applySettings(house, access, plan, { by: BY });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'configure/blocked' } });
    expect(await listConfigurations(house)).toEqual([]);
    const given = value(await applySettings(house, access, plan, { by: BY, giveUp: { '1': 'PME has it.' } }));
    expect(given.results).toMatchObject([{ outcome: 'written' }]);
    expect(given.after?.records.get(1)).toBeLessThan(3360);
  });

  it('end in a correct change sheet when Modbus programming is off', async () => {
    const { house, access, settings } = await place({ programming: false });
    const before = await settings();
    expect(before).toMatchObject({ bacnet: { enabled: false } });
    const outcome = value(await applySettings(house, access, BACNET, { by: BY }));
    expect(outcome.problem?.code).toBe('setup/protected');
    expect(outcome.problem?.nextStep).toMatch(/Modbus programming/);
    expect(outcome.results.filter(({ outcome: came }) => came === 'written')).toEqual([]);
    const values = outcome.handOff?.steps.flatMap((step) => step.values) ?? [];
    expect(values).toEqual(
      expect.arrayContaining([
        { label: 'Enabled', value: 'Yes' },
        { label: 'Device ID', value: '6022' },
        { label: 'Device Mode', value: 'Foreign' },
        { label: 'BBMD Address', value: '192.0.2.10' },
        { label: 'Ethernet Device Name', value: 'feeder-12' },
      ]),
    );
    expect(await settings()).toEqual(before);
  });

  it('that were changed by somebody else since the review are not written over', async () => {
    const { house, access } = await place();
    const plan: SetupPlan = { area: 'bacnet', settings: { deviceId: 6022 } };
    const expected = value(await reviewSettings(house, access, plan));
    value(await applySettings(house, access, { area: 'bacnet', settings: { deviceId: 5000 } }, { by: BY }));
    const late = await applySettings(house, access, plan, { by: BY, expected });
    expect(late).toMatchObject({ ok: false, problem: { code: 'configure/changed-meanwhile' } });
    expect(value(await readSettings(house, access, 'bacnet')).reading.settings[0]?.value).toBe(5000);
  });

  it('that may cut the connection are taken back when no second connection comes about', async () => {
    const { house, access, control } = await place();
    const plan: SetupPlan = { area: 'bacnet', settings: { ethernetDeviceName: 'gone-forever' } };
    const before = value(await readSettings(house, access, 'bacnet')).reading.settings;
    const outcome = value(
      await applySettings(house, access, plan, {
        by: BY,
        onProgress: () => {
          // The connection of this application is there; every later one is refused.
          refused = control('fault', { kind: 'refuse', protocol: 'modbus' });
        },
      }),
    );
    await refused;
    expect(outcome.results).toMatchObject([{ outcome: 'failed', because: expect.stringContaining('taken back') }]);
    expect(outcome.after?.settings).toEqual(before);
  });
});

let refused: Promise<void> = Promise.resolve();

describe('a plan that is cut off', () => {
  it('by a person: the request that is on its way is read again, the rest is not sent, and nothing is said that is not so', async () => {
    const { house, access, settings } = await place();
    const stop = new AbortController();
    const outcome = value(
      await applySettings(house, access, BACNET, { by: BY, signal: stop.signal, onProgress: () => stop.abort() }),
    );
    expect(outcome.problem?.code).toBe('aborted');
    const came = new Map(outcome.results.map((result) => [result.id, result.outcome]));
    expect([...came]).toEqual([
      ['deviceId', 'written'],
      ['bbmdAddress', 'written'],
      ['deviceMode', 'written'],
      ['enabled', 'written'],
      ['ethernetDeviceName', 'skipped'],
    ]);
    expect(await settings()).toMatchObject({
      bacnet: { enabled: true, deviceId: 6022 },
      deviceName: expect.not.stringMatching('feeder-12'),
    });
  });

  it('by the network, at any byte of the answers: no outcome contradicts the meter', { timeout: 120_000 }, async () => {
    const { house, access, control, settings } = await place();
    const plan = (deviceId: number, name: string): SetupPlan => ({
      area: 'bacnet',
      settings: { deviceId, ethernetDeviceName: name },
    });
    let cut = 0;
    for (let atByte = 700; atByte < 1500; atByte += 40) {
      const [deviceId, name] = [10_000 + atByte, `feeder-${atByte}`];
      await control('fault', { kind: 'drop', protocol: 'modbus', direction: 'out', atByte, times: 3 });
      const outcome = await applySettings(house, access, plan(deviceId, name), { by: BY });
      await control('fault', { kind: 'clear' });
      if (!outcome.ok) continue;
      if (outcome.value.problem !== null) cut += 1;
      const now = (await settings()) as { readonly bacnet: { readonly deviceId: number }; readonly deviceName: string };
      const taken: Readonly<Record<string, boolean>> = {
        deviceId: now.bacnet.deviceId === deviceId,
        ethernetDeviceName: now.deviceName === name,
      };
      for (const { id, outcome: came, because } of outcome.value.results) {
        if (came === 'written') expect([atByte, id, because, taken[id]]).toEqual([atByte, id, because, true]);
        if (came === 'skipped' || came === 'failed')
          expect([atByte, id, because, taken[id]]).toEqual([atByte, id, because, false]);
      }
    }
    expect(cut).toBeGreaterThan(0);
  });
});
