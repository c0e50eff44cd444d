import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, packageOf, pass, shown, typableSerial, unknown, withoutPackage } from './gate.ts';

const ID = 'model-fits';

/**
 * The package is for this model of meter, and simulated firmware never meets a real meter or the other way round. What cannot be read is
 * confirmed by typing what stands on the meter, never by a free reason.
 */
export function modelFits(facts: GateFacts): Gate {
  const firmwarePackage = packageOf(facts);
  if (firmwarePackage === null) return withoutPackage(ID, facts);
  const { model: packageModel, simulated } = firmwarePackage;
  const { identity } = facts;
  if (simulated && !identity.simulated) {
    return block(
      ID,
      'The package is a simulated one, and this meter does not say that it is simulated.',
      'Use the package that the vendor publishes for this meter.',
    );
  }
  if (!simulated && identity.simulated) {
    return block(
      ID,
      'The package is not a simulated one, and this meter says that it is simulated.',
      'Use the simulated package that belongs to the simulated meter.',
    );
  }
  const wanted = shown(packageModel ?? '', 40);
  const present = shown(identity.model ?? '', 40);
  if (wanted === '' || present === '') {
    const which = [
      wanted === '' ? 'the package does not say its model' : '',
      present === '' ? 'the meter does not say its model' : '',
    ];
    return unknown(
      ID,
      `It is not known whether package and meter fit: ${which.filter((text) => text !== '').join(' and ')}.`,
      'Compare the label of the meter with the release page of the package, then type the text that is asked for.',
      typableSerial(facts) ?? 'the model was compared',
    );
  }
  if (wanted.toUpperCase() !== present.toUpperCase()) {
    return block(ID, `The package is for ${wanted}; the meter is ${present}.`, `Use a package for ${present}.`);
  }
  return pass(ID, `Package and meter are both ${present}.`);
}
