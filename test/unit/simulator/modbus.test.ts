import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { readIdentification } from '../../../simulator/modbus/identification.ts';
import { rowsFor, workbookRows } from '../../../simulator/modbus/map.ts';
import { createPduHandler } from '../../../simulator/modbus/pdu.ts';
import type { MapView } from '../../../simulator/modbus/row.ts';
import { decodeDateTime, encodeValue, VALUE_TYPES } from '../../../simulator/modbus/values.ts';
import { createPhysics } from '../../../simulator/physics.ts';
import { defaultSettings } from '../../../simulator/settings/settings.ts';

const physics = createPhysics(1, 0);
const view: MapView = {
  name: 'n',
  serial: 's',
  firmware: firmwareVersion('4.6.0'),
  featureSet: 'advanced',
  revenueLock: 'unlocked',
  modbusProgramming: true,
  defaultPasswords: 50,
  sharedConnections: { used: 1, all: 8 },
  baudRate: 9600,
  clock: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  uptime: 0,
  live: physics.live(1e12),
  energy: physics.energy(1e12),
  unavailable: new Set(),
  settings: defaultSettings({ seed: 1 }),
  network: { mac: '006078170001', address: 0x7f00_0001, mask: 0xff00_0000, gateway: 0, modbusPort: 502 },
  lockout: { attempts: 5, minutes: 15 },
  foreignStatus: 0,
  passwordResult: { user: 0, code: 0 },
  user: () => ({ defaultPassword: true, lockedOut: false, rights: 15 }),
  recorder: () => ({ label: 'log', records: 0 }),
};
const handle = createPduHandler({
  rows: () => rowsFor(view.firmware, view.featureSet),
  view: () => view,
  identification: () => new Map([[0, 'vendor']]),
  change: () => true,
});

describe('the map', () => {
  it('has no two rows that overlap and no two of the same name', () => {
    const rows = workbookRows();
    for (const [index, row] of rows.entries()) {
      const next = rows[index + 1];
      if (next !== undefined) expect(row.register + row.count, row.name).toBeLessThanOrEqual(next.register);
    }
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  it('has as many registers as its types need', () => {
    const sizes: Readonly<Record<string, number>> = { UINT16: 1, UINT32: 2, FLOAT32: 2, INT64: 4, DATETIME: 4 };
    for (const { type, count, name } of workbookRows()) if (type !== 'UTF8') expect(count, name).toBe(sizes[type]);
  });

  it.each([
    ['Meter Name', 30, 20, 'UTF8', ''],
    ['Firmware Version', 1717, 6, 'UTF8', ''],
    ['Date and Time', 1845, 4, 'DATETIME', ''],
    ['Current A', 3000, 2, 'FLOAT32', 'A'],
    ['Active Power Total', 3060, 2, 'FLOAT32', 'W'],
    ['Active Energy Delivered', 3204, 4, 'INT64', 'Wh'],
    ['Active Energy Received', 3208, 4, 'INT64', 'Wh'],
    ['Reactive Energy Delivered', 3220, 4, 'INT64', 'varh'],
    ['Apparent Energy Delivered - Received', 3248, 4, 'INT64', 'VAh'],
    ['Reactive Energy Delivered (kvarh)', 2708, 2, 'FLOAT32', 'kvarh'],
    ['Active Energy in Quadrant 1 (kWh)', 2724, 2, 'FLOAT32', 'kWh'],
    ['Apparent Energy in Quadrant 4 (kVAh)', 2746, 2, 'FLOAT32', 'kVAh'],
    ['Unix Time', 61_010, 2, 'UINT32', 's'],
  ])('lists %s at %i', (name, register, count, type, unit) => {
    expect(workbookRows().find((row) => row.name === name)).toMatchObject({ register, count, type, unit });
  });

  it('has Unix time from 4.6.0', () => {
    const has = (version: string): boolean =>
      rowsFor(firmwareVersion(version), 'advanced').some(({ name }) => name === 'Unix Time');
    expect([has('4.5.999'), has('4.6.0'), has('5.0.0')]).toEqual([false, true, true]);
  });
});

describe('values', () => {
  it('pack a date as the vendor documents it', () => {
    // 2026-01-02 is a Friday (6): year 26, month 1, weekday 6, day 2, 03:04, 5678 ms.
    expect(encodeValue('DATETIME', 4, view.clock).toString('hex')).toBe('001a01c20304162e');
    expect(encodeValue('DATETIME', 4, null).toString('hex')).toBe('0000000000800000');
  });

  it('read every date back', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2127, 11, 31) }), (at) => {
        const bytes = encodeValue('DATETIME', 4, at);
        expect(decodeDateTime([0, 2, 4, 6].map((n) => bytes.readUInt16BE(n)))).toBe(at);
      }),
    );
  });

  it('refuse dates that cannot be', () => {
    expect(decodeDateTime([26, (2 << 8) | 30, 0, 0])).toBeUndefined(); // 30 February
    expect(decodeDateTime([26, (1 << 8) | 1, 24 << 8, 0])).toBeUndefined();
    expect(decodeDateTime([26, (1 << 8) | 1, 0, 60_000])).toBeUndefined();
    expect(decodeDateTime([26, (1 << 8) | 1, 0x80, 0])).toBeUndefined();
  });

  it('cut a text between characters and never overflow', () => {
    expect(encodeValue('UTF8', 2, 'aäöü').toString('utf8')).toBe('aä\0');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, count) => {
        expect(encodeValue('UTF8', count, text).length).toBe(count * 2);
      }),
    );
  });

  it('have a sentinel of their size', () => {
    for (const type of VALUE_TYPES) expect(encodeValue(type, 4, null).length).toBe(8);
  });
});

