import type { BackupListing, ListedMeter } from '../../../shared/contract/views.ts';
import { type FirmwareStatus, firmwareStatus } from '../../../shared/domain/firmware-status.ts';
import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { isRunning } from '../../app/feeds/jobs-store.ts';
import { nameOf, placeOf } from '../../app/feeds/meters-store.ts';

/** The newest backup of a serial number. `unknown`: the engine did not list the backups, or the serial number is not known. */
export type LastBackup =
  | { readonly state: 'unknown' | 'none' }
  | { readonly state: 'taken'; readonly at: string; readonly check: BackupListing['check'] };

/** One meter as the table shows it; everything in it was said by the engine. */
export interface MeterRow {
  readonly id: string;
  readonly meter: ListedMeter;
  readonly name: string;
  readonly place: string;
  readonly firmware: string | null;
  readonly firmwareStatus: FirmwareStatus;
  readonly backup: LastBackup;
  /** The newest job of this meter that runs or was interrupted; `unknown` until the engine has said which jobs there are. */
  readonly job: JobSummary | 'unknown' | null;
}

/** Puts meters, backups and jobs side by side; `backups` and `jobs` are undefined while it is not known which there are. */
export function rowsOf(
  meters: readonly ListedMeter[],
  backups: readonly BackupListing[] | undefined,
  jobs: Iterable<JobSummary> | undefined,
  newest: FirmwareVersion | null,
): readonly MeterRow[] {
  const taken = backups === undefined ? undefined : newestBackups(backups);
  const open = jobs === undefined ? undefined : openJobs(jobs);
  return meters.map((meter) => {
    const version = meter.identity?.firmware ?? null;
    const serial = meter.identity?.serial ?? null;
    return {
      id: meter.id,
      meter,
      name: nameOf(meter),
      place: placeOf(meter),
      firmware: version === null ? null : formatFirmware(version),
      firmwareStatus: firmwareStatus(version, newest, meter.advisories),
      backup: serial === null || taken === undefined ? { state: 'unknown' } : (taken.get(serial) ?? { state: 'none' }),
      job: open === undefined ? 'unknown' : (open.get(placeOf(meter)) ?? null),
    };
  });
}

function newestBackups(backups: readonly BackupListing[]): ReadonlyMap<string, LastBackup & { state: 'taken' }> {
  const newest = new Map<string, LastBackup & { state: 'taken' }>();
  for (const { serial, takenAt, check } of backups) {
    if (serial === null || takenAt === null || takenAt <= (newest.get(serial)?.at ?? '')) continue;
    newest.set(serial, { state: 'taken', at: takenAt, check });
  }
  return newest;
}

function openJobs(jobs: Iterable<JobSummary>): ReadonlyMap<string, JobSummary> {
  const open = new Map<string, JobSummary>();
  for (const job of jobs) {
    if (!isRunning(job) && job.state !== 'interrupted') continue;
    const place = placeOf(job);
    const other = open.get(place);
    if (other === undefined || other.changedAt < job.changedAt) open.set(place, job);
  }
  return open;
}
