import { basename } from 'node:path';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { InstallationKey } from '../../inventory/installation-key.ts';
import { verifyBackup } from '../verify.ts';
import { lineOf } from './csv.ts';
import { type LogInBag, listLogs } from './in-bag.ts';
import { decodeLog } from './rows.ts';
import type { LogLine } from './writer.ts';

/** So many rows at the end of the older log are fetched again and compared; more only where several have one time. */
const OVERLAP_ROWS = 16;
const MAX_OVERLAP_ROWS = 4_096;

/** An earlier bag of the same meter, verified, whose logs may be gone on with. */
export interface OlderBag {
  readonly name: string;
  readonly fingerprint: string;
  readonly logs: readonly LogInBag[];
}

/** Where a new readout of a log begins, and what it has to begin with. */
export interface Joint {
  /** Name of the older bag and its fingerprint. */
  readonly bag: string;
  readonly fingerprint: string;
  readonly log: LogInBag;
  /** First moment that is fetched again, milliseconds since 1970 UTC. */
  readonly from: number;
  /** Rows before it that the meter still has are copied: those from this moment on. */
  readonly keepFrom: number;
  /** Lines of the older log from `from` on; each has to come again, value by value. At least one. */
  readonly expected: readonly string[];
  readonly lastOfOlder: string;
}

/** Reads an earlier bag; a text says why its logs are not gone on with. */
export async function openOlder(
  bag: string,
  serial: string | null,
  key: Pick<InstallationKey, 'fingerprint'>,
): Promise<OlderBag | string> {
  const { verdict, evidence, fingerprint, problems } = await verifyBackup(bag, { trustedKey: key });
  const name = basename(bag);
  if (verdict !== 'verified' || evidence === null || fingerprint === null) {
    const [first] = problems;
    return `The earlier backup ${name} is not verified${first === undefined ? '' : ` (${first.title})`}.`;
  }
  if (serial === null || evidence.identity.serial !== serial) return `The earlier backup ${name} is of another meter.`;
  const logs = await listLogs(bag);
  if (!logs.ok) return `The logs of the earlier backup ${name} cannot be read: ${logs.problem.because}`;
  const [bad] = logs.value.problems;
  if (bad !== undefined) return `The logs of the earlier backup ${name} cannot be read: ${bad.because}`;
  const held = logs.value.logs;
  return held.length === 0 ? `The earlier backup ${name} has no logs.` : { name, fingerprint, logs: held };
}

/**
 * Where a log of the meter goes on from an older bag; a text says why it is fetched whole. Asked for are the same columns and interval, a time in every row,
 * times that never go back, and an end that the meter still has.
 */
export async function jointFor(
  older: OlderBag,
  recorder: RecorderInfo,
  signal: AbortSignal | undefined,
): Promise<Result<Joint | string>> {
  const log = older.logs.find(({ sidecar }) => sidecar.recorder.id === recorder.id);
  if (log === undefined) return ok(`${older.name} does not have this log.`);
  const { sidecar } = log;
  if (shapeOf(sidecar.recorder) !== shapeOf(recorder))
    return ok('Its columns or its interval are not those of before.');
  if (recorder.first === null) return ok('The meter does not tell the time of its oldest row.');
  const times = await timesOf(log, signal);
  if (!times.ok) return times;
  const found = times.value;
  if (typeof found === 'string') return ok(found);
  const keepFrom = Date.parse(recorder.first);
  if (found.last < keepFrom) return ok(`The meter no longer has the rows that ${older.name} ends with.`);
  const expected: string[] = [];
  const collected = await eachLine(
    log,
    ({ time, text }) => {
      if (time === null || time < Math.max(found.from, keepFrom)) return undefined;
      expected.push(comparable(text));
      return expected.length > MAX_OVERLAP_ROWS ? 'Too many rows have one time.' : undefined;
    },
    signal,
  );
  if (!collected.ok) return collected.problem.code === 'logs/damaged' ? ok(collected.problem.because) : collected;
  return ok({
    bag: older.name,
    fingerprint: older.fingerprint,
    log,
    from: Math.max(found.from, keepFrom),
    keepFrom,
    expected,
    lastOfOlder: new Date(found.last).toISOString(),
  });
}

/** Goes through the lines of a log on the disk that its sidecar vouches for, in constant memory. */
export function eachLine(
  log: LogInBag,
  onLine: (line: LogLine) => string | undefined,
  signal: AbortSignal | undefined,
  afterSlice?: () => Promise<void>,
): Promise<Result<unknown>> {
  return decodeLog(
    log.csv,
    log.sidecar,
    {
      row(_index, time, _origin, line) {
        return onLine({
          time: Number.isNaN(time) ? null : time,
          text: line.bytes.toString('utf8', line.start, line.end),
        });
      },
    },
    { signal, afterSlice },
  );
}

/** A line without the origin of its time: a time that was rebuilt in one readout comes from the meter in another. */
function comparable(line: string): string {
  const comma = line.indexOf(',');
  const after = line.indexOf(',', comma + 1);
  return `${line.slice(0, comma)}${after < 0 ? '' : line.slice(after).trimEnd()}`;
}

/** The same for a row that has just come. */
export function comparableRow(row: Parameters<typeof lineOf>[0], columns: number): string {
  return comparable(lineOf(row, columns));
}

async function timesOf(
  log: LogInBag,
  signal: AbortSignal | undefined,
): Promise<Result<{ readonly from: number; readonly last: number } | string>> {
  const tail: number[] = [];
  let wrong: string | undefined;
  const read = await eachLine(
    log,
    ({ time }) => {
      if (time === null) wrong = 'Rows of the earlier backup have no time.';
      else if (time < (tail.at(-1) ?? time)) wrong = 'The clock of the meter was set back in the earlier backup.';
      else tail.push(time);
      if (tail.length > OVERLAP_ROWS) tail.shift();
      return undefined;
    },
    signal,
  );
  if (!read.ok) return read;
  const [from, last] = [tail[0], tail.at(-1)];
  if (wrong !== undefined) return ok(wrong);
  return ok(from === undefined || last === undefined ? 'The log of the earlier backup is empty.' : { from, last });
}

function shapeOf({ interval, columns }: RecorderInfo): string {
  return JSON.stringify([interval, columns.map(({ id, unit, scaler }) => [id, unit, scaler])]);
}
