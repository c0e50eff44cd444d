import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createObjects } from '../../../simulator/dlms/objects.ts';
import { createSession, type Session } from '../../../simulator/dlms/session.ts';
import { listedRows } from '../../../simulator/recorders/rows.ts';
import type { Recorder, RowValues } from '../../../simulator/recorders/types.ts';
import {
  AARQ,
  captureHex,
  collect,
  type Decoded,
  dateTimeHex,
  decode,
  entries,
  getRequest,
  hex,
  nextRequest,
  range,
  timeOf,
} from '../../integration/simulator-dlms/client.ts';

const FIRST = Date.UTC(2026, 0, 1);
const PERIOD = 60;
const COLUMN = (index: number): string => `1-0:${index}.5.0*255`;

/** A recorder of so many rows; every tenth is missing. Values name their row and column. */
function recorderOf(count: number, columns: number, nullClock: boolean): Recorder {
  const list = Array.from({ length: count }, (_, row): { at: number; values: RowValues } => ({
    at: FIRST + (row + Math.floor(row / 9)) * PERIOD * 1000,
    values: Array.from({ length: columns }, (_unused, column) => row * 100 + column + 1),
  }));
  return {
    obis: '1-0:99.1.0*255',
    name: 'Test',
    period: PERIOD,
    depth: 1000,
    nullClock,
    columns: Array.from({ length: columns }, (_, index) => ({
      obis: COLUMN(index + 1),
      type: 'double-long',
      scaler: 0,
      unit: 27,
    })),
    rows: () => listedRows(list),
  };
}

function sessionOf(recorder: Recorder, maxPdu = 1024): Session {
  const recorders = [recorder];
  const find = createObjects({
    serial: () => 'SN-1',
    firmware: () => '004.000.000',
    recorders: () => recorders,
    clock: () => FIRST,
    setClock: async () => undefined,
  });
  return createSession({
    find,
    maxPdu: () => maxPdu,
    login: async (secret) => (secret === 's' ? 'accepted' : 'refused'),
  });
}

async function associated(recorder: Recorder, maxPdu?: number, aarq = AARQ) {
  const session = sessionOf(recorder, maxPdu);
  const ask = async (apdu: string): Promise<Buffer> => (await session.answer(Buffer.from(apdu, 'hex'), 16)).apdu;
  await ask(aarq);
  const buffer = async (selection: string): Promise<Decoded> =>
    decode(await collect(ask, getRequest(7, recorder.obis, 2, selection)));
  return { session, ask, buffer };
}

/** Rows as a client sees them, with the times that were left out put back. */
function rebuilt(rows: Decoded, hasClock: boolean): readonly (readonly Decoded[])[] {
  if (!Array.isArray(rows)) throw new Error('Not rows');
  let before = Number.NaN;
  return rows.map((row: readonly Decoded[]) => {
    if (!hasClock) return row;
    before = row[0] === null ? before + PERIOD * 1000 : timeOf(row[0]);
    return [before, ...row.slice(1)];
  });
}

