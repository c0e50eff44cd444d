import { createHash } from 'node:crypto';
import { version } from '../../package.json';

/**
 * A value as JSON with a seal at its end: the version of this program and the SHA-256 of all in front of it. Whoever finds the seal whole has
 * before them what this very version wrote, and need not check it again against a schema. No secret goes into it: it tells accidents and other
 * hands, not an attacker.
 *
 * @param content written as one object
 */
export function sealedJson(content: object): string {
  return withSeal(JSON.stringify(content, null, 2).slice(0, -2));
}

/** Whether a text is, to the letter, what {@link sealedJson} of this version made. */
export function isSealed(text: string): boolean {
  const at = text.lastIndexOf(SEAL);
  return at > 0 && withSeal(text.slice(0, at)) === text;
}

const SEAL = ',\n  "seal": "';

function withSeal(body: string): string {
  const digest = createHash('sha256').update(body).digest('hex');
  return `${body}${SEAL}${version} ${digest}"\n}\n`;
}
