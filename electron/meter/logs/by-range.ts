import type { ProfileRow } from '../../protocols/dlms/types.ts';
import type { Ended } from './by-entry.ts';
import { sameRow } from './cells.ts';
import { dated, type Reading } from './reading.ts';

/** A stretch of time to read, both ends included, in milliseconds since 1970 UTC. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Milliseconds that hold about as many rows as are asked for at once; infinite where the times in the log are not known. */
  readonly step: number;
  /** Rows from `from` on that were passed already, by another way of reading. */
  readonly passed?: readonly ProfileRow[];
  /** Hands each request over from its oldest to its newest row: for logs that have the newest row first. */
  readonly sort?: boolean;
  /** Ends the stretch as soon as so many rows were passed in all. */
  readonly until?: number;
}

/** How rows of a stretch were found. */
export interface Stretched {
  readonly ended: Ended;
  /** A row that was passed before was not there any more: newer rows take the place of old ones faster than they are read. */
  readonly overtaken: boolean;
  /** The first row that came. */
  readonly first: ProfileRow | undefined;
  /** The newest row that was passed, and all others of the same time: what the next stretch has to start with. */
  readonly tail: readonly ProfileRow[];
}

/** Rows that are kept to tell rows that come twice; beyond that only those of the newest time are. */
const MOST_KEPT = 16_384;
/** A date_time has hundredths. */
const SHORTEST_STEP_MS = 10;

/**
 * Reads rows by ranges of their time. A range starts at the newest time that was passed, because a meter may keep its times finer than it shows them; rows
 * that were passed are told by their values. After a drop the range is asked for again from its start, at half its length: so a row whose
 * time lies before that of its predecessor (a clock that was set back) is not missed.
 */
export async function readByRange(reading: Reading, stretch: Stretch): Promise<Stretched> {
  const { shape } = reading;
  const bounded = Number.isFinite(stretch.step);
  let from = stretch.from;
  let reached = stretch.from;
  let step = stretch.step;
  let kept: ProfileRow[] = [...(stretch.passed ?? [])];
  let first: ProfileRow | undefined;
  let overtaken = false;
  let started = false;
  const result = (ended: Ended): Stretched => ({ ended, overtaken, first, tail: newestOf(kept) });

  for (;;) {
    const to = bounded ? Math.min(stretch.to, Math.floor(reached + step)) : stretch.to;
    const known = recognise(kept);
    // After a drop the range is shorter, and rows from behind its end may have been passed already.
    const expected = kept.filter(({ time }) => time !== null && time <= to).length;
    const asked = from;
    let met = 0;
    let before: ProfileRow | undefined;
    const buffered: ProfileRow[] = [];

    const keep = (fresh: readonly ProfileRow[]): void => {
      kept.push(...fresh);
      if (kept.length <= MOST_KEPT && bounded) return;
      kept = newestOf(kept);
      from = Math.max(from, kept[0]?.time ?? from);
    };
    const fetched = await reading.fetch({ kind: 'range', from: asked, to }, async (rows) => {
      const fresh: ProfileRow[] = [];
      let enough = false;
      for (const row of rows) {
        const passed = known(row);
        if (passed !== undefined) {
          met += 1;
          before = passed;
          continue;
        }
        before = stretch.sort === true ? row : dated(row, before, shape.capturePeriod);
        // A meter that compares whole seconds or minutes gives rows of the range before again, and some from behind the end.
        if (before.time !== null && (before.time < asked || before.time > stretch.to)) continue;
        enough = stretch.until !== undefined && reading.passed() + fresh.length >= stretch.until;
        if (enough) break;
        first ??= before;
        fresh.push(before);
      }
      if (stretch.sort === true) buffered.push(...fresh);
      else {
        keep(fresh);
        await reading.deliver(fresh);
      }
      return enough ? 'stop' : undefined;
    });

    if (fetched.kind === 'refused') {
      return result(started ? { kind: 'failed', problem: fetched.problem } : fetched);
    }
    if (fetched.kind === 'failed') return result(fetched);
    if (fetched.kind === 'lost') {
      const gone = await reading.recover(fetched.problem);
      if (gone !== undefined) return result({ kind: 'failed', problem: gone });
      if (bounded) step = Math.max(SHORTEST_STEP_MS, step / 2);
      continue;
    }
    started = true;
    if (buffered.length > 0) {
      const sorted = byTime(buffered);
      keep(sorted);
      await reading.deliver(sorted);
    }
    if (fetched.kind === 'done' && met < expected) overtaken = true;
    if (fetched.kind === 'stopped' || to >= stretch.to) return result({ kind: 'done' });
    reached = to;
    step = Math.min(stretch.step, step * 2);
    from = Math.max(from, newestOf(kept.filter(({ time }) => time !== null && time <= to))[0]?.time ?? from);
    const start = from;
    kept = kept.filter(({ time }) => time !== null && time >= start);
  }
}

/** Rows of the newest time, in their order; those without a time are not among them. */
function newestOf(rows: readonly ProfileRow[]): ProfileRow[] {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { time } of rows) if (time !== null && time > newest) newest = time;
  return rows.filter(({ time }) => time === newest);
}

function byTime(rows: readonly ProfileRow[]): readonly ProfileRow[] {
  return [...rows].reverse().sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
}

/** Tells rows that were passed, each as often as it was passed; gives the row as it was passed, with its time. */
function recognise(rows: readonly ProfileRow[]): (row: ProfileRow) => ProfileRow | undefined {
  const byTimes = new Map<number | null, ProfileRow[]>();
  for (const row of rows) {
    const others = byTimes.get(row.time);
    if (others === undefined) byTimes.set(row.time, [row]);
    else others.push(row);
  }
  const takeFrom = (others: ProfileRow[] | undefined, row: ProfileRow): ProfileRow | undefined => {
    const place = others?.findIndex((other) => sameRow(other, row)) ?? -1;
    return place < 0 ? undefined : others?.splice(place, 1)[0];
  };
  return (row) => {
    if (byTimes.size === 0) return undefined;
    if (row.time !== null) return takeFrom(byTimes.get(row.time), row);
    // Without its time a row is the oldest of those that were passed and have its values.
    for (const others of byTimes.values()) {
      const found = takeFrom(others, row);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
