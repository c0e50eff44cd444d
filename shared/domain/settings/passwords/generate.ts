import { fail, METER_STATE, ok, type Result } from '../../problem.ts';
import { kindsIn } from './check.ts';
import type { Characters, PasswordLimits } from './clients.ts';
import { kindsNeeded, type PasswordPolicy } from './policy.ts';

/** Gives `count` bytes that nobody can foresee. */
export type RandomBytes = (count: number) => Uint8Array;

/**
 * What passwords are made of, by kind. Left out: characters that are mistaken for one another on a display or on paper (0 O 1 I l |) and
 * those that end a text in a shell or a spreadsheet (" ' ` \).
 */
const DIGITS = '23456789';
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const SYMBOLS = '!#$%&()*+,-./:;<=>?@[]^_{}~';
const ALPHABETS: Readonly<Record<Characters, string>> = {
  // A number is short enough as it is: all ten digits.
  digits: '0123456789',
  alphanumeric: DIGITS + LETTERS,
  printable: DIGITS + LETTERS + SYMBOLS,
};
/** Tries until a password has the kinds it needs. The least likely case succeeds one time in five, so this many never fail by chance. */
const TRIES = 1_000;
/** Bytes asked for at a time. */
const BLOCK = 64;
/** Bytes in a row that may be rejected; of good ones at most half are. */
const REJECTED_IN_A_ROW = 512;

/**
 * A password of the greatest length that the limits allow, each one that satisfies policy and limits being equally likely: bytes that would favour
 * a character are thrown away, and a password without the kinds it needs is thrown away whole. Problems: `password/impossible` when no password
 * can satisfy both, `password/no-randomness` when the source of randomness does not behave like one.
 */
export function generatePassword(
  policy: PasswordPolicy,
  limits: PasswordLimits,
  randomBytes: RandomBytes,
): Result<string> {
  const alphabet = ALPHABETS[limits.characters];
  const length = limits.characters === 'digits' ? limits.digits : limits.others;
  const kinds = kindsNeeded(policy.complexity);
  const impossible = whyImpossible(policy, length, kindsIn(alphabet), kinds);
  if (impossible !== undefined) return impossible;
  const draw = createDraw(alphabet, randomBytes);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const password = drawPassword(draw, length);
    if (password === undefined) break;
    if (kindsIn(password) >= kinds && !(limits.noLeadingZero && /^0\d/.test(password))) return ok(password);
  }
  return fail({
    code: 'password/no-randomness',
    title: 'No password was generated',
    because: 'The source of random numbers of this PC gave values that are not random.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Start Meterwright again; if it happens again, choose a password yourself and report this.',
  });
}

function whyImpossible({ minimumLength }: PasswordPolicy, length: number, available: number, needed: number) {
  const because =
    length < minimumLength
      ? `The policy asks for ${minimumLength} characters, and what must use the password takes ${length} at most.`
      : available < needed || length < needed
        ? `The policy asks for ${needed} kinds of characters, and what must use the password takes ${Math.min(available, length)}.`
        : undefined;
  if (because === undefined) return undefined;
  return fail({
    code: 'password/impossible',
    title: 'No password satisfies the policy and every client',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Leave out the client with the narrowest limit, or choose another policy.',
  });
}

function drawPassword(draw: () => string | undefined, length: number): string | undefined {
  let password = '';
  while (password.length < length) {
    const character = draw();
    if (character === undefined) return undefined;
    password += character;
  }
  return password;
}

/** Characters of the alphabet, all equally likely; undefined once the source has proven to be none. */
function createDraw(alphabet: string, randomBytes: RandomBytes): () => string | undefined {
  // The largest multiple of the alphabet's size: bytes from here on would make its first characters more likely.
  const fair = 256 - (256 % alphabet.length);
  let block: Uint8Array = new Uint8Array();
  let next = 0;
  return () => {
    for (let rejected = 0; rejected < REJECTED_IN_A_ROW; rejected += 1) {
      if (next >= block.length) {
        block = randomBytes(BLOCK);
        next = 0;
      }
      const byte = block[next] ?? 255;
      next += 1;
      if (byte < fair) return alphabet[byte % alphabet.length];
    }
    return undefined;
  };
}
