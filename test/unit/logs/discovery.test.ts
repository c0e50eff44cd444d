import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturedBy } from '../../../electron/meter/logs/attributes.ts';
import { rowMaker } from '../../../electron/meter/logs/cells.ts';
import { obisLabel } from '../../../electron/meter/logs/labels.ts';
import { objectsOf } from '../../../electron/meter/logs/objects.ts';
import { findRecorders } from '../../../electron/meter/logs/recorders.ts';
import { unitSymbol } from '../../../electron/meter/logs/units.ts';
import { decodeValue } from '../../../electron/protocols/dlms/codec/axdr-read.ts';
import type { CosemValue, ProfileCell } from '../../../electron/protocols/dlms/codec/values.ts';
import type { DlmsClient } from '../../../electron/protocols/dlms/types.ts';
import { fail, ok } from '../../../shared/domain/problem.ts';

const octets = (obis: string): CosemValue => ({ type: 'octets', value: Uint8Array.from(obis.split('.'), Number) });
const structure = (...value: CosemValue[]): CosemValue => ({ type: 'structure', value });
const array = (...value: CosemValue[]): CosemValue => ({ type: 'array', value });
const number = (type: 'uint8' | 'uint16' | 'uint32' | 'int8' | 'enum', value: number): CosemValue => ({ type, value });
const object = (classId: number, obis: string): CosemValue =>
  structure(number('uint16', classId), number('uint8', 1), octets(obis), structure(array(), array()));
const capture = (classId: number, obis: string, attribute = 2): CosemValue =>
  structure(number('uint16', classId), octets(obis), number('int8', attribute), number('uint16', 0));

/** A client that answers by "class obis attribute" and refuses the rest. */
function clientOf(answers: Readonly<Record<string, CosemValue>>): DlmsClient {
  const no = () => Promise.reject(new Error('not asked for'));
  return {
    endpoint: 'fake',
    association: { conformance: 0, services: [], maxPdu: 0, dlmsVersion: 6 },
    counters: () => ({ roundTrips: 0, bytesSent: 0, bytesReceived: 0 }),
    async get({ classId, obis, attribute }) {
      const value = answers[`${classId} ${obis} ${attribute}`];
      const refused = { code: 'dlms/access-denied', title: 'refused', because: 'It may not be read.', nextStep: '' };
      return value === undefined ? fail(refused) : ok(value);
    },
    readProfile: no,
    set: no,
    close: async () => undefined,
    ended: () => undefined,
  };
}

const find = (answers: Readonly<Record<string, CosemValue>>) =>
  findRecorders(clientOf(answers), new Map(), new AbortController().signal);
const LIST = '15 0.0.40.0.0.255 2';
const profile = (obis: string, columns: CosemValue, more: Readonly<Record<string, CosemValue>> = {}) => ({
  [`7 ${obis} 3`]: columns,
  [`7 ${obis} 4`]: number('uint32', 900),
  [`7 ${obis} 7`]: number('uint32', 5),
  [`7 ${obis} 8`]: number('uint32', 0xffff_ffff),
  ...more,
});

describe('the object list of a meter', () => {
  it('of any bytes is a list of objects or none, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const decoded = decodeValue(bytes, 'standard');
        if (!decoded.ok) return;
        for (const { obis } of objectsOf(decoded.value) ?? []) expect(obis.split('.')).toHaveLength(6);
        const columns = capturedBy(decoded.value);
        if (typeof columns !== 'string') expect(columns.length).toBeGreaterThan(0);
      }),
    );
  });

  it('names an object once, leaves out what is none, and ends', () => {
    const list = array(object(7, '1.0.99.1.0.255'), number('uint8', 1), structure(), object(7, '1.0.99.1.0.255'));
    expect(objectsOf(list)).toEqual([{ classId: 7, obis: '1.0.99.1.0.255' }]);
    const many = Array.from({ length: 30_000 }, (_, index) => object(1, `0.0.${index >> 8}.${index & 255}.0.255`));
    expect(objectsOf(array(...many))?.length).toBeLessThanOrEqual(10_000);
    expect(objectsOf(number('uint8', 1))).toBeUndefined();
  });
});

