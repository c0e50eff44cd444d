import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, pass, shownOr } from './gate.ts';

const ID = 'backup-fresh';
const TAKE_ONE = 'Take a backup of this meter now; the upgrade does it when no backup is given.';

/** What the upgrade destroys is on the disk, verified and fresh. The backup room judges; this gate only says what it found. */
export function backupFresh(facts: Pick<GateFacts, 'backup' | 'target'>): Gate {
  const { backup, target } = facts;
  if (target === 'web-pages' || target === 'cid') {
    return pass(ID, 'Only one file of the meter is replaced, and the job saves that file first.');
  }
  if (backup === null) return block(ID, 'There is no backup of this meter.', TAKE_ONE);
  if (!backup.counts)
    return block(ID, shownOr(backup.because, 'The backup does not count.'), shownOr(backup.fix, TAKE_ONE));
  return pass(ID, shownOr(backup.because, 'The backup is verified and fresh.'));
}
