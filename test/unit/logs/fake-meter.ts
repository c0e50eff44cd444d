import type { Way } from '../../../electron/meter/logs/way.ts';
import type { CosemValue } from '../../../electron/protocols/dlms/codec/values.ts';
import type {
  CosemAttribute,
  DlmsClient,
  ProfileRow,
  ProfileSelection,
} from '../../../electron/protocols/dlms/types.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';

/** A log in memory behind a client that behaves like those of odd meters. Rows have a number as their only value, so that each is known again. */
export interface FakeLog {
  rows: { readonly time: number | null; readonly value: number }[];
  capacity: number | undefined;
  readonly refuses: ('entry' | 'range')[];
  sortMethod: number;
  columns: number;
  period: number;
  /** Rows that go into one answer before the next one is looked at. */
  readonly piece: number;
  /** Called before each piece; a code ends the request with it, and the association. */
  beforePiece: (delivered: number) => string | undefined;
  /** Times are compared as whole multiples of this many milliseconds. */
  coarse: number;
}

export function fakeLog(rows: FakeLog['rows'], more: Partial<FakeLog> = {}): FakeLog {
  return {
    rows,
    capacity: rows.length + 1000,
    refuses: [],
    sortMethod: 1,
    columns: 1,
    period: 60,
    piece: 7,
    beforePiece: () => undefined,
    coarse: 10,
    ...more,
  };
}

/** A new row; in a full log the oldest one goes. */
export function append(log: FakeLog, row: { readonly time: number | null; readonly value: number }): void {
  log.rows = [...log.rows, row].slice(-(log.capacity ?? Number.MAX_SAFE_INTEGER));
}

const CLOCK = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2, dataIndex: 0 };

export function columnsOf(count: number) {
  const register = { classId: 3, obis: '1.0.1.7.0.255', attribute: 2, dataIndex: 0 };
  return [CLOCK, ...Array.from({ length: count }, () => register)];
}

function refusal(code: string): Result<never> {
  return fail({ code, title: code, because: 'as the test wants it', nextStep: 'none' });
}

export function fakeWay(log: FakeLog, rowsAtOnce: number): Way & { readonly made: () => number } {
  let made = 1;
  let trips = 0;
  const uint32 = (value: number | undefined): Result<CosemValue> =>
    value === undefined ? refusal('dlms/access-denied') : ok({ type: 'uint32', value });
  const clientOf = (): DlmsClient => {
    let broken = false;
    return {
      endpoint: 'fake',
      association: { conformance: 0x301c, services: [], maxPdu: 0, dlmsVersion: 6 },
      counters: () => ({ roundTrips: trips, bytesSent: 0, bytesReceived: 0 }),
      async get({ attribute }: CosemAttribute) {
        trips += 1;
        if (broken) return refusal('dlms/closed');
        if (attribute === 3) {
          return ok({
            type: 'array',
            value: columnsOf(log.columns).map(
              ({ classId, obis, attribute: number, dataIndex }): CosemValue => ({
                type: 'structure',
                value: [
                  { type: 'uint16', value: classId },
                  { type: 'octets', value: Uint8Array.from(obis.split('.'), Number) },
                  { type: 'int8', value: number },
                  { type: 'uint16', value: dataIndex },
                ],
              }),
            ),
          });
        }
        if (attribute === 5) return ok({ type: 'enum', value: log.sortMethod });
        if (attribute === 7) return uint32(log.rows.length);
        return uint32(attribute === 8 ? log.capacity : undefined);
      },
      async readProfile(_profile, selection, onRows) {
        if (broken) return refusal('dlms/closed');
        if (selection !== 'all' && log.refuses.includes(selection.kind)) return refusal('dlms/access-scope-violated');
        const picked = pick(log, selection);
        let rows = 0;
        do {
          const code = log.beforePiece(rows);
          if (code !== undefined) {
            broken = true;
            return refusal(code);
          }
          trips += 1;
          const piece = picked.slice(rows, rows + log.piece);
          rows += piece.length;
          if (piece.length > 0) await onRows(piece.map(rowOf));
        } while (rows < picked.length);
        return ok({ rows, rebuilt: 0, undated: 0, roundTrips: 1, bytes: rows * 20 });
      },
      set: () => Promise.reject(new Error('nothing is set')),
      close: async () => undefined,
      ended: () => undefined,
    };
  };
  let client = clientOf();
  return {
    client: () => client,
    rowsAtOnce: () => rowsAtOnce,
    roundTrips: () => trips,
    again: async () => {
      made += 1;
      client = clientOf();
      return undefined;
    },
    close: async () => undefined,
    made: () => made,
  };
}

function pick({ rows, coarse }: FakeLog, selection: ProfileSelection): FakeLog['rows'] {
  if (selection === 'all') return rows;
  if (selection.kind === 'entry') return rows.slice(selection.from - 1, selection.to === 0 ? undefined : selection.to);
  const floor = (time: number): number => Math.floor(time / coarse);
  return rows.filter(
    ({ time }) => time !== null && floor(time) >= floor(selection.from) && floor(time) <= floor(selection.to),
  );
}

function rowOf({ time, value }: FakeLog['rows'][number]): ProfileRow {
  return { time, clock: time === null ? null : new Uint8Array(12), rebuilt: false, values: [value] };
}
