import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import { ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import type { MeterLogs, MeterRecorder } from '../../meter/logs/types.ts';
import { isStorageProblem } from '../folder/disk.ts';
import { type FetchedLog, fetchLog } from '../logs/fetch.ts';
import { logFileName } from '../logs/in-bag.ts';
import { type RecorderSources, withSources } from '../logs/sources.ts';
import { cancelled } from '../problems.ts';
import { stepsFor } from '../unreachable.ts';
import { type ItemContext, type ItemOutcome, type ItemSource, nothingSaved, totalBytes } from './item.ts';
import { rowsDoubt } from './log-counts.ts';
import { freshnessOf } from './log-freshness.ts';

/** Historic logs of the data recorders that the meter exports over DLMS. */
export const recorderLogsItem: ItemSource = logItem('recorder-logs', 'recorder');
/** Event log, where the meter exports it over DLMS. */
export const eventLogItem: ItemSource = logItem('event-log', 'events');

type LogItemId = 'recorder-logs' | 'event-log';

/** What came of the logs of one kind. */
interface Tally {
  readonly outcomes: { readonly rows: number; readonly bytes: number }[];
  /** A sentence for each log that is not wholly in the bag, beginning with its name. */
  readonly doubts: string[];
  /** What is said of logs that are whole all the same, beginning with the name. */
  readonly notes: string[];
  found: number;
  expected: number;
  cause: Problem | undefined;
}

function logItem(id: LogItemId, kind: RecorderInfo['kind']): ItemSource {
  return {
    id,
    async save(context) {
      const tally: Tally = { outcomes: [], doubts: [], notes: [], found: 0, expected: 0, cause: undefined };
      const sources = await context.logs.sources();
      let ended: Result<void> | undefined;
      const reached = await context.meter.withLogs<void>(async (logs) => {
        ended = await saveAll(context, logs, kind, tally, sources);
        return ok(undefined);
      }, context.signal);
      if (context.signal?.aborted) return { ok: false, problem: cancelled() };
      if (ended !== undefined && !ended.ok) {
        if (isStorageProblem(ended.problem)) return ended;
        return ok(nothingSaved('failed', ended.problem));
      }
      if (!reached.ok && tally.outcomes.length === 0) return ok(notReached(id, reached.problem));
      return ok(tally.found === 0 ? notReached(id, noneExported(kind)) : outcomeOf(id, tally));
    },
  };
}

/** A failed Result is the disk's, or that of finding the logs; a log that cannot be read is a doubt and lets the next one go on. */
async function saveAll(
  context: ItemContext,
  logs: MeterLogs,
  kind: RecorderInfo['kind'],
  tally: Tally,
  sources: RecorderSources,
): Promise<Result<void>> {
  context.report('Asking the meter which logs it exports');
  const listed = await logs.recorders({ times: true, signal: context.signal });
  if (!listed.ok) return listed;
  const wanted = listed.value
    .filter((recorder) => recorder.kind === kind)
    .map((recorder) => withSources(recorder, sources));
  tally.found = wanted.length;
  for (const [index, recorder] of wanted.entries()) {
    if (context.signal?.aborted) return { ok: false, problem: cancelled() };
    tally.expected += recorder.entries;
    const message = `Reading ${nameOf(recorder)} (${index + 1} of ${wanted.length})`;
    context.report(message);
    const saved =
      recorder.unreadable === undefined
        ? await saveOne(context, logs, recorder, message)
        : { ok: false as const, problem: unreadable(recorder.unreadable) };
    if (saved.ok) {
      tally.outcomes.push({ rows: saved.value.sidecar.rows, bytes: totalBytes([saved.value.file]) });
      tally.doubts.push(...(await doubtsOf(context, logs, recorder, saved.value)));
      const fresh = freshnessOf(saved.value.sidecar, context.clock, context.now());
      if (fresh !== undefined) tally.notes.push(`${nameOf(recorder)}: ${fresh}`);
      continue;
    }
    if (isStorageProblem(saved.problem) || context.signal?.aborted) return saved;
    const because = `${saved.problem.title}: ${saved.problem.because}`;
    tally.cause ??= saved.problem;
    tally.doubts.push(`${nameOf(recorder)} could not be read. ${because}`);
    const { id, name, entries } = recorder;
    context.logs.missed.push({ id, name, kind, entries, because });
  }
  return ok(undefined);
}

async function saveOne(
  context: ItemContext,
  logs: MeterLogs,
  recorder: MeterRecorder,
  message: string,
): Promise<Result<FetchedLog>> {
  const { bag, identity, now, signal, report } = context;
  const name = `logs/${logFileName(recorder.id)}`;
  const older = await context.logs.older();
  let fetched: FetchedLog | undefined;
  const received = await bag.receive(`${name}.csv`, async (csv) => {
    const got = await fetchLog(logs, recorder, {
      csv,
      meter: {
        serial: identity.serial,
        firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
        simulated: identity.simulated,
      },
      now,
      older,
      signal,
      onProgress: ({ rows, of, rowsPerSecond }) =>
        report(message, undefined, { done: rows, total: of, perSecond: rowsPerSecond }),
    });
    if (!got.ok) return got;
    fetched = got.value;
    return ok(got.value.file);
  });
  if (!received.ok) return received;
  if (fetched === undefined) throw new TypeError('A log was received without having been fetched.');
  const sidecar = await bag.writeJson(`${name}.json`, fetched.sidecar);
  if (!sidecar.ok) return sidecar;
  note(context, recorder, name, fetched);
  return ok(fetched);
}

/** Into the index and the evidence. */
function note(context: ItemContext, recorder: MeterRecorder, name: string, { sidecar, fetched }: FetchedLog): void {
  const { id, kind, entries, columnsNotExported } = recorder;
  const { rows, first, last, gapCount, readout } = sidecar;
  const common = { id, name: recorder.name, kind, rows, first, last, gapCount, columnsNotExported, fetched };
  context.logs.saved.push({ ...common, csv: `${name}.csv`, sidecar: `${name}.json`, entries, readout });
  context.logs.evidence.push({
    ...common,
    columns: sidecar.columns.length,
    readout: {
      rows: readout.rows,
      milliseconds: Math.round(readout.milliseconds),
      roundTrips: readout.roundTrips,
      ...(readout.by === undefined ? {} : { by: readout.by }),
      ...(readout.missed === undefined ? {} : { missed: readout.missed }),
    },
  });
}

/** What a log that was read lacks all the same. The meter is asked for its count again only where the first one does not fit. */
async function doubtsOf(
  context: ItemContext,
  logs: MeterLogs,
  recorder: MeterRecorder,
  { sidecar }: FetchedLog,
): Promise<readonly string[]> {
  const doubts: string[] = [];
  let after: RecorderInfo | undefined;
  if (sidecar.rows !== recorder.entries) {
    const again = await logs.recorders({ signal: context.signal });
    after = again.ok ? again.value.find(({ id }) => id === recorder.id) : undefined;
  }
  const doubt = rowsDoubt(sidecar, recorder, after);
  if (doubt !== undefined) doubts.push(`${nameOf(recorder)}: ${doubt}`);
  if (recorder.columnsNotExported !== null && recorder.columnsNotExported > 0) {
    doubts.push(`${nameOf(recorder)}: ${recorder.columnsNotExported} of its sources are not exported over DLMS.`);
  }
  return doubts;
}

function outcomeOf(id: LogItemId, { outcomes, doubts, notes, found, expected, cause }: Tally): ItemOutcome {
  const count = outcomes.reduce((sum, { rows }) => sum + rows, 0);
  const bytes = totalBytes(outcomes.map((outcome) => ({ size: outcome.bytes })));
  const logs = `${outcomes.length} of ${found} exported ${found === 1 ? 'log' : 'logs'}`;
  const summary = [`${logs}, ${count} rows.`, ...short(notes)].join(' ');
  const common = { count, expected: Math.max(count, expected), bytes };
  if (doubts.length === 0) return { state: 'saved', ...common, expected: count, because: summary };
  const because = [summary, ...short(doubts)].join(' ');
  const found_ = problem({
    code: 'backup/logs-incomplete',
    title: 'Not every log is wholly in the backup',
    because,
    nextStep: `${cause?.nextStep ?? 'Take the backup again.'} If that does not help: ${stepsFor(id)}`,
    details: { cause: cause?.code ?? null, logs: outcomes.length, exported: found },
  });
  return { state: outcomes.length === 0 ? 'failed' : 'partial', ...common, because, problem: found_ };
}

/** The first five sentences, and how many more there are. */
function short(all: readonly string[]): readonly string[] {
  return all.length > 5 ? [...all.slice(0, 5), `And ${all.length - 5} more.`] : all;
}

/** DLMS is closed, taken, not on this firmware, or shows no such log: with the way around it. */
function notReached(id: LogItemId, why: Problem): ItemOutcome {
  const found = problem({
    ...why,
    code: 'backup/log-unreachable',
    nextStep: `${why.nextStep} Or: ${stepsFor(id)}`,
    details: { ...why.details, cause: why.code },
  });
  return nothingSaved('unreachable', found);
}

function noneExported(kind: RecorderInfo['kind']): Problem {
  const [what, example] =
    kind === 'events' ? ['event log', 'its event log'] : ['data recorder', 'a DLMS Log Export module for a recorder'];
  return problem({
    code: 'logs/none-exported',
    title: `The meter exports no ${what} over DLMS`,
    because: `The list of its DLMS objects has none, so it is not known what ${kind === 'events' ? 'it' : 'they'} would hold.`,
    nextStep: `Have ${example} set up in ION Setup, if the log is needed over DLMS.`,
  });
}

function unreadable(because: string): Problem {
  return problem({
    code: 'logs/unreadable',
    title: 'The meter shows the log, but does not let it be read',
    because,
    nextStep: 'Read the log with ION Setup and attach the file.',
  });
}

function nameOf({ id, name }: RecorderInfo): string {
  return name ?? id;
}
