import type { BackupItem, BackupItemId } from '../../shared/domain/backup.ts';
import { fail, ok, type Result } from '../../shared/domain/problem.ts';
import type { ItemOutcome } from './items/item.ts';
import type { BackupRequest } from './types.ts';

type Waiver = NonNullable<BackupItem['waiver']>;

/**
 * The waivers of a request by item. A waiver needs a name and a reason (`backup/waiver-without-name`, `backup/waiver-without-reason`); several reasons
 * for one item are put together.
 */
export function readWaivers(request: Pick<BackupRequest, 'waive' | 'by'>): Result<ReadonlyMap<BackupItemId, Waiver>> {
  const by = request.by.trim();
  const waivers = new Map<BackupItemId, Waiver>();
  for (const waiver of request.waive) {
    const reason = waiver.reason.trim();
    if (reason === '') {
      return fail({
        code: 'backup/waiver-without-reason',
        title: 'A waiver needs a reason',
        because: `The item ${waiver.item} was waived without a reason; the reason goes into the backup's record.`,
        nextStep: `Write down why the backup may go without ${waiver.item}.`,
        details: { item: waiver.item },
      });
    }
    if (by === '') {
      return fail({
        code: 'backup/waiver-without-name',
        title: 'A waiver needs a name',
        because: `The item ${waiver.item} was waived, but nobody's name was given.`,
        nextStep: 'Give the name of the person who decides to go on without it.',
        details: { item: waiver.item },
      });
    }
    const earlier = waivers.get(waiver.item);
    waivers.set(waiver.item, { by, reason: earlier === undefined ? reason : `${earlier.reason}; ${reason}` });
  }
  return ok(waivers);
}

/** The final state of an item. A waiver for an item that was saved is not needed: the item stays `saved`, and the record says so. */
export function settle(id: BackupItemId, outcome: ItemOutcome, waiver: Waiver | undefined): BackupItem {
  if (waiver === undefined) return { id, ...outcome };
  if (outcome.state === 'saved') {
    const unneeded = `It was waived by ${waiver.by} (${waiver.reason}), which was not needed.`;
    return { id, ...outcome, because: `${outcome.because} ${unneeded}` };
  }
  const because = `Waived by ${waiver.by}: ${asSentence(waiver.reason)} Otherwise ${outcome.state}: ${outcome.because}`;
  return { id, ...outcome, state: 'waived', waiver, because };
}

/** What a person wrote, with one mark at its end whether or not they wrote it. */
function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
