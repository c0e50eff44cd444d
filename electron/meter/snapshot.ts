import type { Problem } from '../../shared/domain/problem.ts';
import { mayRead } from '../../shared/domain/provenance.ts';
import { decodeWords } from '../protocols/modbus/decode.ts';
import { readSpans } from '../protocols/modbus/read-spans.ts';
import type { ModbusClient } from '../protocols/modbus/types.ts';
import { isException } from './modbus-problem.ts';
import type { RegisterRow, RegisterSnapshot, RegisterValue, UnreadRegister } from './types.ts';

/** What came of reading rows of a register map. */
export interface RowsRead {
  readonly values: readonly RegisterValue[];
  readonly unread: readonly UnreadRegister[];
  readonly requests: number;
  /** The first failure that was not an answer of the meter: no connection, no answer, stopped. */
  readonly trouble: Problem | undefined;
}

/** Enough for all live values in one request; an unmapped register between two values reads as 0x8000 on this platform and harms nothing. */
const BRIDGED_GAP = 32;

/**
 * Reads rows in few requests; words are kept as they came. Rows that only simulated meters have are left out on a real one: it
 * does not have them, so they are not missing either.
 */
export async function readRows(
  client: ModbusClient,
  rows: readonly RegisterRow[],
  meter: { readonly simulated: boolean },
  signal: AbortSignal,
): Promise<RowsRead> {
  const wanted = rows.filter((row) => mayRead(row.provenance, meter));
  const spans = wanted.map(({ register, count }) => ({ address: register - 1, count }));
  const read = await readSpans(client, spans, signal, { maxGap: BRIDGED_GAP });
  const values: RegisterValue[] = [];
  const unread: UnreadRegister[] = [];
  let trouble: Problem | undefined;
  wanted.forEach((row, index) => {
    const words = read.words.get(index);
    if (words !== undefined) {
      values.push(registerValue(row, words));
      return;
    }
    const problem = read.failed.get(index);
    if (problem !== undefined && !isException(problem)) trouble ??= problem;
    unread.push({ row, because: problem?.because ?? 'The register was not read.' });
  });
  return { values, unread, requests: read.requests, trouble };
}

/** The value of a row from its words; the not-available value of its type and unmapped registers are `unavailable`. */
function registerValue(row: RegisterRow, words: ArrayLike<number>): RegisterValue {
  const decoded = decodeWords(row.type, words);
  const value = decoded === 'unavailable' ? decoded : decoded.value;
  return { row, raw: Array.from(words), value, unavailable: decoded === 'unavailable' };
}

/** Reads rows and says when; see {@link readRows}. */
export async function takeSnapshot(
  client: ModbusClient,
  rows: readonly RegisterRow[],
  meter: { readonly simulated: boolean },
  now: () => Date,
  signal: AbortSignal,
): Promise<{ readonly snapshot: RegisterSnapshot; readonly trouble: Problem | undefined }> {
  const startedAt = now().toISOString();
  const { values, unread, requests, trouble } = await readRows(client, rows, meter, signal);
  return { snapshot: { startedAt, endedAt: now().toISOString(), values, unread, requests }, trouble };
}
