import { z } from 'zod';
import type { LogReadout } from '../../../shared/domain/log.ts';
import { fail, METER_STATE, ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import { readSmallFile } from '../bag/read.ts';
import { MAX_NAMED_GAPS } from './gaps.ts';
import type { LogSidecar } from './types.ts';

/** A sidecar with a thousand gaps and 500 columns has about 200 kB. */
const MAX_SIDECAR_BYTES = 8 * 1024 * 1024;
/** The platform's recorders have 50 sources at most. */
const MAX_COLUMNS = 512;
const TEXT = z.string().max(1_000);
/** Written by Date.toISOString: years beyond 9999 have a sign and six digits. */
const UTC = z.string().regex(/^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/);
const COUNT = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const COLUMN = z.object({
  id: TEXT,
  label: TEXT,
  unit: TEXT.nullable(),
  scaler: z.int().min(-128).max(127),
});

const RECORDER = z.object({
  id: TEXT,
  kind: z.enum(['recorder', 'events']),
  name: TEXT.nullable(),
  entries: COUNT,
  capacity: COUNT.nullable(),
  interval: COUNT,
  columns: z.array(COLUMN).max(MAX_COLUMNS),
  columnsNotExported: COUNT.nullable(),
  sourcesUnknown: TEXT.exactOptional(),
  first: UTC.nullable(),
  last: UTC.nullable(),
  unreadable: TEXT.exactOptional(),
});

/** How the rows of a log came from the meter. */
export const READOUT = z.object({
  rows: COUNT,
  rebuilt: COUNT,
  undated: COUNT,
  roundTrips: COUNT,
  bytes: COUNT,
  milliseconds: z.number().min(0),
  resumed: COUNT,
  by: z.enum(['entry', 'range', 'whole']).exactOptional(),
  missed: COUNT.exactOptional(),
}) satisfies z.ZodType<LogReadout>;

const SIDECAR: z.ZodType<LogSidecar> = z.object({
  format: z.literal('meterwright-log/1'),
  recorder: RECORDER,
  columns: z.array(COLUMN).max(MAX_COLUMNS),
  rows: COUNT,
  first: UTC.nullable(),
  last: UTC.nullable(),
  gaps: z.array(z.object({ after: UTC, before: UTC, missing: COUNT })).max(MAX_NAMED_GAPS),
  gapCount: COUNT,
  readout: READOUT,
  meter: z.object({ serial: TEXT.nullable(), firmware: TEXT.nullable(), simulated: z.boolean() }),
  readAt: UTC,
  continues: z.object({ bag: TEXT, fingerprint: TEXT, overlap: z.int().min(1), lastOfOlder: UTC }).nullable(),
  part: z
    .object({ from: UTC.nullable(), to: UTC.nullable(), leftOut: z.object({ undated: COUNT, outside: COUNT }) })
    .exactOptional(),
});

/** The path of the sidecar of a log: the same name with `.json` in place of `.csv`. */
export function sidecarPath(csv: string): string {
  return `${csv.replace(/\.csv$/i, '')}.json`;
}

/** Reads a sidecar of the form meterwright-log/1; anything else is `logs/bad-sidecar` and never quoted. */
export function parseSidecar(text: string): Result<LogSidecar> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message quotes the file; that it is no JSON is all there is to say.
    return badSidecar('It is not JSON.');
  }
  const parsed = SIDECAR.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    return badSidecar(`It has not the form meterwright-log/1${where === '' ? '' : ` (at ${where.slice(0, 100)})`}.`);
  }
  const { columns, recorder } = parsed.data;
  if (new Set(columns.map(({ id }) => id)).size !== columns.length) return badSidecar('Two columns have one name.');
  if (columns.length !== recorder.columns.length) return badSidecar('It describes its columns twice, and differently.');
  return ok(parsed.data);
}

/** The sidecar that lies beside a log. `logs/no-sidecar` when there is none. */
export async function readSidecar(csv: string): Promise<Result<LogSidecar>> {
  const read = await readSidecarBytes(csv);
  return read.ok ? ok(read.value.sidecar) : read;
}

/** {@link readSidecar} with the bytes that were judged, for who holds them to a seal. */
export async function readSidecarBytes(
  csv: string,
): Promise<Result<{ readonly sidecar: LogSidecar; readonly bytes: Uint8Array }>> {
  const path = sidecarPath(csv);
  try {
    const bytes = await readSmallFile(path, MAX_SIDECAR_BYTES);
    if (bytes === undefined) return badSidecar('It is too large.');
    const sidecar = parseSidecar(bytes.toString('utf8'));
    return sidecar.ok ? ok({ sidecar: sidecar.value, bytes }) : sidecar;
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { ok: false, problem: diskProblem(thrown, path, 'read') };
    return fail({
      code: 'logs/no-sidecar',
      title: 'The description of the log is missing',
      because: 'A log is a .csv file and a .json file of the same name beside it; there is no such .json file.',
      meterState: METER_STATE.noMeter,
      nextStep: 'Open the log in the folder in which it was written.',
    });
  }
}

/** Writes the sidecar of a log beside it, durably. */
export function writeSidecar(csv: string, sidecar: LogSidecar): Promise<Result<void>> {
  return writeFileDurably(sidecarPath(csv), `${JSON.stringify(sidecar, null, 2)}\n`);
}

/** A log on this PC's disk that is not what it should be. */
export function logProblem(because: string, details: Problem['details'] = {}): Problem {
  return problem({
    code: 'logs/damaged',
    title: 'The log on the disk is not whole',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Use another copy of the log, or read it from the meter again.',
    details,
  });
}

function badSidecar(because: string): Result<never> {
  return fail({
    code: 'logs/bad-sidecar',
    title: 'The description of the log cannot be read',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Open the log with the version of Meterwright that wrote it, or use another copy.',
  });
}
