import * as english from 'virtual:frames/en';
import type { Language } from '../i18n/languages.ts';

/** The first screen without its rows, as HTML. */
export interface Frames {
  /** For lists in which no meter has a site. */
  readonly plain: string;
  /** With sites, and without room for their tree. */
  readonly narrow: string;
  /** With sites, and with room for their tree, which is there or folded away. */
  readonly tree: string;
  readonly folded: string;
}

/** How the frames of each language come; those of English are with the program that asks for them. */
export const frames: Readonly<Record<Language, () => Promise<Frames>>> = {
  en: () => Promise.resolve(english),
  de: () => import('virtual:frames/de'),
};
