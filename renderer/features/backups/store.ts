import type { z } from 'zod';
import { create } from 'zustand';
import type { BackupListing, backupDiffSchema, backupVerificationSchema } from '../../../shared/contract/views.ts';
import type { MeterPlace } from '../../../shared/domain/job.ts';
import { engine } from '../../engine/client.ts';
import { ask, askPlain, BUSY, IDLE, type Load, loaded } from '../ask.ts';

export type Verification = z.infer<typeof backupVerificationSchema>;
export type Diff = z.infer<typeof backupDiffSchema>;

/** What is being compared. */
export interface Comparison {
  readonly a: string;
  /** Another bag, or null for the meter as it is now. */
  readonly b: string | null;
  readonly found: Load<Diff>;
}

interface BackupsState {
  readonly list: Load<readonly BackupListing[]>;
  /** By bag; what was verified in this session. */
  readonly verified: ReadonlyMap<string, Load<Verification>>;
  readonly selected: ReadonlySet<string>;
  readonly comparison: Comparison | null;
}

/** The backups on this laptop, as the engine lists them. */
export const useBackups = create<BackupsState>(() => ({
  list: IDLE,
  verified: new Map(),
  selected: new Set(),
  comparison: null,
}));

let newestComparison = 0;

export async function readList(): Promise<void> {
  useBackups.setState({ list: BUSY });
  useBackups.setState({ list: loaded(await askPlain(() => engine.backups.list())) });
}

export function select(bag: string): void {
  useBackups.setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(bag)) next.add(bag);
    return { selected: next };
  });
}

/** Reads every file of a bag again. */
export async function verify(bag: string): Promise<void> {
  keep(bag, BUSY);
  keep(bag, loaded(await askPlain(() => engine.backups.verify({ bag }))));
}

function keep(bag: string, found: Load<Verification>): void {
  useBackups.setState(({ verified }) => ({ verified: new Map(verified).set(bag, found) }));
}

export function compare(a: string, b: string): Promise<void> {
  return comparing({ a, b }, () => ask(() => engine.backups.diff({ a, b })));
}

export function compareWithMeter(bag: string, address: MeterPlace): Promise<void> {
  return comparing({ a: bag, b: null }, () => ask(() => engine.backups.diffWithMeter({ address, bag })));
}

async function comparing(what: Omit<Comparison, 'found'>, work: () => ReturnType<typeof ask<Diff>>): Promise<void> {
  const turn = ++newestComparison;
  useBackups.setState({ comparison: { ...what, found: BUSY } });
  const found = loaded(await work());
  if (turn === newestComparison) useBackups.setState({ comparison: { ...what, found } });
}

export function closeComparison(): void {
  newestComparison += 1;
  useBackups.setState({ comparison: null });
}

/** The last part of the path of a bag: its name. */
export function bagName(bag: string): string {
  return (
    bag
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? bag
  );
}
