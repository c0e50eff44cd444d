import type { BackupItemId, BackupItemState } from '../../../shared/domain/backup.ts';
import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { GateId } from '../../../shared/domain/gate.ts';
import type { UpgradeChannel, UpgradeStateName, UpgradeTarget } from '../../../shared/domain/job.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';

/** The stages of a job in the order in which they are reported. */
export const TEXT_OF_STAGE = [
  'Checks',
  'Backup',
  'Transfer',
  'Acceptance and confirmation',
  'Apply and restart',
  'Verification',
  'Interrupted',
] as const;
export type StageText = (typeof TEXT_OF_STAGE)[number];

/** The stage that a job is in; null once it has ended. */
export const STAGE_OF_STATE: Readonly<Record<UpgradeStateName, StageText | null>> = {
  prepared: 'Checks',
  gated: 'Backup',
  'backed-up': 'Backup',
  transferring: 'Transfer',
  transferred: 'Acceptance and confirmation',
  applying: 'Apply and restart',
  restarting: 'Apply and restart',
  returned: 'Verification',
  verifying: 'Verification',
  interrupted: 'Interrupted',
  done: null,
  failed: null,
  cancelled: null,
};

export const TEXT_OF_STATE: Readonly<Record<UpgradeStateName, string>> = {
  prepared: 'the checks had not ended',
  gated: 'the checks had passed and the backup was being secured',
  'backed-up': 'the backup was secured',
  transferring: 'the transfer had not ended',
  transferred: 'the image was on the meter and not applied',
  applying: 'the upgrade was started on the meter',
  restarting: 'the meter was restarting',
  returned: 'the meter had come back and was not verified',
  verifying: 'the meter was being verified',
  done: 'done',
  interrupted: 'interrupted',
  failed: 'failed',
  cancelled: 'cancelled',
};

export const TEXT_OF_CHANNEL: Readonly<Record<UpgradeChannel, string>> = {
  'sftp-direct': 'SFTP, by this tool',
  'ion-setup': 'ION Setup, by hand',
};

export const TEXT_OF_TARGET: Readonly<Record<UpgradeTarget, string>> = {
  main: 'Main firmware',
  'option-module': 'Option module firmware',
  'remote-display': 'Remote display firmware',
  'web-pages': 'Web page file',
  cid: 'IEC 61850 configuration (CID)',
};

export const TEXT_OF_GATE: Readonly<Record<GateId, string>> = {
  'package-format': 'Package format',
  'package-hash': 'Package hashes',
  'package-signature': 'Image signature',
  'model-fits': 'Model',
  'target-newer': 'Newer than what runs',
  'minimum-start-version': 'Minimum start version',
  irreversible: 'Irreversible step',
  'revenue-lock': 'Revenue lock',
  'backup-fresh': 'Backup',
  'ion-setup': 'ION Setup',
  'free-sockets': 'Free connections',
  'clock-offset': 'Clock',
  laptop: 'This PC',
  'feature-notes': 'Feature notes',
  'channel-permitted': 'Way to the meter',
  'default-password': 'Default passwords',
};

export const TEXT_OF_ITEM: Readonly<Record<BackupItemId, string>> = {
  identity: 'Identity',
  clock: 'Clock',
  registers: 'Registers',
  energies: 'Energies',
  comtrade: 'Waveforms (COMTRADE)',
  documents: 'Documents',
  web: 'Web pages',
  iec61850: 'IEC 61850 files',
  'ion-setup-exports': 'Exports of ION Setup',
  'recorder-logs': 'Data recorder logs',
  'event-log': 'Event log',
};

export const TEXT_OF_ITEM_STATE: Readonly<Record<BackupItemState, string>> = {
  saved: 'Saved',
  partial: 'Partial',
  unreachable: 'Not reachable',
  waived: 'Waived',
  failed: 'Failed',
};

export const TEXT_OF_VERDICT: Readonly<Record<Verdict, string>> = {
  verified: 'Verified',
  mismatch: 'Mismatch',
  unknown: 'Unknown',
};

const TEXT_OF_FINDING: ReadonlyMap<string, string> = new Map([
  ['firmware', 'Firmware version'],
  ['serial', 'Serial number'],
  ['model', 'Model'],
  ['energies', 'Energies'],
  ['clock', 'Clock against this PC'],
  ['settings', 'Settings'],
  ['file', 'File on the meter'],
]);

/** What a finding is about; one that this version does not know keeps its id. */
export function findingName(id: string): string {
  return TEXT_OF_FINDING.get(id) ?? id;
}

/** "4.6.0", or what to say where there is none. */
export function versionText(version: FirmwareVersion | null, otherwise = 'not known'): string {
  return version === null ? otherwise : formatFirmware(version);
}

/** Bytes as people compare them: exact, thousands separated. */
export function bytesText(bytes: number): string {
  return `${String(Math.round(bytes)).replace(/\B(?=(\d{3})+$)/g, ',')} bytes`;
}

/** The last part of a path of any system: a report names files, not the folders of the PC it was written on. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
}

/** "1 h 02 min 03 s", "2 min 03 s", "4.5 s". */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = `${hours > 0 ? two(Math.floor((whole % 3600) / 60)) : Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return hours > 0 ? `${hours} h ${rest}` : rest;
}

/** "2025-01-31 12:00:00 UTC" from an ISO 8601 time in UTC. */
export function utcText(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
