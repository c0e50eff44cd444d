import { BACKUP_ITEM_IDS, type BackupItem, type BackupItemId } from '../../shared/domain/backup.ts';
import type { ClockReading, MeterIdentity } from '../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import type { Meter } from '../meter/types.ts';
import { sealBag } from './bag/seal.ts';
import { createBagWriter } from './bag/writer.ts';
import { asBackupProblem } from './folder/disk.ts';
import { createPlace, discard, type Place, prepareOut } from './folder/place.ts';
import { markUnfinished } from './folder/unfinished.ts';
import { saveClock, saveClockAtEnd } from './items/clock.ts';
import { comtradeItem } from './items/comtrade.ts';
import { checkAttachments, exportsItem, missingKinds } from './items/exports.ts';
import { documentsItem, iec61850Item, webItem } from './items/folders.ts';
import { identityItem } from './items/identity.ts';
import type { ItemContext, ItemSource } from './items/item.ts';
import { createLogCollection, writeLogIndex } from './items/log-collection.ts';
import { eventLogItem, recorderLogsItem } from './items/logs.ts';
import { energiesItem, registersItem } from './items/registers.ts';
import { cancelled } from './problems.ts';
import type { BackupEvidence, BackupOptions, BackupProgress, BackupRequest, BackupResult } from './types.ts';
import { LOGS_NOT_SHOWN } from './unreachable.ts';
import { verifyBackup } from './verify.ts';
import { readWaivers, settle } from './waivers.ts';

const SOURCES: Readonly<Record<Exclude<BackupItemId, 'clock'>, ItemSource>> = {
  identity: identityItem,
  registers: registersItem,
  energies: energiesItem,
  comtrade: comtradeItem,
  documents: documentsItem,
  web: webItem,
  iec61850: iec61850Item,
  'ion-setup-exports': exportsItem,
  'recorder-logs': recorderLogsItem,
  'event-log': eventLogItem,
};

const STEPS: readonly BackupProgress['item'][] = [...BACKUP_ITEM_IDS, 'seal', 'verify'];

/** What is settled before the first item. */
interface Run {
  readonly identity: MeterIdentity;
  readonly waivers: ReadonlyMap<BackupItemId, NonNullable<BackupItem['waiver']>>;
  readonly startedAt: Date;
  readonly now: () => Date;
}

/** What was saved, before it is sealed. */
interface Collected {
  readonly items: readonly BackupItem[];
  readonly clock: ClockReading;
}

/**
 * Takes a backup of a meter into a new folder `<out>/<serial>_<firmware>_<UTC time>`: saves every item, seals the bag, and reads it again from the
 * disk. An item that cannot be saved says so in its state and lets the others go on; a backup fails as a whole only when the meter does not say
 * who it is, the disk of this PC refuses, the request is wrong, or it is cancelled, and then nothing is left that could be taken for one.
 * The meter is only read; closing it is up to the caller.
 */
export async function takeBackup(
  meter: Meter,
  request: BackupRequest,
  options: BackupOptions,
): Promise<Result<BackupResult>> {
  const now = options.now ?? (() => new Date());
  const waivers = readWaivers(request);
  if (!waivers.ok) return waivers;
  const unattachable = await checkAttachments(request.attach);
  if (unattachable !== undefined) return { ok: false, problem: unattachable };
  const out = await prepareOut(request.out);
  if (!out.ok) return out;
  const identity = await meter.identify(options.signal);
  if (options.signal?.aborted) return { ok: false, problem: cancelled() };
  if (!identity.ok) return identity;
  const startedAt = now();
  const place = await createPlace(out.value, identity.value, startedAt);
  if (!place.ok) return place;

  const mark = await markUnfinished(place.value.partial);
  if (!mark.ok) return withLeftover(asBackupProblem(mark.problem), place.value);
  let sealed = false;
  try {
    const taken = await fill(meter, request, options, place.value, {
      identity: identity.value,
      waivers: waivers.value,
      startedAt,
      now,
    });
    sealed = taken.ok;
    // A sealed bag is nobody's work any more; whoever reads it changes nothing.
    if (sealed) await mark.value.release();
    return taken.ok ? await confirm(taken.value, options, now) : await withLeftover(taken.problem, place.value);
  } finally {
    if (!sealed) await discard(place.value);
    await mark.value.release();
  }
}

