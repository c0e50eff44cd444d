import { stat } from 'node:fs/promises';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { LogSeal } from '../../backup/logs/in-bag.ts';
import type { LogTable } from '../../backup/logs/types.ts';

/** What the open logs may take together, in bytes; the one that is looked at stays whatever its size. */
const MAX_BYTES = 256 * 1024 * 1024;
/** A text of a cell is kept once for all cells that have it; what is left is the place of its reference. */
const BYTES_OF_TEXT = 8;

/** A log that is open: its rows as they are in the file, and the same in the order of time for trends. */
export interface OpenLog {
  readonly table: LogTable;
  /** Rising, without rows that have no time. */
  readonly times: Float64Array;
  /** Numbers of a column in the order of `times`. */
  column(index: number): Float64Array;
  /** The row of the file that is at this place of `times`. */
  rowOf(place: number): number;
}

export interface LogCache {
  /** The log in a `.csv`; read when it is not open, or when the file or what it has to be (`seal`) has changed since. */
  open(csv: string, seal?: LogSeal | null): Promise<Result<OpenLog>>;
  /** What is open, in bytes. */
  bytes(): number;
}

/** Keeps the logs that were looked at last, up to a number of bytes. Two who ask for the same log wait for the same reading. */
export function createLogCache(options: {
  readonly read: (csv: string, seal: LogSeal | null) => Promise<Result<LogTable>>;
  readonly maxBytes?: number;
}): LogCache {
  const { read, maxBytes = MAX_BYTES } = options;
  const entries = new Map<string, { readonly mark: string; readonly log: Promise<Result<OpenLog>>; bytes: number }>();

  const total = (): number => [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const evict = (keep: string): void => {
    for (const csv of [...entries.keys()]) {
      if (total() <= maxBytes) return;
      if (csv !== keep) entries.delete(csv);
    }
  };

  return {
    async open(csv, seal = null) {
      const mark = `${await markOf(csv)} ${seal?.sha256 ?? ''}`;
      const known = entries.get(csv);
      if (known !== undefined && known.mark === mark) {
        // The last one in the map is the last one that goes.
        entries.delete(csv);
        entries.set(csv, known);
        return known.log;
      }
      const entry = {
        mark,
        bytes: 0,
        log: read(csv, seal).then((found) => (found.ok ? ok(openLog(found.value)) : found)),
      };
      entries.set(csv, entry);
      const drop = (): void => {
        if (entries.get(csv) === entry) entries.delete(csv);
      };
      entry.log.then(
        (found) => {
          if (!found.ok) return drop();
          entry.bytes = bytesOf(found.value);
          evict(csv);
        },
        // Whoever asked gets the defect; here only the place is given free.
        drop,
      );
      return entry.log;
    },
    bytes: total,
  };
}

/** Puts the rows of a log into the order of time; a meter whose clock was set back, or that left times out, has them in another. */
function openLog(table: LogTable): OpenLog {
  const { times, numbers } = table;
  const none = new Float64Array(0);
  if (isRising(times)) {
    return { table, times, column: (index) => numbers[index] ?? none, rowOf: (place) => place };
  }
  const dated: number[] = [];
  for (let row = 0; row < times.length; row += 1) if (!Number.isNaN(times[row])) dated.push(row);
  const order = Uint32Array.from(dated).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const columns = new Map<number, Float64Array>();
  return {
    table,
    times: Float64Array.from(order, (row) => times[row] ?? Number.NaN),
    column(index) {
      const known = columns.get(index) ?? Float64Array.from(order, (row) => numbers[index]?.[row] ?? Number.NaN);
      columns.set(index, known);
      return known;
    },
    rowOf: (place) => order[place] ?? 0,
  };
}

function isRising(times: Float64Array): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    // NaN is not at least as large as anything.
    if (!(time >= before)) return false;
    before = time;
  }
  return true;
}

function bytesOf({ table, times }: OpenLog): number {
  const cells = table.times.length + table.numbers.reduce((sum, column) => sum + column.length, 0);
  const sorted = times === table.times ? 0 : 2 * cells;
  const texts = table.texts.reduce((sum, column) => sum + (column?.length ?? 0) * BYTES_OF_TEXT, 0);
  return (cells + sorted) * 8 + texts;
}

/** Changes when the file changes; a file that is not there is the reader's to tell. */
async function markOf(csv: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(csv);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}