describe('selective access', () => {
  const count = 40;
  const columns = 5;
  const all = (nullClock: boolean) => {
    const recorder = recorderOf(count, columns, nullClock);
    const rows = recorder.rows();
    const table = Array.from({ length: count }, (_, row) => [rows.timeAt(row), ...rows.valuesAt(row)]);
    return { recorder, table };
  };
  const moment = fc.integer({ min: -5 * 60, max: 50 * 60 }).map((seconds) => FIRST + seconds * 1000);

  it('by range gives the rows of a list, both ends included, with only the wanted columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        moment,
        moment,
        fc.subarray([0, 1, 2, 3, 4, 5]),
        fc.boolean(),
        fc.constantFrom(50, 125, 1024),
        async (from, to, wanted, nullClock, maxPdu) => {
          const { recorder, table } = all(nullClock);
          const { buffer } = await associated(recorder, maxPdu);
          const names = wanted.map((index) =>
            index === 0 ? captureHex(8, '0-0:1.0.0*255') : captureHex(3, COLUMN(index)),
          );
          const shown = wanted.length === 0 ? [0, 1, 2, 3, 4, 5] : wanted;
          const got = rebuilt(await buffer(range(new Date(from), new Date(to), names)), shown.includes(0));
          expect(got).toEqual(
            table
              .filter(([at = 0]) => Number(at) >= from && Number(at) <= to)
              .map((row) => shown.map((index) => row[index])),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('by entry gives the rows of a list, counted from 1, 0 for the last', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 9 }),
        fc.boolean(),
        async (from, to, fromColumn, toColumn, nullClock) => {
          const { recorder, table } = all(nullClock);
          const { buffer } = await associated(recorder);
          const lastColumn = toColumn === 0 ? columns + 1 : toColumn;
          const got = rebuilt(
            await buffer(entries(from, to, fromColumn, toColumn)),
            fromColumn === 1 && lastColumn >= 1,
          );
          expect(got).toEqual(
            table.slice(from - 1, to === 0 ? count : to).map((row) => row.slice(fromColumn - 1, lastColumn)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sends the time of the first row and of every row after a gap', async () => {
    const { buffer } = await associated(recorderOf(30, 1, true));
    const rows = (await buffer(entries(4, 12))) as readonly (readonly Decoded[])[];
    expect(rows.map(([clock]) => clock !== null)).toEqual([
      true,
      ...[5, 6, 7, 8, 9].map(() => false),
      true,
      false,
      false,
    ]);
  });

  const minute = dateTimeHex(new Date(FIRST));
  it.each([
    ['another object than the clock', `010204${captureHex(3, COLUMN(1))}090c${minute}090c${minute}0100`, 13],
    ['a column that is not captured', range(new Date(FIRST), new Date(FIRST), [captureHex(3, '1-0:77.5.0*255')]), 13],
    ['a wildcard in a bound', range(new Date(FIRST), new Date(FIRST)).replace('090c07ea', '090cffff'), 12],
    ['a bound of another type', `010204${captureHex(8, '0-0:1.0.0*255')}0600000001090c${minute}0100`, 12],
    ['three elements', `010203${captureHex(8, '0-0:1.0.0*255')}090c${minute}090c${minute}`, 12],
    ['entry 0', entries(0, 5), 13],
    ['column 0', entries(1, 5, 0, 1), 13],
    ['a first column that is not there', entries(1, 5, 9, 9), 13],
    ['entry numbers of another type', entries(1, 5).replace('0600000001', '120001'), 12],
    ['selector 3', entries(1, 5).replace(/^02/, '03'), 13],
  ])('refuses %s', async (_, selection, result) => {
    const { ask } = await associated(recorderOf(9, 2, false));
    const answer = hex(await ask(getRequest(7, '1-0:99.1.0*255', 2, selection)));
    expect(answer).toBe(`c401c101${result.toString(16).padStart(2, '0')}`);
  });
});

describe('blocks', () => {
  it.each([12, 13, 50, 125, 137, 138, 139, 140, 265, 266, 267, 268, 1024])('fit an APDU of %i bytes', async (size) => {
    const aarq = AARQ.replace(/04B0$/, size.toString(16).padStart(4, '0'));
    const { ask } = await associated(recorderOf(60, 5, false), 1024, aarq);
    const sizes: number[] = [];
    const watched = async (apdu: string): Promise<Buffer> => {
      const answer = await ask(apdu);
      sizes.push(answer.length);
      return answer;
    };
    const rows = decode(await collect(watched, getRequest(7, '1-0:99.1.0*255', 2)));
    expect(rows).toHaveLength(60);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(size);
    // All but the last are as full as they can be; one byte may be lost to the length of the length.
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(size - 1);
  });

  it('are refused out of their order, and a transfer that failed is over', async () => {
    const { ask } = await associated(recorderOf(900, 5, false));
    const begin = getRequest(7, '1-0:99.1.0*255', 2);
    expect(hex(await ask(nextRequest(1)))).toBe('c402c101000000010110');
    await ask(begin);
    expect(hex(await ask(nextRequest(2)))).toBe('c402c101000000020113');
    expect(hex(await ask(nextRequest(1)))).toBe('c402c101000000010110');
    await ask(begin);
    expect(hex(await ask(nextRequest(1))).slice(0, 18)).toBe('c402c1000000000200');
    // The block before was acknowledged already.
    expect(hex(await ask(nextRequest(1)))).toBe('c402c101000000010113');
    await ask(begin);
    await ask(getRequest(1, '0-0:42.0.0*255', 2));
    expect(hex(await ask(nextRequest(1)))).toBe('c402c101000000010110');
  });

  it('are not sent to a client that did not ask for them', async () => {
    const { ask } = await associated(recorderOf(900, 5, false), 1024, AARQ.replace('007E1F', '000018'));
    expect(hex(await ask(getRequest(7, '1-0:99.1.0*255', 2)))).toBe('c401c101fa');
    expect(hex(await ask(getRequest(7, '1-0:99.1.0*255', 2, entries(1, 1))))).toBe('c401c1010d');
    expect(hex(await ask(getRequest(1, '0-0:42.0.0*255', 0)))).toBe('c401c10103');
  });
});

it('answers any APDU after any other, within the limit, and stays usable', async () => {
  const known = [
    getRequest(7, '1-0:99.1.0*255', 2),
    getRequest(7, '1-0:99.1.0*255', 2, entries(1, 9)),
    getRequest(7, '1-0:99.1.0*255', 0),
    getRequest(15, '0-0:40.0.0*255', 2),
    nextRequest(1),
    `c101c100080000010000ff0200090c${dateTimeHex(new Date(FIRST))}`,
    'c301c100080000010000ff0100',
    AARQ,
    '6203800100',
  ].map((text) => Buffer.from(text, 'hex'));
  const apdu = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.constantFrom(...known), fc.nat(200), fc.nat(255), fc.nat(200)).map(([bytes, at, value, length]) => {
      const changed = Buffer.from(bytes.subarray(0, length));
      if (at < changed.length) changed[at] = value;
      return changed;
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(apdu, { maxLength: 12 }), async (apdus) => {
      const { session, ask } = await associated(recorderOf(200, 5, true), 125);
      for (const bytes of apdus) {
        const { apdu: answer } = await session.answer(bytes, 16);
        expect(answer.length).toBeGreaterThan(2);
        expect(answer.length).toBeLessThanOrEqual(125);
      }
      await ask(AARQ);
      expect(decode(await collect(ask, getRequest(1, '1-0:0.2.0*255', 2)))).toBe('004.000.000');
    }),
    { numRuns: 200 },
  );
});
