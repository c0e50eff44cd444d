import { stat } from 'node:fs/promises';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { textAt } from './cells.ts';
import { LEADING_COLUMNS } from './csv.ts';
import { decodeLog, type RowSink } from './rows.ts';
import type { ScanOptions } from './scan.ts';
import { logProblem, readSidecar } from './sidecar.ts';
import type { LogTable } from './types.ts';

/** Numbers that are held at most: 8 bytes each, so 512 MB. A million rows of 16 columns are a quarter of it. */
const MAX_CELLS = 64 * 1024 * 1024;
/** Texts that are held at most, in characters. */
const MAX_TEXT = 64 * 1024 * 1024;
/** Texts repeat (event codes): so many different ones are kept once. */
const MAX_SHARED_TEXTS = 10_000;

/**
 * Reads a log (its `.csv`, with the `.json` beside it) into columns. Its memory is 8 bytes for each time and number, and the texts. A file that is not what
 * its sidecar says is `logs/damaged`, one that is too large for memory `logs/too-large`; the sidecar itself: `logs/no-sidecar`, `logs/bad-sidecar`.
 */
export async function readLogTable(csv: string, options: ScanOptions = {}): Promise<Result<LogTable>> {
  const sidecar = await readSidecar(csv);
  if (!sidecar.ok) return sidecar;
  const { rows, columns } = sidecar.value;
  const size = await stat(csv).then(
    (facts) => facts.size,
    () => 0,
  );
  // The shortest row is `,none` with a comma for each column and a line break: no memory for rows that the file cannot hold.
  if (rows * (columns.length + ',none\n'.length) > size) {
    return { ok: false, problem: logProblem(`It has fewer rows than the ${rows} of its description.`) };
  }
  if (rows * (columns.length + 1) > MAX_CELLS) return tooLarge(rows, columns.length);
  const times = new Float64Array(rows);
  const origins = new Uint8Array(rows);
  const numbers = columns.map(() => new Float64Array(rows).fill(Number.NaN));
  const texts: ((string | null)[] | undefined)[] = columns.map(() => undefined);
  const decoded = await decodeLog(csv, sidecar.value, createSink({ rows, times, origins, numbers, texts }), options);
  return decoded.ok ? ok({ sidecar: sidecar.value, rows, times, origins, numbers, texts }) : decoded;
}

function createSink({
  rows,
  times,
  origins,
  numbers,
  texts,
}: {
  readonly rows: number;
  readonly times: Float64Array;
  readonly origins: Uint8Array;
  readonly numbers: readonly Float64Array[];
  readonly texts: ((string | null)[] | undefined)[];
}): RowSink {
  const shared = new Map<string, string>();
  let characters = 0;
  return {
    row(index, time, origin) {
      times[index] = time;
      origins[index] = origin;
      return undefined;
    },
    number(index, column, value) {
      const cells = numbers[column];
      if (cells !== undefined) cells[index] = value;
    },
    text(index, column, { bytes, starts, ends, quotes }, field) {
      const read = textAt(bytes, starts[field] ?? 0, ends[field] ?? 0, quotes[field] === 2);
      const known = shared.get(read);
      if (known === undefined) {
        characters += read.length;
        if (characters > MAX_TEXT) return `The texts of the log are longer than ${MAX_TEXT} characters.`;
        if (shared.size < MAX_SHARED_TEXTS) shared.set(read, read);
      }
      const cells = texts[column] ?? new Array<string | null>(rows).fill(null);
      texts[column] = cells;
      cells[index] = known ?? read;
      return undefined;
    },
  };
}

function tooLarge(rows: number, columns: number): Result<never> {
  return fail({
    code: 'logs/too-large',
    title: 'The log is too large to be shown',
    because: `${rows} rows of ${columns + LEADING_COLUMNS} columns do not fit into the memory that Meterwright takes for a table.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Export a part of it (meterwright logs export --from --to), and look at that.',
  });
}
