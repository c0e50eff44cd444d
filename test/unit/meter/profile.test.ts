import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import bundled from '../../../assets/meter-profiles/ion7400.json';
import { type MeterProfile, meterProfile, parseProfile } from '../../../electron/meter/profile.ts';
import { firmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { formatIonSetup } from '../../../shared/domain/ion-setup-version.ts';
import { mayWrite } from '../../../shared/domain/provenance.ts';

const profile = load();

function load(): MeterProfile {
  const loaded = meterProfile();
  if (!loaded.ok) throw new Error(loaded.problem.because);
  return loaded.value;
}

/** A copy of the data with something changed in it. */
function changed(change: (data: typeof bundled) => void): unknown {
  const copy = structuredClone(bundled);
  change(copy);
  return copy;
}

function refusal(data: unknown): string {
  const parsed = parseProfile(data);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return '';
  expect(parsed.problem.code).toBe('meter/profile-corrupt');
  return parsed.problem.because;
}

describe('the profile of the ION7400', () => {
  it('has unique ids, one owner for each register, and a source for each row', () => {
    const ids = profile.registers.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = profile.registers.flatMap(({ register, count }) =>
      Array.from({ length: count }, (_, i) => register + i),
    );
    expect(new Set(used).size).toBe(used.length);
    for (const row of profile.registers) expect(row.source.length, row.id).toBeGreaterThan(5);
  });

  it.each([
    ['meter-name', 30, 20, 'utf8', '', 'identity'],
    ['meter-model', 50, 20, 'utf8', '', 'identity'],
    ['manufacturer', 70, 9, 'utf8', '', 'identity'],
    ['product-id', 90, 1, 'uint16', '', 'identity'],
    ['serial-number', 117, 12, 'utf8', '', 'identity'],
    ['firmware-version', 1717, 6, 'utf8', '', 'identity'],
    ['clock-year', 1837, 1, 'uint16', '', 'clock'],
    ['clock-millisecond', 1843, 1, 'uint16', '', 'clock'],
    ['clock-day-of-week', 1844, 1, 'uint16', '', 'clock'],
    ['clock-date-time', 1845, 4, 'datetime', '', 'clock'],
    ['current-a', 3000, 2, 'float32', 'A', 'live'],
    ['current-n', 3006, 2, 'float32', 'A', 'live'],
    ['voltage-c-a', 3024, 2, 'float32', 'V', 'live'],
    ['voltage-line-to-neutral-average', 3036, 2, 'float32', 'V', 'live'],
    ['active-power-total', 3060, 2, 'float32', 'W', 'live'],
    ['reactive-power-total', 3068, 2, 'float32', 'var', 'live'],
    ['apparent-power-total', 3076, 2, 'float32', 'VA', 'live'],
    ['frequency', 3110, 2, 'float32', 'Hz', 'live'],
    ['power-factor-total', 3150, 2, 'float32', '', 'live'],
    ['active-energy-delivered', 3204, 4, 'int64', 'Wh', 'energy'],
    ['active-energy-received', 3208, 4, 'int64', 'Wh', 'energy'],
    ['reactive-energy-delivered', 3220, 4, 'int64', 'varh', 'energy'],
    ['apparent-energy-delivered-minus-received', 3248, 4, 'int64', 'VAh', 'energy'],
    ['active-energy-delivered-float', 2700, 2, 'float32', 'kWh', 'energy'],
    ['apparent-energy-delivered-float', 2716, 2, 'float32', 'kVAh', 'energy'],
    ['apparent-energy-quadrant-4-float', 2746, 2, 'float32', 'kVAh', 'energy'],
    ['digital-inputs-validity', 2400, 1, 'uint16', '', 'io'],
    ['com1-baud-rate', 54392, 1, 'uint16', '', 'setup'],
    ['revenue-lock', 61000, 1, 'uint16', '', 'setup'],
  ])('%s stands at %i', (id, register, count, type, unit, group) => {
    expect(profile.registerById(id)).toMatchObject({ register, count, type, unit, group });
  });

  it('calls documented only what the vendor documents, address included', () => {
    const documented = profile.registers.filter(({ provenance }) => provenance === 'vendor-documented');
    expect(documented.map(({ id }) => id)).toEqual(['manufacturer', 'product-id', 'serial-number']);
  });

  it('names directions as the vendor does', () => {
    for (const { id, label } of profile.registers) expect(`${id} ${label}`).not.toMatch(/import|export/i);
  });

  it('keeps what is invented where simulated meters have it, Unix time excepted (it is found in an imported map only)', () => {
    const invented = profile.registers.filter(({ provenance }) => provenance === 'simulated');
    expect(invented.map(({ register }) => register)).toEqual([61000, 61001, 61002, 61003, 61004, 61020]);
    expect(profile.registers.filter(({ register }) => register > 60_000)).toEqual(invented);
  });

  it('lets nothing be written to the main firmware folder of a real meter', () => {
    const folder = profile.folder('firmwareUpg');
    expect(folder && mayWrite(folder.provenance, { simulated: false })).toBe(false);
    expect(profile.folder('optionModuleUpg')).toMatchObject({ provenance: 'vendor-documented', access: 'add' });
    expect(profile.folder('COMTRADE')?.access).toBe('read');
    expect(profile.folder('comtrade')).toBeUndefined();
    expect(profile.folder('constructor')).toBeUndefined();
  });

  it('finds rows by group in the order of their registers', () => {
    expect(profile.rowsOf('clock').map(({ register }) => register)).toEqual([
      1837, 1838, 1839, 1840, 1841, 1842, 1843, 1844, 1845,
    ]);
    expect(profile.rowsOf('all')).toHaveLength(profile.registers.length);
    const starts = profile.registers.map(({ register }) => register);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('knows the releases that public material shows and no other', () => {
    const summary = profile.releases.map((release) => [
      formatFirmware(release.version),
      release.minimumStart && formatFirmware(release.minimumStart),
      release.minimumIonSetup && formatIonSetup(release.minimumIonSetup),
      release.irreversible,
    ]);
    expect(summary).toEqual([
      ['1.0.0', null, null, null],
      ['1.4.1', null, null, null],
      ['2.1.0', null, null, null],
      ['3.0.0', '2.1.0', '3.2.20218.01', null],
      ['4.0.0', null, '3.2.22341.01', true],
      ['4.6.0', null, '3.2.25037.01', true],
    ]);
    expect(profile.release(firmwareVersion('V004.006.000'))?.date).toBe('2025-04');
    expect(profile.release(firmwareVersion('3.0.0'))?.ionSetupIs).toBe('recommended');
    expect(profile.release(firmwareVersion('4.3.0'))).toBeUndefined();
  });

  it('knows the pool of connections and the default ports', () => {
    expect(profile.connectionPool).toMatchObject({ shared: 8, modbusOnly: 32, sftp: 2, dlms: 1 });
    expect(profile.port('dlms')?.port).toBe(4059);
    expect(profile.port('bacnet')?.transport).toBe('udp');
    expect(profile.port('ion')?.port).toBe(7700);
  });
});

describe('advisoriesFor', () => {
  const hits = (version: string | null) =>
    profile
      .advisoriesFor(version === null ? null : firmwareVersion(version))
      .map(({ id, severity }) => `${id} ${severity}`);

  it('gives what hits a firmware, and what stays to be done behind the fix', () => {
    expect(hits('2.9.9')).toEqual(['CVE-2022-46680 danger', 'CVE-2021-22714 danger']);
    expect(hits('3.0.0')).toEqual(['CVE-2022-46680 danger']);
    expect(hits('3.999.999')).toEqual(['CVE-2022-46680 danger']);
    expect(hits('4.0.0')).toEqual(['CVE-2022-46680 warning']);
    expect(hits('4.6.0')).toEqual(['CVE-2022-46680 warning']);
    expect(profile.advisoriesFor(firmwareVersion('4.6.0'))[0]?.advice).toMatch(/plain ION .*stays enabled/i);
  });

  it('does not call an unreadable firmware safe', () => {
    expect(hits(null)).toEqual(['CVE-2022-46680 warning', 'CVE-2021-22714 warning']);
    expect(profile.advisoriesFor(null)[0]?.advice).toMatch(/not known whether this applies/);
  });
});

describe('parseProfile', () => {
  it('refuses data in which two values share a register or an id', () => {
    const second = changed((data) =>
      data.registers.push({ ...row(data, 'current-b'), id: 'current-b2', register: 3003 }),
    );
    expect(refusal(second)).toMatch(/^register 3003 belongs to current-b and to current-b2$/);
    const twice = changed((data) => data.registers.push({ ...row(data, 'current-b'), register: 9000 }));
    expect(refusal(twice)).toBe('the register id current-b stands twice');
  });

  it('refuses a count that does not fit its type', () => {
    expect(refusal(changed((data) => Object.assign(row(data, 'frequency'), { count: 4 })))).toMatch(
      /count does not fit/,
    );
    const last = changed((data) => Object.assign(row(data, 'frequency'), { register: 65_536 }));
    expect(refusal(last)).toMatch(/behind the last register/);
  });

  it.each(['provenance', 'source', 'unit', 'type', 'register', 'label', 'id', 'group'])(
    'refuses a row without its %s',
    (key) => {
      const missing = changed((data) => Reflect.deleteProperty(row(data, 'current-a'), key));
      expect(refusal(missing)).toMatch(new RegExp(`registers\\.\\d+\\.${key}`));
    },
  );

  it('refuses an unreadable version and a path that leaves its folder', () => {
    expect(refusal(changed((data) => Object.assign(data.releases[0] ?? {}, { version: '4.6' })))).toMatch(/4\.6/);
    for (const path of ['..', '../etc', 'a/b', '', 'C:']) {
      expect(refusal(changed((data) => Object.assign(data.folders[0] ?? {}, { path })))).toMatch(/^folders\.0\.path/);
    }
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (data) => {
        expect(parseProfile(data).ok).toBe(false);
      }),
    );
  });
});

function row(data: typeof bundled, id: string): (typeof bundled)['registers'][number] {
  const found = data.registers.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}
