import type { Gate } from '../../../shared/domain/gate.ts';
import { mayWrite } from '../../../shared/domain/provenance.ts';
import type { GateFacts } from './facts.ts';
import { aTarget, block, pass, shownOr, unknown } from './gate.ts';

const ID = 'channel-permitted';
const USE_ION_SETUP = 'Use the channel ion-setup, the documented way for the main firmware.';

/**
 * The file goes where somebody vouches for it: a folder that only simulated meters are known to have is never written on a real one, and one that
 * the meter does not list is never made.
 */
export function channelPermitted(facts: Pick<GateFacts, 'channel' | 'folder' | 'identity' | 'target'>): Gate {
  const { channel, folder, identity, target } = facts;
  if (channel === 'ion-setup') return pass(ID, 'ION Setup carries the image; that is the documented way.');
  if (folder === null) {
    return block(ID, `No folder of this meter is known for ${aTarget(target)}.`, USE_ION_SETUP);
  }
  if (!mayWrite(folder.provenance, identity)) {
    return block(
      ID,
      `The folder ${folder.path} is known from simulated meters only; no document says that a real meter takes firmware there.`,
      USE_ION_SETUP,
    );
  }
  if (folder.listed === null) {
    return unknown(
      ID,
      `Whether the meter has the folder ${folder.path} could not be seen: ${shownOr(folder.because, 'it was not asked.')}`,
      'Give the user and the password of the meter, and check again.',
    );
  }
  if (!folder.listed) {
    return block(
      ID,
      `The meter does not list the folder ${folder.path}.`,
      target === 'main'
        ? USE_ION_SETUP
        : 'Check that SFTP is the meter’s own and that this firmware offers the folder.',
    );
  }
  return pass(ID, `The meter lists the folder ${folder.path}, which is for ${aTarget(target)}.`);
}
