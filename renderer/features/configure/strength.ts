import type { ZxcvbnFactory, ZxcvbnResult } from '@zxcvbn-ts/core';

/** How hard a password is to guess. It is advice: what the meter accepts is decided by its own rules. */
export interface Strength {
  /** 0 too easy to guess, 1 very easy, 2 easy, 3 hard, 4 very hard. */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** Key of the text for the score. */
  readonly text: string;
  /** Key of the text that says what makes it easy; null where there is nothing to say. */
  readonly warning: string | null;
  /** Keys of texts that say what would make it harder. */
  readonly suggestions: readonly string[];
}

/** Passwords of a meter have 16 characters at most; more than this is not looked at, because the work grows with the length. */
const LONGEST = 100;

let loading: Promise<ZxcvbnFactory> | undefined;

/** The dictionaries are over a megabyte, so they come when somebody sets a password for the first time. */
function load(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]).then(([core, common, english]) => {
    return new core.ZxcvbnFactory({
      dictionary: { ...common.dictionary, ...english.dictionary },
      graphs: common.adjacencyGraphs,
    });
  });
  // What failed to load is asked for again next time; the caller of this time learns of it from the promise it was given.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/**
 * Advice about a password; null when the dictionaries could not be loaded. The password stays in this process.
 *
 * @param names what an attacker would try first: the user, the meter, its serial number, the site
 */
export async function passwordStrength(password: string, names: readonly string[]): Promise<Strength | null> {
  try {
    const meter = await load();
    return strengthOf(
      meter.check(
        password.slice(0, LONGEST),
        names.map((name) => name.slice(0, LONGEST)),
      ),
    );
  } catch {
    // Without advice a password can still be set: the rules of the meter do not need the dictionaries.
    return null;
  }
}

/** Without translations the library names its texts by their keys. */
function strengthOf({ score, feedback }: Pick<ZxcvbnResult, 'score' | 'feedback'>): Strength {
  const { warning, suggestions } = feedback;
  return {
    score,
    text: `rules:strength.score.${score}`,
    warning: warning === null || warning === '' ? null : `rules:strength.warning.${warning}`,
    suggestions: suggestions.map((suggestion) => `rules:strength.suggestion.${suggestion}`),
  };
}
