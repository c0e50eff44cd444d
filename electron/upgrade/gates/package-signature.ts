import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, packageOf, pass, unknown, withoutPackage } from './gate.ts';

const ID = 'package-signature';

/**
 * Nobody but the meter can check the signature of a vendor's image. That passes, and says so: it is true of every real upgrade, and a
 * question that is always answered the same way teaches people to answer without reading.
 */
export function packageSignature(facts: GateFacts): Gate {
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const { signature } = firmwarePackage;
  switch (signature) {
    case 'verified':
      return pass(ID, 'The signature of the simulated image was checked here and holds.');
    case 'meter-checks-it':
      return pass(
        ID,
        'The meter checks the signature of the image and refuses a false one; this tool cannot check it.',
      );
    case 'invalid':
      return block(
        ID,
        'The signature of an image in this package is missing or does not hold.',
        'Do not use this package. Get it again from where it was published.',
      );
    case 'no-image':
      return unknown(
        ID,
        'There is no image whose signature could be checked.',
        'Choose a package that holds the image.',
      );
  }
}
