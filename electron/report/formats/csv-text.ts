import { plain } from './plain.ts';

/**
 * Rows for a spreadsheet: RFC 4180 (CRLF, quotes doubled), UTF-8 with a byte order mark, because Excel takes a file without one for the code page of the
 * PC. No value can be run as a formula.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
}

/** What a spreadsheet would run as a formula is kept a text by an apostrophe in front. Source: OWASP, "CSV Injection". */
const FORMULA = /^\s*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/;
/** A plain number, with "s" for seconds or without, calculates nothing. */
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?( s)?$/;

function field(text: string): string {
  const shown = plain(text);
  const safe = FORMULA.test(shown) && !NUMBER.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
