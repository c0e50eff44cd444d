import type { Change, ChangeOutcome, ChangeResult, Setting, SettingArea } from '../../shared/domain/change.ts';
import { fail, ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import { recorderOf } from '../../shared/domain/settings/desired.ts';
import type { AuditEvent, SettingEvent } from '../inventory/audit.ts';
import type { SetupItem, SetupSession } from '../meter/setup/types.ts';
import type { SiteMap } from '../meter/site-map/types.ts';
import type { Meter } from '../meter/types.ts';
import { handOffFor } from './hand-off.ts';
import { type ReadSetting, readArea, type SetupArea } from './read.ts';
import { stopBefore } from './stop.ts';
import type { ApplyOutcome, Bindings, PlanReview } from './types.ts';

export interface ApplyOptions {
  /** Name of this application, unique. */
  readonly run: string;
  /** Who applies it. */
  readonly by: string;
  readonly bindingsOf: (map: SiteMap) => Bindings;
  /** Puts lines into the audit trail; the effect they announce waits until they are on the disk. */
  readonly record: (events: readonly AuditEvent[]) => Promise<Result<void>>;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, of: number, setting: string) => void;
}

/** Settings that one request writes: one of its own, or all of one recorder. */
interface Batch {
  readonly changes: readonly Change[];
  readonly items: readonly SetupItem[];
}

/**
 * Applies a reviewed plan: reads the area again and refuses when it is not what was reviewed (`configure/changed-meanwhile`), writes what goes over
 * Modbus in the order of the review, each announced in the audit trail before it is sent, and reads everything again at the end; the outcomes
 * come from that last reading. A setting that the meter refuses fails and lets the others go on; when Modbus programming is off, or the
 * connection is lost, the rest is skipped and put on the change sheet. A change that may cut the connection is tested with a second one and taken back when
 * that fails. A stop is obeyed between two requests: one that is on its way is read again first. Fails as a whole only before anything was written.
 */
export async function applyPlan(
  meter: Meter,
  review: PlanReview,
  options: ApplyOptions,
): Promise<Result<ApplyOutcome>> {
  const block = blockOf(review);
  if (block !== undefined) return { ok: false, problem: block };
  const { area } = review;
  if (area === 'clock') throw new TypeError('The clock is set by its own action.');
  const writable = review.changes.filter(({ channel }) => channel === 'modbus');
  if (writable.length === 0) return ok(onlyByHand(review, options.run));
  const stop = stopBefore(options.signal);
  return meter.withSetup(async (session) => {
    const fresh = await readArea(session, area, options.bindingsOf(session.map), options.now());
    if (!fresh.ok) return fresh;
    const stale = changedMeanwhile(writable, fresh.value);
    if (stale !== undefined) return { ok: false, problem: stale };
    stop.begun();
    return write(session, area, meter.address.ports.modbus, review, fresh.value, options);
  }, stop.signal);
}

async function write(
  session: SetupSession,
  area: Exclude<SettingArea, 'clock'>,
  port: number,
  review: PlanReview,
  fresh: SetupArea,
  options: ApplyOptions,
): Promise<Result<ApplyOutcome>> {
  const batches = batchesOf(review.changes, fresh);
  const failures = new Map<string, Problem>();
  const unconfirmed = new Set<string>();
  let ended: Problem | undefined;
  let done = 0;
  for (const batch of batches) {
    const [first] = batch.changes;
    if (first === undefined) continue;
    if (options.signal?.aborted) ended = stopped();
    if (ended !== undefined) break;
    options.onProgress?.(done, batches.length, first.id);
    const announced = await options.record(
      batch.changes.map((change) => eventOf(change, 'announced', '', review, options)),
    );
    if (!announced.ok) {
      ended = announced.problem;
      break;
    }
    const written = await writeBatch(session, port, batch, fresh);
    if (written.ok) {
      if (written.value === 'cannot-be-read-back') for (const { id } of batch.changes) unconfirmed.add(id);
    } else {
      for (const { id } of batch.changes) failures.set(id, written.problem);
      if (endsAll(written.problem.code)) ended = { ...written.problem, meterState: STATE_OF_THE_REST };
    }
    done += 1;
  }
  const after = await readArea(session, area, options.bindingsOf(session.map), options.now());
  const settings = after.ok ? after.value.reading.settings : null;
  const ends = review.changes.map((change) => ({
    change,
    result: resultOf(change, { failures, unconfirmed, ended, after: settings }),
  }));
  const recorded = await options.record(
    ends.map(({ change, result }) => eventOf(change, result.outcome, result.because, review, options)),
  );
  const left = ends.filter(({ result }) => ['skipped', 'failed'].includes(result.outcome)).map(({ change }) => change);
  const problem = ended ?? (after.ok ? undefined : after.problem) ?? (recorded.ok ? undefined : recorded.problem);
  return ok({
    run: options.run,
    results: ends.map(({ result }) => result),
    handOff: left.length === 0 ? null : handOffFor(area, left, fresh.reading.identity),
    after: after.ok ? after.value.reading : null,
    problem: problem ?? null,
  });
}

