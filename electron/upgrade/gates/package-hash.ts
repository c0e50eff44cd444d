import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, imageOf, packageOf, pass, shown, unknown, warn, withoutPackage } from './gate.ts';

const ID = 'package-hash';
const GET_AGAIN = 'Do not use this package. Get it again from the vendor and compare its hash.';

/**
 * The files of the package are the ones its own hash list was made for. A wrong hash anywhere in the package counts: ION Setup also
 * takes the template from it. A right hash shows that nothing was damaged, not who made the package.
 */
export function packageHash(facts: GateFacts): Gate {
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const different = firmwarePackage.members.find((member) => member.listed === 'differs');
  if (different !== undefined) {
    return block(ID, `${shown(different.path)} does not have the hash that the package lists for it.`, GET_AGAIN);
  }
  const found = firmwarePackage.problems.find(
    ({ code }) => code === 'package/hash-mismatch' || code === 'package/listed-missing',
  );
  if (found !== undefined) return block(ID, shown(`${found.title}: ${found.because}`, 400), GET_AGAIN);
  const image = imageOf(facts, firmwarePackage);
  if (image === undefined) {
    return unknown(ID, 'There is no image whose hash could be checked.', 'Choose a package that holds the image.');
  }
  if (image.listed === 'matches') {
    return pass(ID, `${shown(image.path)} has the SHA-256 that the package lists for it: ${shown(image.sha256, 64)}.`);
  }
  return warn(
    ID,
    `The package lists no hash for ${shown(image.path)}; its SHA-256 is ${shown(image.sha256, 64)}.`,
    "Compare this hash with the one on the vendor's download page and say so in the reason.",
  );
}
