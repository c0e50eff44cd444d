import type { Gate } from '../../../shared/domain/gate.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import type { GateFacts } from './facts.ts';
import { block, imageOf, packageOf, pass, shown, shownOr, targetName, withoutPackage } from './gate.ts';

const ID = 'package-format';

/** Problems of a package that other gates speak of: hashes, signature and version. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'package/hash-mismatch',
  'package/listed-missing',
  'package/bad-signature',
  'package/version-unknown',
  'package/contradictory-versions',
  'package/bare-image',
]);
const MAIN_ONLY: ReadonlySet<string> = new Set(['package/several-main-images']);

/**
 * The package is a whole .zip that can be read and holds what is to be sent. A bare main image is refused: it does not carry the minimum
 * version of ION Setup, and an ION Setup that is too old loses the register values (vendor FAQ FA409164).
 */
export function packageFormat(facts: GateFacts): Gate {
  const firmware = packageOf(facts);
  if (firmware === null) {
    const answer = withoutPackage(ID, facts);
    if (answer.verdict === 'pass') return answer;
    return facts.package?.ok === false
      ? blockedBy(facts.package.problem)
      : block(ID, 'No package was chosen.', 'Choose a firmware package (.zip).');
  }
  if (firmware.format === 'bare-image' && facts.target === 'main') {
    return block(
      ID,
      'A bare image does not carry the minimum version of ION Setup: an ION Setup that is too old loses register values and leaves the meter without its template.',
      'Use the whole .zip package as the vendor publishes it.',
    );
  }
  const broken = firmware.problems.find(
    ({ code }) =>
      code.startsWith('package/') && !ELSEWHERE.has(code) && (facts.target === 'main' || !MAIN_ONLY.has(code)),
  );
  if (broken !== undefined) return blockedBy(broken);
  const image = imageOf(facts, firmware);
  if (image === undefined) {
    return block(
      ID,
      `The package holds no ${targetName(facts.target)}.`,
      `Choose a package that holds the ${targetName(facts.target)}.`,
    );
  }
  const what = firmware.format === 'zip' ? 'a .zip package' : 'a single image';
  return pass(ID, `It is ${what} with the image ${shown(image.path)}.`);
}

function blockedBy(problem: Problem): Gate {
  return block(
    ID,
    shownOr(`${problem.title}: ${problem.because}`, 'The package cannot be read.', 500),
    shownOr(problem.nextStep, 'Get the package again from the vendor.'),
  );
}
