import type { Problem } from './problem.ts';

/** What a backup is made of, in the order in which it is taken: what an upgrade destroys for certain comes early. */
export const BACKUP_ITEM_IDS = [
  'identity',
  'clock',
  'registers',
  'energies',
  'comtrade',
  'documents',
  'web',
  'iec61850',
  'ion-setup-exports',
  'recorder-logs',
  'event-log',
] as const;
export type BackupItemId = (typeof BACKUP_ITEM_IDS)[number];

/**
 * How an item ended. `unreachable`: no open protocol of this meter reaches it now (the reason says why); `waived`: a named person decided to go
 * on without it; `failed`: it should have worked and did not.
 */
export const BACKUP_ITEM_STATES = ['saved', 'partial', 'unreachable', 'waived', 'failed'] as const;
export type BackupItemState = (typeof BACKUP_ITEM_STATES)[number];

export interface BackupItem {
  readonly id: BackupItemId;
  readonly state: BackupItemState;
  /** How many things were saved: registers, files, rows. */
  readonly count: number;
  /** How many there are on the meter, where that is known. */
  readonly expected?: number;
  readonly bytes: number;
  readonly because: string;
  /** Only when waived. */
  readonly waiver?: { readonly by: string; readonly reason: string };
  /** Why the item is not wholly saved; it stays when the item is waived. */
  readonly problem?: Problem;
}

/** An item stands in the way of a complete backup unless it is saved or waived by name. */
export function isCovered(item: Pick<BackupItem, 'state'>): boolean {
  return item.state === 'saved' || item.state === 'waived';
}
