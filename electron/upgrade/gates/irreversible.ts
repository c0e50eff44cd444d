import { atLeast, firmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { packageOf, pass, passUnlessMain, typableSerial, unknown, warn, withoutPackage } from './gate.ts';

const ID = 'irreversible';
const V4 = firmwareVersion('4.0.0');
const FIX = 'Go on only if nobody will need the earlier version again';

/**
 * From 4.0.0 on there is no way back to an earlier version (vendor's what's-new page of 4.0.0). The person types the serial number of
 * the meter, so that the confirmation is about this meter and not about a habit.
 */
export function irreversible(facts: GateFacts): Gate {
  const notMain = passUnlessMain(ID, facts);
  if (notMain !== undefined) return notMain;
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const { targetVersion } = firmwarePackage;
  const serial = typableSerial(facts);
  const ask = serial === null ? 'type the text that is asked for' : 'type the serial number of the meter';
  if (targetVersion === null) {
    return unknown(
      ID,
      'The version of the package is not known; from 4.0.0 on a meter cannot go back to an earlier one.',
      `${FIX}: ${ask}.`,
      serial ?? 'this cannot be undone',
    );
  }
  const target = formatFirmware(targetVersion);
  if (atLeast(targetVersion, V4) || facts.release?.irreversible === true) {
    return warn(
      ID,
      `After the upgrade to ${target} this meter cannot go back to an earlier version.`,
      `${FIX}: ${ask}.`,
      serial ?? `${target} cannot be undone`,
    );
  }
  return pass(ID, `${target} is older than 4.0.0, from which on the vendor rules a way back out.`);
}
