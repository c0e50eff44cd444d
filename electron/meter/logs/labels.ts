/**
 * What the standard says that a code of electricity is, in words. Source: IEC 62056-61 (Blue Book part 1), value groups C and D for A = 1; provenance
 * standard. Codes that a manufacturer defines (C from 128, D from 128) have no words here.
 */

/** Quantities that have a value for the sum, L1, L2 and L3: C is the base, and 20 more for each line. */
const BY_LINE: Readonly<Record<number, string>> = {
  1: 'Active power import',
  2: 'Active power export',
  3: 'Reactive power import',
  4: 'Reactive power export',
  5: 'Reactive power Q1',
  6: 'Reactive power Q2',
  7: 'Reactive power Q3',
  8: 'Reactive power Q4',
  9: 'Apparent power import',
  10: 'Apparent power export',
  11: 'Current',
  12: 'Voltage',
  13: 'Power factor import',
  14: 'Frequency',
  15: 'Active power, absolute',
  16: 'Active power, net',
  17: 'Active power Q1',
  18: 'Active power Q2',
  19: 'Active power Q3',
  20: 'Active power Q4',
};

/** Quantities that stand alone. */
const ALONE: Readonly<Record<number, string>> = {
  84: 'Power factor export',
  88: 'Ampere-squared hours',
  89: 'Volt-squared hours',
  90: 'Current, sum of all lines',
  91: 'Current neutral',
  92: 'Voltage neutral',
  124: 'Voltage L1-L2',
  125: 'Voltage L2-L3',
  126: 'Voltage L3-L1',
};

/** Value group D: what is kept of the quantity; the same words for every quantity, behind a comma. Nothing for the value of the moment. */
const KIND: Readonly<Record<number, string>> = {
  2: 'cumulative maximum 1',
  3: 'minimum 1',
  4: 'current average 1',
  5: 'last average 1',
  6: 'maximum 1',
  7: '',
  13: 'minimum 2',
  14: 'current average 2',
  15: 'last average 2',
  16: 'maximum 2',
  23: 'minimum 3',
  24: 'current average 3',
  25: 'last average 3',
  26: 'maximum 3',
};
/** Time integrals of value group D: power becomes energy. */
const INTEGRAL: Readonly<Record<number, string>> = { 8: '', 9: 'billing period', 29: 'recording interval' };

/** Codes that are the same for all media, by the first five groups. */
const COMMON: Readonly<Record<string, string>> = {
  '0.0.1.0.0': 'Time',
  '0.0.96.1.0': 'Device id 1',
  '0.0.96.11.0': 'Event code',
  '0.0.96.11.1': 'Event code, channel 1',
  '0.0.96.10.1': 'Status of the profile',
  '0.0.42.0.0': 'Logical device name',
};

/** Words for a code "1.0.32.7.0.255"; undefined where the standard has none. A harmonic (group E) is named by its number. */
export function obisLabel(obis: string): string | undefined {
  const parts = obis.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = parts;
  const common = COMMON[parts.slice(0, 5).join('.')];
  if (common !== undefined) return common;
  if (a !== 1) return undefined;
  const quantity = quantityOf(c);
  const integral = INTEGRAL[d];
  const kind = integral ?? KIND[d];
  if (quantity === undefined || kind === undefined) return undefined;
  if (integral !== undefined && !quantity.includes('power')) return undefined;
  const measured = integral === undefined ? quantity : quantity.replace('power', 'energy');
  const harmonic = d === 7 && e > 0 && (c % 20 === 11 || c % 20 === 12) ? `harmonic ${e}` : '';
  const channel = b === 0 ? '' : `channel ${b}`;
  return [measured, kind, harmonic, channel].filter((part) => part !== '').join(', ');
}

function quantityOf(c: number): string | undefined {
  if (ALONE[c] !== undefined) return ALONE[c];
  if (c < 1 || c > 80) return undefined;
  const line = Math.floor((c - 1) / 20);
  const base = BY_LINE[((c - 1) % 20) + 1];
  return base === undefined || line === 0 ? base : `${base} L${line}`;
}
