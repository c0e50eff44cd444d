/** The units of values that a meter gives; '' is a number without a unit (a ratio, a count, a code). */
export const UNITS = [
  'A',
  'V',
  'W',
  'var',
  'VA',
  'Hz',
  'Wh',
  'varh',
  'VAh',
  'kWh',
  'kvarh',
  'kVAh',
  '%',
  '°C',
  's',
  '',
] as const;
export type Unit = (typeof UNITS)[number];

/** Energies that a meter counts in units of one; people read them in thousands. */
const ENERGIES: ReadonlySet<Unit> = new Set(['Wh', 'varh', 'VAh']);
/** Energies that a meter gives in thousands already. */
const KILO_ENERGIES: ReadonlySet<Unit> = new Set(['kWh', 'kvarh', 'kVAh']);
const PREFIXED: ReadonlySet<Unit> = new Set(['V', 'A', 'W', 'var', 'VA']);
const STEPS = [
  { factor: 1e9, prefix: 'G' },
  { factor: 1e6, prefix: 'M' },
  { factor: 1e3, prefix: 'k' },
] as const;
/** From here on a decimal notation would only pretend to be exact. */
const EXPONENT_FROM = 1e15;

/**
 * A value with its unit as a person reads it: 1234567 Wh -> "1,234.567 kWh". Energies stay in k to keep every digit
 * (a register of a meter is read off to the last one); other values take the prefix that leaves 1 to 3 digits in front.
 * NaN and infinities are "unavailable".
 */
export function formatQuantity(value: number | bigint, unit: Unit): string {
  if (typeof value === 'bigint') {
    return ENERGIES.has(unit) ? `${formatMilli(value)} k${unit}` : withUnit(separate(value.toString()), unit);
  }
  if (!Number.isFinite(value)) return 'unavailable';
  if (ENERGIES.has(unit)) return `${decimal(value / 1000, 3)} k${unit}`;
  if (KILO_ENERGIES.has(unit)) return `${decimal(value, 3)} ${unit}`;
  if (PREFIXED.has(unit)) {
    // Compared with what rounding leaves of it, so that 999,999 W become 1.000 MW and not 1,000.0 kW.
    const step = STEPS.find(({ factor }) => Number((Math.abs(value) / factor).toFixed(4)) >= 1);
    if (step !== undefined) return `${group(value / step.factor)} ${step.prefix}${unit}`;
  }
  return withUnit(group(value), unit);
}

function withUnit(text: string, unit: Unit): string {
  return unit === '' ? text : `${text} ${unit}`;
}

/** An integer divided by a thousand without a rounding error, thousands separated: 1234567n -> "1,234.567". */
function formatMilli(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const magnitude = value < 0n ? -value : value;
  return `${sign}${separate((magnitude / 1000n).toString())}.${(magnitude % 1000n).toString().padStart(3, '0')}`;
}

/** Three digits after the point below 100, one from there on. */
function group(value: number): string {
  return decimal(value, Math.abs(value) >= 100 ? 1 : 3);
}

function decimal(value: number, digits: number): string {
  if (Math.abs(value) >= EXPONENT_FROM) return value.toExponential(3);
  const [whole = '0', fraction = ''] = value.toFixed(digits).split('.');
  // What rounds to nothing has no sign.
  const unsigned = /^-0$/.test(whole) && /^0*$/.test(fraction) ? '0' : whole;
  return `${separate(unsigned)}.${fraction}`;
}

function separate(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
