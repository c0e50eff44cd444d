import { create } from 'zustand';
import type { BackupProgressView, ListedMeter } from '../../../shared/contract/views.ts';
import type { BackupItem, BackupItemId } from '../../../shared/domain/backup.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { engine } from '../../engine/client.ts';
import { lost } from '../ask.ts';
import { readList } from '../backups/store.ts';

/** A backup of one meter that was asked for on its page. */
export type Taking =
  | {
      readonly state: 'busy';
      readonly item: string;
      readonly message: string;
      readonly done: number;
      readonly total: number;
      /** Only while the rows of a log come. */
      readonly rows?: BackupProgressView['rows'];
    }
  | { readonly state: 'taken'; readonly bag: string; readonly verified: boolean; readonly items: readonly BackupItem[] }
  | { readonly state: 'failed'; readonly problem: Problem };

/** Backups by id of the meter: they go on while the person looks at something else. */
export const useTaking = create<{ readonly taking: ReadonlyMap<string, Taking> }>(() => ({ taking: new Map() }));

/** What a backup is asked for with. */
export interface TakeRequest {
  readonly by: string;
  readonly attach: readonly string[];
  readonly waive: readonly { readonly item: BackupItemId; readonly reason: string }[];
}

/** Takes a backup of a meter and follows it to its end. One at a time for each meter. */
export async function takeBackup({ id, address }: ListedMeter, request: TakeRequest): Promise<void> {
  if (useTaking.getState().taking.get(id)?.state === 'busy') return;
  put(id, STARTING);
  const input = { address, by: request.by, attach: [...request.attach], waive: [...request.waive] };
  await listen(id, () => engine.backups.take(input));
}

/** Finds the backup that is under way for a meter, or how the last one ended: it may have been started before this page was loaded. */
export async function findBackup({ id, address }: ListedMeter): Promise<void> {
  if (useTaking.getState().taking.has(id) || looking.has(id)) return;
  looking.add(id);
  await listen(id, () => engine.backups.follow({ address }));
  looking.delete(id);
}

const STARTING: Taking = { state: 'busy', item: '', message: '', done: 0, total: 0 };
const looking = new Set<string>();

async function listen(id: string, open: () => ReturnType<typeof engine.backups.take>): Promise<void> {
  let heard = false;
  try {
    for await (const event of await open()) {
      heard = true;
      if (event.type === 'progress') put(id, { state: 'busy', ...event.progress });
      else if (event.type === 'failed') put(id, { state: 'failed', problem: event.problem });
      else put(id, { state: 'taken', ...event.result });
    }
  } catch (thrown) {
    if (useTaking.getState().taking.get(id)?.state === 'busy') put(id, { state: 'failed', problem: lost(thrown) });
  }
  if (heard) await readList();
}

/** Stops a backup that is being taken. What was saved so far is not a backup. */
export async function stopBackup({ id, address }: ListedMeter): Promise<void> {
  try {
    await engine.backups.stop({ address });
  } catch (thrown) {
    put(id, { state: 'failed', problem: lost(thrown) });
  }
}

function put(id: string, taking: Taking): void {
  useTaking.setState((before) => ({ taking: new Map(before.taking).set(id, taking) }));
}
