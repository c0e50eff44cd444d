import type { PasswordRule, PasswordRuleId } from '../../shared/domain/settings/passwords/check.ts';

const WORDS: Readonly<Record<PasswordRuleId, string>> = {
  characters: 'only printable ASCII characters without blanks',
  'minimum-length': 'at least # characters',
  'maximum-length': 'at most # characters',
  kinds: '# of the kinds upper case, lower case, digit, other character',
  'leading-zero': 'no leading zero when it is all digits',
  client: 'a form that the clients which were named can use',
  'not-default': 'another value than the one from the factory',
  'no-user-name': 'no name of the user or the meter in it',
  'not-common': 'no place in the lists that attackers try first',
  'compatible-length': 'at most # characters for ION programs that cannot use more',
};

/** The required rules that a password breaks, in words; the page has its own texts. */
export function brokenRules(rules: readonly PasswordRule[]): readonly string[] {
  return rules
    .filter(({ met, kind }) => !met && kind === 'required')
    .map(({ id, count, client }) => {
      const words = WORDS[id].replace('#', String(count ?? ''));
      return client === undefined ? words : `${words} (${client}: at most ${count ?? ''} characters)`;
    });
}

/** What the meter says to a new password that it does not take, by the number in "Password Change Result". Provenance: simulated. */
export const REFUSALS: Readonly<Record<number, string>> = {
  2: 'it is too short for the policy of the meter',
  3: 'it is too long for the firmware of the meter',
  4: 'it has a character that the meter does not take',
  5: 'it does not have the kinds of characters that the policy of the meter asks for',
};
export const ACCEPTED = 1;
