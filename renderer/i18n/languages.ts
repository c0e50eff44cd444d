/** The languages of the page, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** The language that fits best among the ones that a person prefers, in their order. */
export function preferredLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const [base = ''] = tag.toLowerCase().split('-');
    if (base in LANGUAGES) return base as Language;
  }
  return 'en';
}
