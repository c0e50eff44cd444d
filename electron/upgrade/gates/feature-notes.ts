import { featureLimits } from '../../../shared/domain/feature-set.ts';
import { atLeast, firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { packageOf, pass, passUnlessMain, withoutPackage } from './gate.ts';

const ID = 'feature-notes';
const V4_6 = firmwareVersion('4.6.0');

/** What changes for the recorders from 4.6.0 on (release notes 7EN12-0483-00). It informs and never stops anything. */
export function featureNotes(facts: GateFacts): Gate {
  const notMain = passUnlessMain(ID, facts);
  if (notMain !== undefined) return notMain;
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const { targetVersion } = firmwarePackage;
  const { firmware, featureSet } = facts.identity;
  if (targetVersion === null || !atLeast(targetVersion, V4_6) || (firmware !== null && atLeast(firmware, V4_6))) {
    return pass(ID, 'No change of limits is known for this step.');
  }
  const limit = featureLimits(featureSet)?.outageRecorders;
  const outage =
    limit === undefined
      ? '19 data recorders (10 on Essential; the feature set of this meter is not known)'
      : `${limit} data recorders (feature set ${featureSet})`;
  return pass(
    ID,
    `From 4.6.0 on Insert Outage Records may be on in at most ${outage}, and a recorder takes up to 50 sources, 16 with pre- or post-trigger.`,
  );
}
