import type { LogReadout } from '../../../shared/domain/log.ts';
import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { ProfileRow, ProfileShape } from '../../protocols/dlms/types.ts';
import { changedProblem, isRefusal, PROFILE, readColumns, readCount } from './attributes.ts';
import { type Ended, readByEntry } from './by-entry.ts';
import { readByRange, type Stretched } from './by-range.ts';
import { sameRow } from './cells.ts';
import { obisText } from './obis.ts';
import { isLost, type Reading, sameColumns, startReading } from './reading.ts';
import type { LogReadOptions, LogRow, MeterRecorder } from './types.ts';
import type { Way } from './way.ts';
import { movedProblem, readWhole } from './whole.ts';

/** A buffer in the order in which rows came: a new row is the last one. Blue Book 4.3.6, sort_method. */
const FIRST_IN_FIRST_OUT = 1;
const DAY_MS = 86_400_000;
/** Before any meter of this platform, and after what it is used for. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2099, 11, 31);
const SHORTEST_STEP_MS = 1000;
/** Associations that are made before a single question about the log is answered. */
const MOST_ATTEMPTS = 3;

/** The log as it stands when the read begins. */
interface Standing {
  readonly entries: number;
  readonly capacity: number | undefined;
  readonly ordered: boolean;
  readonly shape: ProfileShape;
}

/**
 * Reads the rows that a log holds when the read begins, oldest first. A log that is not full is read by the numbers of its rows, which stay what they are;
 * a full one by ranges of time, because each new row shifts the numbers. Where a meter refuses the one, the other is used, and the whole buffer
 * where it refuses both.
 */
export async function readLog(
  way: Way,
  recorder: MeterRecorder,
  onRows: (rows: readonly LogRow[]) => void | Promise<void>,
  options: LogReadOptions,
  signal: AbortSignal,
): Promise<Result<LogReadout>> {
  const began = performance.now();
  const trips = way.roundTrips();
  if (recorder.unreadable !== undefined) return fail(unreadable(recorder, recorder.unreadable));
  let standing = await standingOf(way, recorder, signal);
  for (let attempt = 1; !standing.ok && isLost(standing.problem) && attempt < MOST_ATTEMPTS; attempt += 1) {
    const gone = await way.again(signal);
    if (gone !== undefined) return fail(gone);
    standing = await standingOf(way, recorder, signal);
  }
  if (!standing.ok) return standing;
  const { entries, shape } = standing.value;
  const whole = options.from === undefined && options.to === undefined;
  const of = whole ? entries : null;
  const reading = startReading({ way, recorder, shape, onRows, options, signal, of, trips });
  const { ended, by } = entries === 0 ? { ended: DONE, by: 'entry' as const } : await readRows(reading, standing.value);
  if (ended.kind !== 'done') return fail(ended.kind === 'moved' ? movedProblem(reading) : ended.problem);
  const columns = await readColumns(way.client(), shape.obis, signal);
  if (columns.ok && !sameColumns(columns.value, shape)) return fail(changedProblem(shape.obis, reading.counts.rows));
  return ok({
    ...reading.counts,
    roundTrips: way.roundTrips() - trips,
    milliseconds: Math.round(performance.now() - began),
    by,
    ...(whole ? { missed: Math.max(0, entries - reading.counts.rows) } : {}),
  });
}

const DONE: Ended = { kind: 'done' };

async function standingOf(way: Way, recorder: MeterRecorder, signal: AbortSignal): Promise<Result<Standing>> {
  const { obis } = recorder.shape;
  const client = way.client();
  const columns = await readColumns(client, obis, signal);
  if (!columns.ok) return columns;
  if (!sameColumns(columns.value, recorder.shape)) return fail(changedProblem(obis, 0));
  const numbers: (number | undefined)[] = [];
  for (const attribute of [PROFILE.entriesInUse, PROFILE.entries, PROFILE.sortMethod]) {
    const read = await readCount(client, obis, attribute, signal);
    if (!read.ok) return read;
    numbers.push(read.value);
  }
  const [entries, capacity, sortMethod] = numbers;
  if (entries === undefined) return fail(unreadable(recorder, 'The meter does not say how many rows it holds.'));
  const ordered = (sortMethod ?? FIRST_IN_FIRST_OUT) === FIRST_IN_FIRST_OUT;
  // Elsewhere than in the order of time a time that was left out does not follow from the row before.
  const shape = ordered ? recorder.shape : { ...recorder.shape, capturePeriod: 0 };
  return ok({ entries, capacity, ordered, shape });
}

