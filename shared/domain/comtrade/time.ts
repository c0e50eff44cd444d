import type { ComtradeRevision } from './types.ts';

const FORM = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})\s*,\s*(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?\s*$/;
/** Two digits of a year, as files of 1991 have them: 70..99 are the last century. */
const CENTURY_TURN = 70;

/**
 * A line "date,time": mm/dd/yy in files of 1991, dd/mm/yyyy later (IEEE C37.111-1999, 5.3.7). Undefined when it names no moment.
 */
export function parseMoment(
  line: string,
  revision: ComtradeRevision,
): { readonly time: number; readonly fractionDigits: number } | undefined {
  const found = FORM.exec(line);
  if (found === null) return undefined;
  const [, one = '', two = '', yearText = '', hour = '', minute = '', second = '', fraction = ''] = found;
  const [day, month] = revision === 1991 ? [Number(two), Number(one)] : [Number(one), Number(two)];
  const year = yearText.length === 4 ? Number(yearText) : fullYear(Number(yearText));
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const whole = date.getTime() + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  return { time: whole + Number(`0.${fraction || '0'}`) * 1000, fractionDigits: fraction.length };
}

/** A time code of 2013 in minutes: "0", "+2", "-5h30"; null for "x" (not applicable); undefined when it is none. */
export function parseTimeCode(text: string): number | null | undefined {
  const code = text.trim().toLowerCase();
  if (code === '' || code === 'x') return null;
  const found = /^([+-]?)(\d{1,2})(?:h(\d{1,2})?)?$/.exec(code);
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0);
  if (minutes > 24 * 60) return undefined;
  return found[1] === '-' ? 0 - minutes : minutes;
}

function fullYear(year: number): number {
  return year < CENTURY_TURN ? 2000 + year : 1900 + year;
}
