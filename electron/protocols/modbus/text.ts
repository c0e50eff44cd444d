/** Control characters, formatting characters (which can reverse what a person reads) and the two Unicode line breaks. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Text of a meter from its bytes: UTF-8, ended by the first NUL, padded with NUL or blanks. Invalid UTF-8 becomes U+FFFD, and
 * what a screen would not show as itself is removed. Never longer than the bytes that came in.
 */
export function meterText(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const text = new TextDecoder().decode(nul === -1 ? bytes : bytes.subarray(0, nul));
  return text.replace(UNSEEN, '').trim();
}
