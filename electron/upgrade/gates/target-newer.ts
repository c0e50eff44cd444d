import { compareFirmware, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, packageOf, pass, passUnlessMain, shown, unknown, withoutPackage } from './gate.ts';

const ID = 'target-newer';

/** The package brings a newer firmware than the meter has. */
export function targetNewer(facts: GateFacts): Gate {
  const notMain = passUnlessMain(ID, facts);
  if (notMain !== undefined) return notMain;
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const { targetVersion, problems } = firmwarePackage;
  const { firmware } = facts.identity;
  if (targetVersion === null) {
    return unknown(
      ID,
      'The package does not say which firmware version it brings.',
      'Read the version on the release page of the package and give it in the reason.',
    );
  }
  const target = formatFirmware(targetVersion);
  if (firmware === null) {
    return unknown(
      ID,
      `The package brings ${target}; the version that the meter runs cannot be read.`,
      'Read the version on the display of the meter and give it in the reason.',
    );
  }
  const running = formatFirmware(firmware);
  const step = compareFirmware(targetVersion, firmware);
  if (step === 0) {
    return block(
      ID,
      `The meter runs ${running} already: there is nothing to do.`,
      'Choose a package with a newer version.',
    );
  }
  if (step < 0) {
    return block(
      ID,
      `The package brings ${target}, which is older than the ${running} that the meter runs.`,
      'Choose a package with a newer version.',
    );
  }
  const contradiction = problems.find(({ code }) => code === 'package/contradictory-versions');
  if (contradiction !== undefined) {
    return unknown(
      ID,
      shown(`${contradiction.title}: ${contradiction.because}`, 400),
      'Compare with the release page of the package and give the version it names in the reason.',
    );
  }
  return pass(ID, `The meter runs ${running}; the package brings ${target}.`);
}
