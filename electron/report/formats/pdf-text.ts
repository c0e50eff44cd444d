import { plain } from './plain.ts';

/**
 * The characters of the font that the PDF embeds (Roboto as pdfmake brings it): Latin with its accents, Greek, Cyrillic, Vietnamese and common
 * signs. A test sets each of them and reads it back. (Its increment sign, U+2206, would be copied as a Greek delta.)
 */
const IN_FONT =
  /[ -~\u00a0-\u017f\u018f\u0192\u01a0\u01a1\u01af\u01b0\u01f0\u01fa-\u01ff\u0218-\u021b\u0237\u0259\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0482\u0488-\u0513\u1e00\u1e01\u1e3e\u1e3f\u1e80-\u1e85\u1e9e\u1ea0-\u1ef9\u2010\u2011\u2013-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2074-\u208e\u20ac\u2116\u2122\u2202\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265\u25a0\u25cf]/;

/**
 * A text as the PDF can set it: a character that its font lacks is written out as `\u{4E2D}`, because a sign that silently vanishes makes one
 * name look like another. The HTML and the JSON of the same report have the character itself.
 */
export function printable(text: string): string {
  let result = '';
  for (const character of plain(text.normalize('NFC'))) {
    result += IN_FONT.test(character) ? character : codeOf(character);
  }
  return result;
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`;
}

/** A piece of text for pdfmake. */
export interface Run {
  readonly text: string;
  readonly wordBreak?: 'break-all';
}

/** More letters in a row than this do not fit into a narrow column. */
const LONG_WORD = 18;

/** The text in runs: words that are too long for a column may be broken anywhere, all others stay whole. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let words = '';
  const flush = (): void => {
    if (words !== '') runs.push({ text: words });
    words = '';
  };
  for (const word of printable(text).split(/(\s+)/)) {
    if (word.length <= LONG_WORD) words += word;
    else {
      flush();
      runs.push({ text: word, wordBreak: 'break-all' });
    }
  }
  flush();
  return runs;
}
