import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { aTarget, block, pass, unknown } from './gate.ts';

const ID = 'revenue-lock';

/**
 * A revenue-locked meter takes no firmware. The LED shows the state: off = unlocked, on = locked, flashing = a change waits for a power
 * cycle (vendor, revenue-lock LED behaviour). A real meter does not say it over open protocols, so a person looks.
 */
export function revenueLock(facts: GateFacts): Gate {
  if (facts.target === 'web-pages' || facts.target === 'cid') {
    return pass(ID, `This check is for firmware; what is sent is ${aTarget(facts.target)}.`);
  }
  switch (facts.revenueLock) {
    case 'unlocked':
      return pass(ID, 'The meter says that it is not revenue-locked.');
    case 'locked':
      return block(
        ID,
        'The meter is revenue-locked and takes no firmware.',
        'Unlock it by the procedure for revenue meters (seal, unlock, upgrade, lock, reseal; the authority may have to certify it again).',
      );
    case 'pending':
      return block(
        ID,
        'A change of the revenue lock waits for a power cycle of the meter.',
        'Cycle the power of the meter, check that the revenue-lock LED is off, then check again.',
      );
    case null:
      return unknown(
        ID,
        'This meter does not say over open protocols whether it is revenue-locked; a locked meter takes no firmware.',
        'Look at the revenue-lock LED: off is unlocked, on is locked, flashing waits for a power cycle. Say in the reason that it is off.',
      );
  }
}
