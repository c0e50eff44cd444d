/** The units of values that a meter gives; '' is a number without a unit (a ratio, a count, a code). */
export const UNITS = ['A', 'V', 'W', 'var', 'VA', 'Hz', 'Wh', 'varh', 'VAh', '%', '°C', 's', ''] as const;
export type Unit = (typeof UNITS)[number];

const PREFIXED: ReadonlySet<Unit> = new Set(['V', 'A', 'W', 'var', 'VA', 'Wh', 'varh', 'VAh']);
const STEPS = [
  { factor: 1e9, prefix: 'G' },
  { factor: 1e6, prefix: 'M' },
  { factor: 1e3, prefix: 'k' },
] as const;

/**
 * A value with its unit as a person reads it: 1234567 Wh -> "1,234.567 kWh". Energies stay in k to keep every digit
 * (a register of a meter is read off to the last one); other values take the prefix that leaves 1 to 3 digits in front.
 */
export function formatQuantity(value: number | bigint, unit: Unit): string {
  if (typeof value === 'bigint') return `${formatMilli(value)} k${unit}`;
  if (!Number.isFinite(value)) return 'unavailable';
  if (PREFIXED.has(unit)) {
    const step = STEPS.find((candidate) => Math.abs(value) >= candidate.factor);
    if (step !== undefined) return `${group(value / step.factor)} ${step.prefix}${unit}`;
  }
  return unit === '' ? group(value) : `${group(value)} ${unit}`;
}

/** An integer divided by a thousand without a rounding error, thousands separated: 1234567n -> "1,234.567". */
function formatMilli(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const magnitude = value < 0n ? -value : value;
  const whole = (magnitude / 1000n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}.${(magnitude % 1000n).toString().padStart(3, '0')}`;
}

function group(value: number): string {
  const fixed = Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(3);
  const [whole = '0', fraction = ''] = fixed.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
}
