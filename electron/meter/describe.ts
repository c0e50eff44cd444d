import { formatQuantity } from '../../shared/domain/units.ts';
import type { RegisterType, RegisterValue } from './types.ts';

const COUNTED: ReadonlySet<RegisterType> = new Set(['uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64']);

/**
 * A value as a person reads it, with its unit: "1,234.567 kWh", "230.5 V", "ION7400", "unavailable". Integers without a unit are codes, counts or
 * parts of a date and are written as they are: "18000", "2026".
 */
export function describeValue({ row, value }: RegisterValue): string {
  if (typeof value === 'string') return value;
  if (row.unit === '' && COUNTED.has(row.type)) return value.toString();
  return formatQuantity(value, row.unit);
}
