import type { Gate } from '../../../shared/domain/gate.ts';
import { compareIonSetup, formatIonSetup, type IonSetupVersion } from '../../../shared/domain/ion-setup-version.ts';
import type { GateFacts } from './facts.ts';
import { block, packageOf, pass, passUnlessMain, shown, shownOr, unknown, warn } from './gate.ts';

const ID = 'ion-setup';

/**
 * ION Setup is there and new enough. One that is too old gets the image in, then fails to write the register values back and leaves the
 * meter without its template (vendor FAQ FA409164): where it carries the upgrade that blocks. Where it does not, it is still what
 * the meter is configured with afterwards: that warns.
 */
export function ionSetup(facts: GateFacts): Gate {
  const notMain = passUnlessMain(ID, facts);
  if (notMain !== undefined) return notMain;
  const stop = facts.channel === 'ion-setup' ? block : warn;
  const loss =
    facts.channel === 'ion-setup'
      ? 'register values and the template of the meter would be lost'
      : 'the meter cannot be relied on to be configured with it afterwards';
  const required = minimumOf(facts, 'required');
  const recommended = minimumOf(facts, 'recommended');
  const install = `Install ION Setup ${required === null ? 'in its newest version' : `${formatIonSetup(required)} or newer`}`;
  const finding = facts.ionSetup;
  if (finding.kind === 'missing') {
    return stop(
      ID,
      shownOr(finding.because, 'ION Setup was not found on this PC.'),
      `${install}, or give the path of its program or the version that Help > About shows.`,
    );
  }
  const version = formatIonSetup(finding.version);
  const who =
    finding.kind === 'attested'
      ? `ION Setup ${version}, as ${shownOr(finding.by, 'a person', 60)} attests,`
      : `ION Setup ${version}`;
  if (required !== null && compareIonSetup(finding.version, required) < 0) {
    return stop(
      ID,
      `${who} is older than the ${formatIonSetup(required)} that this firmware needs: ${loss}.`,
      `${install}.`,
    );
  }
  if (recommended !== null && compareIonSetup(finding.version, recommended) < 0) {
    return warn(
      ID,
      `${who} is older than the ${formatIonSetup(recommended)} that the vendor recommends.`,
      `${install}.`,
    );
  }
  const minimum = required ?? recommended;
  if (minimum === null && facts.channel !== 'ion-setup') {
    return pass(ID, `${who} is there; this upgrade does not go through it.`);
  }
  if (minimum === null) {
    return unknown(
      ID,
      `${who} is there; neither the package nor the release table says which version this firmware needs.`,
      'Look up the version under "Before upgrading" in the what\'s-new document and give it in the reason.',
    );
  }
  const odd = finding.version.warning ?? minimum.warning;
  if (odd !== undefined) {
    return warn(
      ID,
      `${who} compares as new enough for ${formatIonSetup(minimum)}, but its number cannot be trusted: ${shown(odd)}`,
      'Check in ION Setup under Help > About that it was built in the year of the firmware or later, and say so in the reason.',
    );
  }
  return pass(ID, `${who} is at least ${formatIonSetup(minimum)}.`);
}

/** The highest version that is asked for: what the package says is required, what the release table says is what it says. */
function minimumOf(facts: GateFacts, kind: 'required' | 'recommended'): IonSetupVersion | null {
  const ofPackage = kind === 'required' ? (packageOf(facts)?.minimumIonSetup ?? null) : null;
  const kindOfRelease = facts.release?.ionSetupIs ?? 'required';
  const ofRelease = kindOfRelease === kind ? (facts.release?.minimumIonSetup ?? null) : null;
  if (ofPackage === null || ofRelease === null) return ofPackage ?? ofRelease;
  return compareIonSetup(ofPackage, ofRelease) >= 0 ? ofPackage : ofRelease;
}
