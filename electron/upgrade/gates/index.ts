import { GATE_IDS, type Gate, type GateId } from '../../../shared/domain/gate.ts';
import { backupFresh } from './backup-fresh.ts';
import { channelPermitted } from './channel-permitted.ts';
import { clockOffset } from './clock-offset.ts';
import { defaultPassword } from './default-password.ts';
import type { GateFacts } from './facts.ts';
import { featureNotes } from './feature-notes.ts';
import { freeSockets } from './free-sockets.ts';
import { ionSetup } from './ion-setup.ts';
import { irreversible } from './irreversible.ts';
import { laptop } from './laptop.ts';
import { minimumStartVersion } from './minimum-start-version.ts';
import { modelFits } from './model-fits.ts';
import { packageFormat } from './package-format.ts';
import { packageHash } from './package-hash.ts';
import { packageSignature } from './package-signature.ts';
import { revenueLock } from './revenue-lock.ts';
import { targetNewer } from './target-newer.ts';

const GATES: Readonly<Record<GateId, (facts: GateFacts) => Gate>> = {
  'package-format': packageFormat,
  'package-hash': packageHash,
  'package-signature': packageSignature,
  'channel-permitted': channelPermitted,
  'model-fits': modelFits,
  'target-newer': targetNewer,
  'minimum-start-version': minimumStartVersion,
  irreversible,
  'revenue-lock': revenueLock,
  'backup-fresh': backupFresh,
  'ion-setup': ionSetup,
  'free-sockets': freeSockets,
  'clock-offset': clockOffset,
  laptop,
  'feature-notes': featureNotes,
  'default-password': defaultPassword,
};

/** Every gate on the same facts, in the order of {@link GATE_IDS}. Pure: same facts, same answers; never throws. */
export function evaluateGates(facts: GateFacts): readonly Gate[] {
  return GATE_IDS.map((id) => GATES[id](facts));
}