type How = 'entry' | 'range' | 'whole';

async function readRows(reading: Reading, standing: Standing): Promise<{ readonly ended: Ended; readonly by: How }> {
  const { entries, capacity, ordered } = standing;
  const { from, to } = reading.options;
  const dated = reading.shape.columns.some(({ classId, attribute }) => classId === 8 && attribute === 2);
  const part = from !== undefined || to !== undefined;
  const steady = ordered && capacity !== undefined && entries < capacity;
  const byRange = async (): Promise<Ended> => (await acrossTime(reading, standing)).ended;
  const plan: readonly How[] = !dated
    ? ['entry', 'whole']
    : steady && !part
      ? ['entry', 'range', 'whole']
      : ordered
        ? ['range', 'entry', 'whole']
        : ['range', 'whole'];
  for (const by of plan) {
    if (by === 'whole') return { ended: await readWhole(reading), by };
    const ended = by === 'entry' ? await numbered(reading, standing, dated) : await byRange();
    if (ended.kind !== 'refused') return { ended, by };
  }
  // The last one of each plan ends above.
  return { ended: { kind: 'moved', last: undefined }, by: 'whole' };
}

/** By number; a log that filled up meanwhile is read on by time, from the last row that was passed. */
async function numbered(reading: Reading, standing: Standing, dated: boolean): Promise<Ended> {
  const ended = await readByEntry(reading, standing.entries);
  if (ended.kind !== 'moved') return ended;
  const last = ended.last;
  const entries = await readCount(reading.way.client(), reading.shape.obis, PROFILE.entriesInUse, reading.signal);
  if (!entries.ok) return { kind: 'failed', problem: entries.problem };
  // Fewer rows than were passed: the log was cleared, and none of its rows follows on the last one.
  const cleared = (entries.value ?? 0) < reading.passed();
  if (cleared || !dated || last === undefined || last.time === null) return ended;
  const newest = await rowAt(reading, 0);
  if (newest.kind !== 'row' || newest.row.time === null) return ended;
  const step = stepFor(reading, last.time, newest.row.time, standing.entries);
  const rest = await readByRange(reading, {
    from: last.time,
    to: Math.max(last.time, newest.row.time),
    step,
    passed: [last],
    until: standing.entries,
  });
  return rest.ended.kind === 'refused' ? ended : rest.ended;
}

/** By ranges of time, from the oldest to the newest row of now, or what was asked for of that. */
async function acrossTime(reading: Reading, { entries, ordered }: Standing): Promise<Stretched> {
  const { from: asked = EARLIEST, to: end = LATEST } = reading.options;
  const edges = await edgesOf(reading, entries);
  if ('problem' in edges) return ending({ kind: 'failed', problem: edges.problem });
  const sort = ordered ? {} : { sort: true };
  const { oldest, newest } = edges;
  if (oldest?.time == null || newest?.time == null) {
    const to = Math.max(asked, Math.min(end, Date.now() + DAY_MS));
    return readByRange(reading, { from: asked, to, step: Number.POSITIVE_INFINITY, ...sort });
  }
  const low = Math.max(asked, Math.min(oldest.time, newest.time));
  const high = Math.min(end, Math.max(oldest.time, newest.time));
  if (high < low) return ending(DONE);
  const step = stepFor(reading, Math.min(oldest.time, newest.time), Math.max(oldest.time, newest.time), entries);
  const main = await readByRange(reading, { from: low, to: high, step, ...sort });
  const part = reading.options.from !== undefined || reading.options.to !== undefined;
  if (main.ended.kind !== 'done' || part || main.overtaken || reading.passed() >= entries) return main;
  // Rows that came meanwhile have pushed others out: those are gone, and not to be looked for.
  const now = await rowAt(reading, entries);
  if (now.kind === 'failed') return ending({ kind: 'failed', problem: now.problem });
  if (now.kind === 'none' || !sameRow(now.row, newest)) return main;
  return outside(reading, main, { low, high, step, entries });
}