describe('the recorders of a meter', () => {
  it('that cannot be read say why, and do not hide the others', async () => {
    const found = await find({
      [LIST]: array(
        ...['1', '2', '3', '4'].map((part) => object(7, `1.0.99.${part}.0.255`)),
        object(7, '0.0.99.98.0.255'),
      ),
      ...profile('1.0.99.1.0.255', array()),
      ...profile('1.0.99.2.0.255', number('uint8', 9)),
      [`7 1.0.99.3.0.255 3`]: array(capture(8, '0.0.1.0.0.255')),
      ...profile('1.0.99.4.0.255', array(capture(8, '0.0.1.0.0.255'), capture(3, '1.0.32.7.0.255'))),
      ...profile('0.0.99.98.0.255', array(capture(8, '0.0.1.0.0.255'), capture(1, '0.0.96.11.0.255'))),
    });
    if (!found.ok) throw new Error(found.problem.because);
    expect(found.value.map(({ kind, unreadable }) => [kind, unreadable])).toEqual([
      ['recorder', 'It has no columns.'],
      ['recorder', 'Its list of columns is not an array.'],
      ['recorder', 'The meter does not say how many rows it holds.'],
      ['recorder', undefined],
      ['events', undefined],
    ]);
    expect(found.value[3]).toMatchObject({ entries: 5, capacity: 0xffff_ffff, interval: 900, name: null });
    expect(found.value[3]?.columns).toEqual([{ id: '1-0:32.7.0*255/2', label: 'Voltage L1', unit: null, scaler: 0 }]);
  });

  it('have a name of its own for each column, and the unit of the right attribute', async () => {
    const twice = capture(5, '1.0.1.4.0.255', 3);
    const found = await find({
      [LIST]: array(object(7, '1.0.99.1.0.255')),
      ...profile('1.0.99.1.0.255', array(capture(8, '0.0.1.0.0.255'), twice, twice, capture(8, '0.0.1.0.0.255'))),
      '5 1.0.1.4.0.255 4': structure(number('int8', 3), number('enum', 27)),
    });
    if (!found.ok) throw new Error(found.problem.because);
    expect(found.value[0]?.columns).toEqual([
      { id: '1-0:1.4.0*255/3', label: 'Active power import, current average 1', unit: 'W', scaler: 3 },
      { id: '1-0:1.4.0*255/3#2', label: 'Active power import, current average 1', unit: 'W', scaler: 3 },
      { id: '0-0:1.0.0*255/2', label: 'Time', unit: null, scaler: 0 },
    ]);
  });

  it('are not named from codes that are free for each manufacturer, unless the meter is simulated', async () => {
    const answers = (device: string) => ({
      [LIST]: array(object(7, '1.0.99.1.0.255'), object(1, '0.0.42.0.0.255'), object(1, '0.0.96.128.1.255')),
      ...profile('1.0.99.1.0.255', array(capture(8, '0.0.1.0.0.255'))),
      '1 0.0.42.0.0.255 2': { type: 'octets', value: Buffer.from(device) } as const,
      '1 0.0.96.128.1.255 2': { type: 'visible-string', value: 'Revenue Log' } as const,
    });
    const real = await find(answers('SCH0000123'));
    const simulated = await find(answers('SIMSN-00012'));
    expect(real.ok && real.value[0]?.name).toBeNull();
    expect(simulated.ok && simulated.value[0]?.name).toBe('Revenue Log');
  });

  it('are a problem where there is no list', async () => {
    expect(await find({ [LIST]: number('uint8', 1) })).toMatchObject({ problem: { code: 'logs/bad-object-list' } });
    expect(await find({})).toMatchObject({ problem: { code: 'dlms/access-denied' } });
  });
});

describe('values of a row', () => {
  it.each<[ProfileCell, number, unknown]>([
    [23_012, -2, 230.12],
    [5, 3, 5000],
    [null, -2, null],
    [true, 0, 1],
    [10n, 1, 100],
    [2n ** 63n, 0, 2n ** 63n],
    [Uint8Array.of(0x41, 0x42), 0, 'AB'],
    [Uint8Array.of(0, 0x42), 0, '0042'],
    [{ type: 'bits', value: Uint8Array.of(0xa0), length: 3 }, 0, '101'],
    [{ type: 'bcd', value: 7 }, 0, 7],
    [{ type: 'structure', value: [{ type: 'int64', value: 5n }] }, 0, '[{"type":"int64","value":"5"}]'],
  ])('%o with the scaler %i is %o', (cell, scaler, value) => {
    const make = rowMaker([{ id: 'x', label: 'x', unit: null, scaler }]);
    expect(make({ time: 1, clock: null, rebuilt: true, values: [cell] })).toMatchObject({ time: 1, values: [value] });
  });
});

describe('words and units of the standard', () => {
  it.each([
    ['1.0.32.7.0.255', 'Voltage L1'],
    ['1.0.1.8.0.255', 'Active energy import'],
    ['1.0.3.29.0.255', 'Reactive energy import, recording interval'],
    ['1.0.71.6.0.255', 'Current L3, maximum 1'],
    ['1.0.32.7.5.255', 'Voltage L1, harmonic 5'],
    ['1.2.14.7.0.255', 'Frequency, channel 2'],
  ])('%s is %s', (obis, label) => expect(obisLabel(obis)).toBe(label));

  it('say nothing where the standard does not', () => {
    for (const obis of ['1.0.128.7.0.255', '1.0.12.8.0.255', '7.0.1.8.0.255', ''])
      expect(obisLabel(obis)).toBeUndefined();
    expect([27, 30, 35, 255, 254, 0].map(unitSymbol)).toEqual(['W', 'Wh', 'V', null, null, null]);
  });
});