describe('any request', () => {
  const answerIsSound = (request: Buffer): void => {
    const answer = handle(request);
    if (answer === undefined) return;
    expect(answer.length).toBeLessThanOrEqual(253);
    const [code = 0, second = 0] = answer;
    expect(code & 0x7f).toBe((request[0] ?? 0) & 0x7f);
    if (code >= 0x80) expect([1, 2, 3]).toContain(second);
  };

  it('is answered soundly or not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 253 }), (bytes) => answerIsSound(Buffer.from(bytes))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.constantFrom(3, 16, 43), fc.uint8Array({ maxLength: 252 }), (code, rest) =>
        answerIsSound(Buffer.from([code, ...rest])),
      ),
      { numRuns: 1000 },
    );
  });

  it('of function code 03 gives two bytes a register, and the value of each whole row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 1, max: 125 }), (start, count) => {
        const request = Buffer.alloc(5, 3);
        request.writeUInt16BE(start, 1);
        request.writeUInt16BE(count, 3);
        const answer = handle(request);
        if (answer?.[0] === 3) expect(answer.length).toBe(2 + 2 * count);
        else expect(answer?.length).toBe(2);
      }),
    );
  });
});

describe('read device identification', () => {
  const objects = new Map([
    [0, 'a'.repeat(100)],
    [1, 'b'.repeat(100)],
    [2, 'c'.repeat(100)],
    [5, 'd'.repeat(300)],
    [6, 'ä'],
  ]);

  it('says what follows when not everything fits', () => {
    const first = readIdentification(Buffer.from('2b0e0200', 'hex'), objects);
    expect(first.subarray(0, 7).toString('hex')).toBe('2b0e0282ff0202');
    const second = readIdentification(Buffer.from('2b0e0202', 'hex'), objects);
    expect(second.subarray(0, 7).toString('hex')).toBe('2b0e0282ff0501');
    const third = readIdentification(Buffer.from('2b0e0205', 'hex'), objects);
    expect(third.subarray(0, 7).toString('hex')).toBe('2b0e0282ff0601');
    expect(third.length).toBe(253);
    const last = readIdentification(Buffer.from('2b0e0206', 'hex'), objects);
    expect(last.toString('hex')).toBe('2b0e028200000106' + '02c3a4');
  });

  it('comes to an end for a client that follows it, whatever the objects are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 0x7f }), fc.string({ maxLength: 260 })), {
          selector: ([id]) => id,
          minLength: 1,
          maxLength: 40,
        }),
        (entries) => {
          const seen: number[] = [];
          let next = Math.min(...entries.map(([id]) => id));
          for (let page = 0; page <= entries.length; page += 1) {
            const answer = readIdentification(Buffer.from([0x2b, 0x0e, 2, next]), new Map(entries));
            expect(answer.length).toBeLessThanOrEqual(253);
            let at = 7;
            for (let n = 0; n < (answer[6] ?? 0); n += 1) {
              seen.push(answer[at] ?? -1);
              at += 2 + (answer[at + 1] ?? 0);
            }
            expect(at).toBe(answer.length);
            if (answer[4] === 0) break;
            next = answer[5] ?? 0;
          }
          expect(seen).toEqual(entries.map(([id]) => id).sort((a, b) => a - b));
        },
      ),
    );
  });
});