/** Rows that are missing although none fell off: their times are outside those of the first and the last row, because the clock was set meanwhile. */
async function outside(
  reading: Reading,
  main: Stretched,
  { low, high, step, entries }: { low: number; high: number; step: number; entries: number },
): Promise<Stretched> {
  const until = entries;
  const wide = Math.max(step, DAY_MS * 3660);
  if (low > EARLIEST) {
    const before = await readByRange(reading, { from: EARLIEST, to: low - 1, step: wide, until });
    if (before.ended.kind !== 'done' || reading.passed() >= entries) return before;
  }
  return readByRange(reading, { from: high, to: LATEST, step: wide, passed: main.tail, until });
}

function ending(ended: Ended): Stretched {
  return { ended, overtaken: false, first: undefined, tail: [] };
}

/** Milliseconds that hold about as many rows as are asked for at once. */
function stepFor(reading: Reading, from: number, to: number, entries: number): number {
  const { capturePeriod } = reading.shape;
  const each = capturePeriod > 0 ? capturePeriod * 1000 : (to - from) / Math.max(1, entries);
  return Math.max(SHORTEST_STEP_MS, each * reading.way.rowsAtOnce());
}

type Edge =
  | { readonly kind: 'row'; readonly row: ProfileRow }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The row of a number; 0 is the last one. `none` where the meter does not give rows by their number. */
async function rowAt(reading: Reading, number: number): Promise<Edge> {
  const { way, shape, signal } = reading;
  for (;;) {
    let found: ProfileRow | undefined;
    const entries = number === 0 ? await readCount(way.client(), shape.obis, PROFILE.entriesInUse, signal) : ok(number);
    const at = entries.ok ? entries.value : undefined;
    const fetched = await reading.fetch({ kind: 'entry', from: at || 1, to: at || 1 }, async (rows) => {
      found ??= rows[0];
      return undefined;
    });
    if (fetched.kind === 'done') return found === undefined ? { kind: 'none' } : { kind: 'row', row: found };
    if (fetched.kind === 'failed') return { kind: 'failed', problem: fetched.problem };
    if (fetched.kind !== 'lost') return { kind: 'none' };
    const gone = await reading.recover(fetched.problem);
    if (gone !== undefined) return { kind: 'failed', problem: gone };
  }
}

/** The newest row first: it says which rows are meant, however many come while the log is read. */
async function edgesOf(
  reading: Reading,
  entries: number,
): Promise<{ readonly oldest?: ProfileRow; readonly newest?: ProfileRow } | { readonly problem: Problem }> {
  const newest = await rowAt(reading, entries);
  if (newest.kind === 'failed') return newest;
  if (newest.kind === 'none') return {};
  const oldest = await rowAt(reading, 1);
  if (oldest.kind === 'failed') return oldest;
  return oldest.kind === 'none' ? {} : { oldest: oldest.row, newest: newest.row };
}

/** Times of the oldest and the newest row, by their numbers; null where the meter does not give them. */
export async function timesOf(
  way: Way,
  recorder: MeterRecorder,
  signal: AbortSignal,
): Promise<Result<{ readonly first: number | null; readonly last: number | null }>> {
  const times: (number | null)[] = [];
  for (const number of [1, recorder.entries]) {
    let time: number | null = null;
    const read = await way.client().readProfile(
      recorder.shape,
      { kind: 'entry', from: number, to: number },
      (rows) => {
        time ??= rows[0]?.time ?? null;
      },
      signal,
    );
    if (!read.ok && !isRefusal(read.problem)) return read;
    times.push(time);
  }
  const known = times.filter((time): time is number => time !== null);
  if (known.length < 2) return ok({ first: null, last: null });
  return ok({ first: Math.min(...known), last: Math.max(...known) });
}

function unreadable(recorder: MeterRecorder, because: string): Problem {
  return fail({
    code: 'logs/unreadable',
    title: 'This log cannot be read over DLMS',
    because: `${obisText(recorder.shape.obis)}: ${because}`,
    nextStep: 'Read the log with ION Setup and attach the export to the backup.',
    details: { recorder: recorder.id },
  }).problem;
}
