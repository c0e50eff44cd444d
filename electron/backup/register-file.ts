import { z } from 'zod';
import { PROVENANCES } from '../../shared/domain/provenance.ts';
import { UNITS } from '../../shared/domain/units.ts';
import { REGISTER_GROUPS, REGISTER_TYPES, type RegisterSnapshot, type RegisterValue } from '../meter/types.ts';

const ROW = {
  id: z.string(),
  register: z.int(),
  count: z.int(),
  type: z.enum(REGISTER_TYPES),
  unit: z.enum(UNITS),
  group: z.enum(REGISTER_GROUPS),
  label: z.string(),
  provenance: z.enum(PROVENANCES),
  source: z.string(),
};

/**
 * `registers.json` and `energies.json` of a bag. `value` is a number, a text, or, for 64-bit types, a text of decimal digits (JSON numbers lose
 * digits above 2^53); null where the meter gave none. `raw` are the 16-bit words as they came.
 */
export const REGISTER_FILE = z.object({
  format: z.literal('meterwright-registers/1'),
  startedAt: z.string(),
  endedAt: z.string(),
  requests: z.int(),
  values: z.array(
    z.object({
      ...ROW,
      raw: z.array(z.int().min(0).max(0xffff)),
      value: z.union([z.number(), z.string(), z.null()]),
      unavailable: z.boolean(),
    }),
  ),
  unread: z.array(z.object({ ...ROW, because: z.string() })),
});
export type RegisterFile = z.infer<typeof REGISTER_FILE>;

/** A snapshot as it is written into a bag. */
export function registersToJson(snapshot: RegisterSnapshot): RegisterFile {
  return {
    format: 'meterwright-registers/1',
    startedAt: snapshot.startedAt,
    endedAt: snapshot.endedAt,
    requests: snapshot.requests,
    values: snapshot.values.map((value) => ({
      ...value.row,
      raw: [...value.raw],
      value: jsonValue(value),
      unavailable: value.unavailable,
    })),
    unread: snapshot.unread.map(({ row, because }) => ({ ...row, because })),
  };
}

function jsonValue({ value, unavailable }: RegisterValue): number | string | null {
  if (unavailable) return null;
  if (typeof value === 'bigint') return value.toString();
  // JSON has neither NaN nor infinities; the raw words keep them.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

/** A value as a person reads it, with every digit and its unit: differences must not be rounded away. */
export function registerText(value: RegisterFile['values'][number]): string {
  if (value.unavailable || value.value === null) return 'not available';
  return value.unit === '' ? String(value.value) : `${value.value} ${value.unit}`;
}
