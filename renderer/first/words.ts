import domain from '../i18n/en/domain.json';
import meters from '../i18n/en/meters.json';
import ui from '../i18n/en/ui.json';
import type { Language } from '../i18n/languages.ts';

const english = { domain, meters, ui };

/** What is said in the rows of the list. */
export const words: Readonly<Record<Language, () => Promise<object>>> = {
  en: () => Promise.resolve(english),
  de: () => import('../i18n/german.ts').then((module) => module.german),
};
