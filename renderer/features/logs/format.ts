import type { LogColumn } from '../../../shared/domain/log.ts';

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

/** Digits that are shown where the meter does not say how fine a value is. */
const DIGITS = 6;
const DAY = 86_400_000;

/**
 * A value of a log as people read it, without its unit: as many decimals as its scaler says, so that a column lines up, and never fewer digits than were
 * recorded.
 */
export function formatValue(value: number, scaler: number, language: string): string {
  const digits = scaler < 0 ? Math.min(-scaler, 12) : 0;
  const name = `${language} ${digits}`;
  const known =
    numbers.get(name) ??
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, DIGITS) });
  numbers.set(name, known);
  return known.format(value);
}

/** A number on an axis or at a cursor, with at most so many significant digits. */
export function formatShort(value: number, language: string, digits = 6): string {
  const name = `${language} short ${digits}`;
  const known = numbers.get(name) ?? new Intl.NumberFormat(language, { maximumSignificantDigits: digits });
  numbers.set(name, known);
  return known.format(value);
}

/** A time of a log in the zone of this PC, to the second, or finer where it has a fraction. */
export function formatTime(time: number, language: string): string {
  const fine = time % 1000 === 0 ? 'second' : 'millisecond';
  return dateFormat(`${language} ${fine}`, language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(fine === 'millisecond' ? { fractionalSecondDigits: 3 } : {}),
  }).format(time);
}

/** Texts of an axis of dates: the time of day, with the date below the first of each day; dates alone where a step is a day or more. */
export function dateAxis(language: string): (splits: readonly number[], step: number) => string[] {
  return (splits, step) => {
    const date = dateFormat(`${language} day`, language, { year: '2-digit', month: '2-digit', day: '2-digit' });
    if (step >= DAY) return splits.map((time) => date.format(time));
    const time = dateFormat(`${language} clock ${step < 1000 ? 3 : step < 60_000 ? 1 : 0}`, language, {
      hour: '2-digit',
      minute: '2-digit',
      ...(step < 60_000 ? { second: '2-digit' } : {}),
      ...(step < 1000 ? { fractionalSecondDigits: 3 } : {}),
    });
    let before = '';
    return splits.map((at) => {
      const day = date.format(at);
      const text = day === before ? time.format(at) : `${time.format(at)}\n${day}`;
      before = day;
      return text;
    });
  };
}

/** What a column is called: its label, and its code where that says something else. */
export function columnName({ id, label }: Pick<LogColumn, 'id' | 'label'>): string {
  return label === '' ? id : label;
}

function dateFormat(name: string, language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = dates.get(name) ?? new Intl.DateTimeFormat(language, options);
  dates.set(name, known);
  return known;
}