async function fill(
  meter: Meter,
  request: BackupRequest,
  options: BackupOptions,
  place: Place,
  run: Run,
): Promise<Result<Omit<BackupResult, 'verified'>>> {
  const bag = createBagWriter(place.partial);
  const logs = createLogCollection(run.identity.serial, request.since, options);
  const context = (item: BackupItemId, clock?: ClockReading): ItemContext => ({
    meter,
    identity: run.identity,
    bag,
    request,
    signal: options.signal,
    now: run.now,
    report: (message, bytes, rows) => report(options, item, message, bytes, rows),
    logs,
    clock,
  });
  const collected = await collect(context, run.waivers, options);
  if (!collected.ok) return collected;
  const { items, clock } = collected.value;
  const index = await writeLogIndex(bag, logs);
  if (!index.ok) return index;
  const end = await saveClockAtEnd(meter, bag, run.now, options.signal);
  if (!end.ok) return end;
  if (options.signal?.aborted) return { ok: false, problem: cancelled() };

  report(options, 'seal', 'Sealing the backup');
  const evidence: BackupEvidence = {
    format: 'meterwright-backup/1',
    tool: { name: 'Meterwright', version: options.toolVersion },
    by: request.by,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.now().toISOString(),
    host: meter.address.host,
    identity: run.identity,
    clock,
    items,
    gaps: gapsOf(items, request),
    logs: logs.evidence,
    missedLogs: logs.missed,
  };
  const fingerprint = await sealBag(bag, place.final, evidence, options.key);
  return fingerprint.ok ? ok({ bag: place.final, items, fingerprint: fingerprint.value }) : fingerprint;
}

async function collect(
  context: (item: BackupItemId, clock: ClockReading | undefined) => ItemContext,
  waivers: Run['waivers'],
  options: BackupOptions,
): Promise<Result<Collected>> {
  const items: BackupItem[] = [];
  let clock: ClockReading | undefined;
  for (const id of BACKUP_ITEM_IDS) {
    if (options.signal?.aborted) return { ok: false, problem: cancelled() };
    report(options, id, `Saving ${id}`);
    if (id === 'clock') {
      const saved = await saveClock(context(id, clock));
      if (!saved.ok) return saved;
      clock = saved.value.reading;
      items.push(settle(id, saved.value.outcome, waivers.get(id)));
    } else {
      const saved = await SOURCES[id].save(context(id, clock));
      if (!saved.ok) return saved;
      items.push(settle(id, saved.value, waivers.get(id)));
    }
  }
  if (options.signal?.aborted) return { ok: false, problem: cancelled() };
  if (clock === undefined) throw new TypeError('The list of items has no clock.');
  return ok({ items, clock });
}

/** Reads the sealed bag again; one that does not verify is no backup. */
async function confirm(
  taken: Omit<BackupResult, 'verified'>,
  options: BackupOptions,
  now: () => Date,
): Promise<Result<BackupResult>> {
  report(options, 'verify', 'Reading the backup again from the disk');
  const verification = await verifyBackup(taken.bag, { now, trustedKey: options.key });
  const [first] = verification.problems;
  if (first === undefined && verification.fingerprint === taken.fingerprint) return ok({ ...taken, verified: true });
  return fail({
    code: 'backup/not-verified',
    title: 'The backup was written, but what is on the disk is not what was saved',
    because: first === undefined ? 'Its fingerprint is another one.' : `${first.title}: ${first.because}`,
    meterState: METER_STATE.untouched,
    nextStep: 'Do not rely on it. Check the disk, and take the backup again in another folder.',
    details: { bag: taken.bag, cause: first?.code ?? null, problems: verification.problems.length },
  });
}

async function withLeftover(found: Problem, place: Place): Promise<{ readonly ok: false; readonly problem: Problem }> {
  const stillThere = await discard(place);
  if (stillThere === undefined) return { ok: false, problem: found };
  return {
    ok: false,
    problem: { ...found, details: { ...found.details, leftover: place.partial, leftoverBecause: stillThere } },
  };
}

/** Everything the meter has and the bag has not, in words: for the report and for an auditor. */
function gapsOf(items: readonly BackupItem[], request: BackupRequest): readonly string[] {
  const unsaved = items.filter((item) => item.state !== 'saved').map((item) => `${item.id}: ${item.because}`);
  const kinds = request.attach.length === 0 ? [] : missingKinds(request.attach);
  return [
    ...unsaved,
    ...kinds.map((kind) => `ion-setup-exports: no ${kind} was attached.`),
    LOGS_NOT_SHOWN,
    'Passwords of users: a meter never gives them back.',
  ];
}

function report(
  options: BackupOptions,
  item: BackupProgress['item'],
  message: string,
  bytes?: BackupProgress['bytes'],
  rows?: BackupProgress['rows'],
): void {
  const step = { index: STEPS.indexOf(item) + 1, count: STEPS.length };
  options.onProgress?.({
    item,
    step,
    message,
    ...(bytes === undefined ? {} : { bytes }),
    ...(rows === undefined ? {} : { rows }),
  });
}
