import { objectTypeName } from '../../protocols/bacnet/names.ts';
import type { BacnetObjectId, BacnetValue } from '../../protocols/bacnet/types.ts';

/** Digits that a 32-bit float holds. */
const REAL_DIGITS = 7;
const DOUBLE_DIGITS = 15;
const BINARY = new Set([3, 4, 5]);

/** A present value as a person reads it. A real that is no number is said to be so; binary objects are active or inactive. */
export function valueText(value: BacnetValue, object: BacnetObjectId): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return value.value ? 'true' : 'false';
    case 'unsigned':
    case 'signed':
      return String(value.value);
    case 'real':
      return numberText(value.value, REAL_DIGITS);
    case 'double':
      return numberText(value.value, DOUBLE_DIGITS);
    case 'enumerated':
      return BINARY.has(object.type) && value.value <= 1
        ? (['inactive', 'active'][value.value] ?? '')
        : String(value.value);
    case 'string':
      return value.text;
    case 'bit-string':
      return value.bits.map((bit) => (bit ? '1' : '0')).join('');
    case 'object-id':
      return `${objectTypeName(value.object.type)} ${value.object.instance}`;
    case 'octets':
    case 'date':
    case 'time':
    case 'raw':
      return Buffer.from(value.bytes).toString('hex');
  }
}

/** The number in a value, if it is one. */
export function numberOf(value: BacnetValue | undefined): number | null {
  if (value?.kind === 'enumerated') return value.value;
  return value?.kind === 'unsigned' && typeof value.value === 'number' ? value.value : null;
}

/** The text in a value, if it is one. */
export function textOf(value: BacnetValue | undefined): string | null {
  return value?.kind === 'string' ? value.text : null;
}

function numberText(value: number, digits: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : 'not available';
}