/** The problem of one request knows nothing of those before it. */
const STATE_OF_THE_REST =
  'What is listed as written is in the meter and was read again; what is listed as skipped was not sent; of the rest the list says what is known.';

/** After these nothing more is sent: the next setting would meet the same. */
function endsAll(code: string): boolean {
  return code === 'setup/protected' || leavesOpen(code);
}

/** The write may have reached the meter all the same: only reading again tells. */
function leavesOpen(code: string): boolean {
  return code === 'aborted' || code === 'setup/not-read-back' || code.startsWith('modbus/');
}

/** Writes one batch; where it may cut the connection, the way is tested and the batch taken back when it is gone. */
async function writeBatch(
  session: SetupSession,
  port: number,
  batch: Batch,
  before: SetupArea,
): Promise<Result<'verified' | 'cannot-be-read-back'>> {
  const written = await session.write(batch.items);
  if (!written.ok) return written;
  const mismatch = written.value.find(({ verdict }) => verdict === 'mismatch');
  if (mismatch !== undefined) {
    return fail({
      code: 'configure/mismatch',
      title: `"${mismatch.row.name}" does not hold what was written`,
      because: `The meter took the write without an objection, and gives ${String(mismatch.after)} when it is read.`,
      meterState: `"${mismatch.row.name}" is ${String(mismatch.after)}.`,
      nextStep: 'Read the settings again and compare; if it stays so, use ION Setup.',
      details: { setting: mismatch.row.name },
    });
  }
  if (batch.changes.some(({ mayCutConnection }) => mayCutConnection)) {
    const way = await session.tryWay(port);
    if (!way.ok) return takeBack(session, batch, before, way.problem);
  }
  return ok(
    written.value.some(({ verdict }) => verdict === 'cannot-be-read-back') ? 'cannot-be-read-back' : 'verified',
  );
}

/** Writes the old values over the connection that is still open. */
async function takeBack(
  session: SetupSession,
  batch: Batch,
  before: SetupArea,
  cause: Problem,
): Promise<Result<never>> {
  const old = batch.items.map(({ row, value }): SetupItem => {
    const read = before.settings.find(({ rows }) => rows.includes(row));
    const raw = read?.raw[read.rows.indexOf(row)];
    return { row, value: raw === undefined || raw === 'unavailable' ? value : raw };
  });
  const back = await session.write(old);
  const restored = back.ok && back.value.every(({ verdict }) => verdict === 'verified');
  const names = batch.changes.map(({ id }) => id).join(', ');
  return fail({
    code: restored ? 'configure/taken-back' : 'configure/way-lost',
    title: restored
      ? `The change of ${names} was taken back`
      : `The meter is not reached any more after the change of ${names}`,
    because: `A second connection to the meter failed after the change: ${cause.because}`,
    meterState: restored
      ? 'The setting is as it was, and was read again.'
      : 'The new setting is in the meter; it could not be taken back.',
    nextStep: restored
      ? 'Find out why the meter could not be reached with the new setting before you try again.'
      : 'Reach the meter on its new way or at its display, and set the old value there.',
    details: { settings: names, cause: cause.code },
  });
}

/**
 * All rows of a recorder are one batch, because each write of one erases its log. Of the others, those whose registers follow each other are one: the
 * meter judges what comes in one request together (Foreign mode and its BBMD, a complexity and its length), and no order would suit every
 * change. Batches keep the order of the review.
 */
function batchesOf(changes: readonly Change[], area: SetupArea): readonly Batch[] {
  const byModbus = changes.filter(({ channel }) => channel === 'modbus');
  const recorders = new Map<number, Change[]>();
  const singles: Batch[] = [];
  for (const change of byModbus) {
    const recorder = recorderOf(change.id)?.number;
    if (recorder === undefined) singles.push({ changes: [change], items: itemsOf([change], area) });
    else recorders.set(recorder, [...(recorders.get(recorder) ?? []), change]);
  }
  const groups = [...recorders.values()].map((group) => ({ changes: group, items: itemsOf(group, area) }));
  const place = (batch: Batch): number => Math.min(...batch.changes.map((change) => byModbus.indexOf(change)));
  return [...groups, ...joined(singles)].sort((a, b) => place(a) - place(b));
}

/** Joins batches whose registers follow each other; one that may cut the connection stays alone. */
function joined(batches: readonly Batch[]): readonly Batch[] {
  const register = ({ items }: Batch): number => items[0]?.row.register ?? 0;
  const cuts = ({ changes }: Batch): boolean => changes.some(({ mayCutConnection }) => mayCutConnection);
  const result: Batch[] = [];
  for (const batch of [...batches].sort((a, b) => register(a) - register(b))) {
    const before = result.at(-1);
    const end = before?.items.at(-1)?.row;
    if (
      before !== undefined &&
      end !== undefined &&
      end.register + end.count === register(batch) &&
      !cuts(batch) &&
      !cuts(before)
    ) {
      result[result.length - 1] = {
        changes: [...before.changes, ...batch.changes],
        items: [...before.items, ...batch.items],
      };
    } else {
      result.push(batch);
    }
  }
  return result;
}

