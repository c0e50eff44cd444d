import {
  atLeast,
  compareFirmware,
  type FirmwareVersion,
  firmwareVersion,
  formatFirmware,
} from '../../../shared/domain/firmware-version.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, packageOf, pass, passUnlessMain, unknown, withoutPackage } from './gate.ts';

const ID = 'minimum-start-version';
const V2_1 = firmwareVersion('2.1.0');
const V3 = firmwareVersion('3.0.0');
const V4 = firmwareVersion('4.0.0');

/**
 * The meter's firmware is new enough to go to the target in one step. Documented: 3.0.0 needs 2.1.0 (vendor FAQ FA409164). For 4.x no
 * document names a minimum, so a step from below 4.0.0 is unknown unless the image or the release table says more.
 */
export function minimumStartVersion(facts: GateFacts): Gate {
  const notMain = passUnlessMain(ID, facts);
  if (notMain !== undefined) return notMain;
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const { targetVersion: target, minimumStart: ofImage } = firmwarePackage;
  const { firmware: running } = facts.identity;
  if (target === null || running === null) {
    return unknown(
      ID,
      `The version ${target === null ? 'of the package' : 'that the meter runs'} is not known, so the smallest starting version cannot be checked.`,
      'Look up the smallest starting version on the vendor\'s page "Meter firmware upgrade prerequisites".',
    );
  }
  const ofRelease = facts.release?.minimumStart ?? null;
  const floor = highest([ofImage, ofRelease, atLeast(target, V3) ? V2_1 : null]);
  if (floor !== null && !atLeast(running, floor)) {
    return block(
      ID,
      `${formatFirmware(target)} needs at least ${formatFirmware(floor)}; the meter runs ${formatFirmware(running)}.`,
      `Upgrade in steps: ${stepsTo(target, floor)}.`,
    );
  }
  const said = highest([ofImage, ofRelease]);
  if (said !== null) {
    const who = ofImage === null ? 'The vendor' : 'The image';
    return pass(ID, `${who} asks for at least ${formatFirmware(said)}; the meter runs ${formatFirmware(running)}.`);
  }
  if (atLeast(target, V4) && !atLeast(running, V4)) {
    return unknown(
      ID,
      `No document says whether ${formatFirmware(running)} may go to ${formatFirmware(target)} in one step.`,
      'Look it up on the vendor\'s page "Meter firmware upgrade prerequisites" and give what you found in the reason.',
    );
  }
  return pass(
    ID,
    `No smallest starting version above ${formatFirmware(running)} is documented for ${formatFirmware(target)}.`,
  );
}

function highest(versions: readonly (FirmwareVersion | null)[]): FirmwareVersion | null {
  return versions.reduce<FirmwareVersion | null>(
    (best, version) => (version !== null && (best === null || compareFirmware(version, best) > 0) ? version : best),
    null,
  );
}

/** "to 2.1.0 or later, then to 3.0.0, then to 4.6.0": never more steps than are documented. */
function stepsTo(target: FirmwareVersion, floor: FirmwareVersion): string {
  const between = atLeast(target, V4) && !atLeast(floor, V3) ? ['3.0.0'] : [];
  return [`first to ${formatFirmware(floor)} or later`, ...between, formatFirmware(target)].join(', then to ');
}
