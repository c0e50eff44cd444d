import { english } from './english.ts';
import type { Language } from './languages.ts';

type Texts = typeof english;

/** How the texts of each language come. English is always there, for whatever another language lacks. */
export const texts: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: () => Promise.resolve(english),
  de: () => import('./german.ts').then((module) => module.german),
};