function itemsOf(changes: readonly Change[], area: SetupArea): readonly SetupItem[] {
  const [first] = changes;
  const recorder = first === undefined ? undefined : recorderOf(first.id)?.number;
  const wanted = new Map(changes.map(({ id, to }) => [id, to]));
  const touched = area.settings.filter(({ setting }) =>
    recorder === undefined ? wanted.has(setting.id) : recorderOf(setting.id)?.number === recorder,
  );
  const items = touched.flatMap((read) => itemsOfSetting(read, wanted.get(read.setting.id)));
  return items.sort((a, b) => a.row.register - b.row.register);
}

/** The rows of a setting with their new values, or with those that they have. */
function itemsOfSetting({ definition, rows, raw }: ReadSetting, to: Change['to'] | undefined): readonly SetupItem[] {
  const values = to === undefined ? raw : definition.write(to);
  return rows.flatMap((row, index): SetupItem[] => {
    const value = values?.[index];
    if (row === undefined || !row.writable || value === undefined || value === 'unavailable') return [];
    return [{ row, value }];
  });
}

function resultOf(
  change: Change,
  found: {
    readonly failures: ReadonlyMap<string, Problem>;
    readonly unconfirmed: ReadonlySet<string>;
    readonly ended: Problem | undefined;
    readonly after: readonly Setting[] | null;
  },
): ChangeResult {
  const { id, from: before, to } = change;
  const read = found.after?.find((setting) => setting.id === id);
  const after = read === undefined ? 'unread' : read.value;
  const said = (outcome: ChangeOutcome, because: string): ChangeResult => ({ id, outcome, because, before, after });
  if (change.channel === 'hand-off') return said('skipped', 'It is on the change sheet: this tool cannot write it.');
  const failure = found.failures.get(id);
  const open = failure !== undefined && leavesOpen(failure.code);
  if (failure !== undefined && !open) return said('failed', `${failure.title}: ${failure.because}`);
  if (after === to) return said('written', 'It was read again and is what the plan asked for.');
  if (found.unconfirmed.has(id))
    return said('cannot-be-read-back', 'It was sent, and the meter does not give it back.');
  if (failure !== undefined) {
    return after === 'unread'
      ? said('cannot-be-read-back', `Whether the meter took it is not known. ${failure.title}: ${failure.because}`)
      : said('failed', `It reads ${String(after)} now. ${failure.title}: ${failure.because}`);
  }
  if (found.ended !== undefined) return said('skipped', `Nothing was sent: ${found.ended.title}.`);
  if (after === 'unread') return said('cannot-be-read-back', 'It was sent, and could not be read again.');
  return said('failed', `It was sent, and reads ${String(after)} now.`);
}

function onlyByHand(review: PlanReview, run: string): ApplyOutcome {
  const results = review.changes.map(
    ({ id, from }): ChangeResult => ({
      id,
      outcome: 'skipped',
      because: 'It is on the change sheet: this tool cannot write it.',
      before: from,
      after: from,
    }),
  );
  return { run, results, handOff: review.handOff, after: review.reading, problem: null };
}

function changedMeanwhile(changes: readonly Change[], fresh: SetupArea): Problem | undefined {
  const other = changes.filter(
    ({ id, from }) => fresh.settings.find(({ setting }) => setting.id === id)?.setting.value !== from,
  );
  if (other.length === 0) return undefined;
  return fail({
    code: 'configure/changed-meanwhile',
    title: 'The meter is not as it was when the plan was reviewed',
    because: `Changed since: ${other.map(({ id }) => id).join(', ')}.`,
    nextStep: 'Review the plan again with the new values.',
  }).problem;
}

/** Why a reviewed plan cannot be applied; undefined when it can. */
export function blockOf({ blocks }: Pick<PlanReview, 'blocks'>): Problem | undefined {
  if (blocks.length === 0) return undefined;
  return fail({
    code: 'configure/blocked',
    title: 'The plan cannot be applied',
    because: blocks.join(' '),
    nextStep: 'Correct the plan; take a backup first where a log would be lost.',
    details: { blocks: blocks.length },
  }).problem;
}

function stopped(): Problem {
  return fail({
    code: 'aborted',
    title: 'Stopped',
    because: 'It was stopped between two settings.',
    meterState: 'What was written before is in the meter; the rest was not sent.',
    nextStep: 'Read the settings, and apply the rest when you are ready.',
  }).problem;
}

function eventOf(
  change: Change,
  outcome: SettingEvent['outcome'],
  because: string,
  review: PlanReview,
  { run, by }: ApplyOptions,
): SettingEvent {
  return {
    kind: 'setting',
    run,
    by,
    serial: review.reading.identity.serial ?? '',
    area: review.area,
    setting: change.id,
    from: change.from,
    to: change.to,
    channel: change.channel,
    outcome,
    because,
  };
}
