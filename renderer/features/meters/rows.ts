import type { BackupListing, ListedMeter } from '../../../shared/contract/views.ts';
import { type FirmwareStatus, firmwareStatus } from '../../../shared/domain/firmware-status.ts';
import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { isRunning, type JobView } from '../../app/jobs-store.ts';
import { nameOf, placeOf } from '../../app/meters-store.ts';

/** One meter as the table shows it; everything in it was said by the engine. */
export interface MeterRow {
  readonly id: string;
  readonly meter: ListedMeter;
  readonly name: string;
  readonly place: string;
  readonly firmware: string | null;
  readonly firmwareStatus: FirmwareStatus;
  /** When the newest backup of this serial number was taken; null where there is none. */
  readonly lastBackup: string | null;
  /** The newest job of this meter that runs or was interrupted. */
  readonly job: JobView | null;
}

/** Puts meters, backups and jobs side by side. */
export function rowsOf(
  meters: readonly ListedMeter[],
  backups: readonly BackupListing[],
  jobs: Iterable<JobView>,
  newest: FirmwareVersion | null,
): readonly MeterRow[] {
  const taken = newestBackups(backups);
  const open = openJobs(jobs);
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
      lastBackup: serial === null ? null : (taken.get(serial) ?? null),
      job: open.get(placeOf(meter)) ?? null,
    };
  });
}

function newestBackups(backups: readonly BackupListing[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const { serial, takenAt } of backups) {
    if (serial !== null && takenAt !== null && takenAt > (newest.get(serial) ?? '')) newest.set(serial, takenAt);
  }
  return newest;
}

function openJobs(jobs: Iterable<JobView>): ReadonlyMap<string, JobView> {
  const open = new Map<string, JobView>();
  for (const job of jobs) {
    const { summary } = job;
    if (!isRunning(summary) && summary.state !== 'interrupted') continue;
    const place = placeOf(summary);
    const other = open.get(place);
    if (other === undefined || other.summary.changedAt < summary.changedAt) open.set(place, job);
  }
  return open;
}
