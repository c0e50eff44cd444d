import { BACKUP_ITEM_IDS, type BackupItemId } from '../../../shared/domain/backup.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import type { Meter } from '../../meter/types.ts';
import { cancelled } from '../problems.ts';
import { registersToJson } from '../register-file.ts';
import type { BackupDiff } from '../types.ts';
import { readBagSide } from './bag.ts';
import { COMPARED_ITEMS, type ComparedSide, compareAll } from './compare.ts';
import { meterFiles } from './meter-files.ts';

/**
 * Compares two backups: identity, the registers of the groups identity, setup, io and energy, and the files of every item by their hash, and of each log its rows, first and last. Not compared,
 * because they differ by nature: live values, the clock, and when things were read. Energies are compared and named as counting on. What one of
 * the two does not have is in `unread`, never silently left out. Both bags are verified first (`backup/diff-unverified`), and a comparison of
 * nothing is `backup/nothing-compared`.
 */
export async function diffBackups(a: string, b: string): Promise<Result<BackupDiff>> {
  const first = await readBagSide(a, 'the first backup');
  if (!first.ok) return first;
  const second = await readBagSide(b, 'the second backup');
  if (!second.ok) return second;
  return conclude(compareAll(first.value, second.value));
}

/**
 * Compares a backup with what the meter gives now, in the same way as {@link diffBackups}. Files are read from the meter again and hashed; files
 * that were attached cannot be compared with a meter and are in `unread`.
 */
export async function diffWithMeter(
  a: string,
  meter: Meter,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Result<BackupDiff>> {
  const backup = await readBagSide(a, 'the backup');
  if (!backup.ok) return backup;
  const live = await readMeterSide(meter, backup.value, options.signal);
  if (options.signal?.aborted) return { ok: false, problem: cancelled() };
  if (!live.ok) return live;
  return conclude(compareAll(backup.value, live.value));
}

async function readMeterSide(
  meter: Meter,
  backup: ComparedSide,
  signal: AbortSignal | undefined,
): Promise<Result<ComparedSide>> {
  const identity = await meter.identify(signal);
  if (!identity.ok) return identity;
  const snapshot = await meter.readGroup('all', signal);
  const unread = new Map<BackupItemId, string>();
  for (const id of BACKUP_ITEM_IDS) {
    if (!COMPARED_ITEMS.has(id)) unread.set(id, 'No open protocol of the meter gives it.');
  }
  unread.set('ion-setup-exports', 'Attached files are not on the meter.');
  if (!snapshot.ok) unread.set('registers', `${snapshot.problem.title}: ${snapshot.problem.because}`);
  const logs = backup.logs === undefined ? undefined : await meterLogs(meter, unread, signal);
  const files = await meterFiles(meter, backup.files, unread, signal);
  return ok({
    name: 'the meter',
    identity: identity.value satisfies MeterIdentity,
    registers: snapshot.ok ? registersToJson(snapshot.value) : undefined,
    files,
    logs,
    unread,
  });
}

/** How many rows each log of the meter has now, and from when to when. */
async function meterLogs(
  meter: Meter,
  unread: Map<BackupItemId, string>,
  signal: AbortSignal | undefined,
): Promise<ComparedSide['logs']> {
  const listed = await meter.withLogs((logs) => logs.recorders({ times: true, signal }), signal);
  if (listed.ok) {
    return new Map(
      listed.value.map(({ id, kind, name, entries, first, last }) => [id, { kind, name, first, last, rows: entries }]),
    );
  }
  const because = `${listed.problem.title}: ${listed.problem.because}`;
  for (const item of ['recorder-logs', 'event-log'] as const) unread.set(item, because);
  return undefined;
}

function conclude(diff: BackupDiff): Result<BackupDiff> {
  if (diff.compared > 0) return ok(diff);
  return fail({
    code: 'backup/nothing-compared',
    title: 'Nothing could be compared',
    because: diff.unread[0]?.because ?? 'Neither side has anything that can be compared.',
    meterState: METER_STATE.untouched,
    nextStep: 'Do not take this for "no differences". Check that both sides can be read, and compare again.',
    details: { unread: diff.unread.length },
  });
}
