import { useTranslation } from 'react-i18next';
import { formatNumber, kept } from './numbers.ts';

const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Formats of the system are kept, because making one takes longer than all else that a cell of a table needs. */
const timesOf = kept<Intl.DateTimeFormat>();
const agesOf = kept<Intl.RelativeTimeFormat>();

/** Bytes as people read them, in powers of a thousand: 1536000 -> "1.54 MB". */
export function formatBytes(bytes: number, language: string): string {
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < STEPS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${formatNumber(value, language, digits)}\u00a0${STEPS[step] ?? 'B'}`;
}

/**
 * A number as the engine writes it: "-1,234.567 kWh", "86320.7890625 kWh", "0.929", and without a fraction where a unit of the meter follows:
 * "563571 kVAh". No version and no address does.
 */
const QUANTITY = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+)(?= |$)|(?= [kMG]?(?:Wh|varh|VAh|W|var|VA|V|A|Hz)$))/;

/**
 * A value in the words of the engine, with the separators of the language: "28.862 kW" is "28,862 kW" in German, where the point separates
 * thousands. The digits stay those of the engine, because no number of JavaScript holds all that a counter of 64 bits has.
 */
export function localQuantity(text: string, language: string): string {
  const { group, decimal } = separatorsOf(language);
  return text.replace(QUANTITY, (_, sign: string, whole: string, fraction: string | undefined) => {
    const grouped = whole.replaceAll(',', '').replace(/\B(?=(\d{3})+$)/g, group);
    return fraction === undefined ? `${sign}${grouped}` : `${sign}${grouped}${decimal}${fraction}`;
  });
}

function separatorsOf(language: string): { readonly group: string; readonly decimal: string } {
  const sample = formatNumber(1234567.5, language, 1);
  return { group: sample.charAt(1), decimal: sample.charAt(sample.length - 2) };
}

/** Seconds as "0:07", "12:03" or "1:02:03"; never negative. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : twoDigits(part))).join(':');
}

/** A point in time in the zone of this PC, to the second. */
export function formatLocal(iso: string, language: string): string {
  return timesOf(language, () => {
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  }).format(new Date(iso));
}

/** The same in UTC, in the form that is the same everywhere: "2026-11-22 19:04:05 UTC". */
export function formatUtc(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * A point in time in the zone of this PC, in the form that is the same everywhere: "2026-11-22 20:04:05 +01:00". For the many cells of a list, whose
 * first picture would wait for the formats of a language.
 */
export function formatClock(iso: string): string {
  const at = new Date(iso);
  const east = -at.getTimezoneOffset();
  const zone = `${east < 0 ? '-' : '+'}${twoDigits(Math.abs(east) / 60)}:${twoDigits(Math.abs(east) % 60)}`;
  const local = new Date(at.getTime() + east * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  return `${local} ${zone}`;
}

function twoDigits(value: number): string {
  return String(Math.trunc(value)).padStart(2, '0');
}

/** How long ago, in the largest whole unit: "3 min. ago". Never ahead: a clock that ticks seldom lags behind events. */
export function formatAge(iso: string, now: number, language: string): string {
  const seconds = Math.min(0, Math.round((Date.parse(iso) - now) / 1000));
  const relative = agesOf(language, () => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }));
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour');
  return relative.format(Math.trunc(seconds / 86_400), 'day');
}

/** The formats in the language of the page. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    bytes: (bytes: number) => formatBytes(bytes, language),
    number: (value: number, digits = 0) => formatNumber(value, language, digits),
    quantity: (text: string) => localQuantity(text, language),
    duration: formatDuration,
    local: (iso: string) => formatLocal(iso, language),
    age: (iso: string, now: number) => formatAge(iso, now, language),
  };
}
