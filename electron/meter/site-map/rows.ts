import { WORDS_OF } from '../../protocols/modbus/decode.ts';
import type { RegisterType } from '../types.ts';
import { plain, type Table } from './columns.ts';
import type { SiteMapRow } from './types.ts';

/** Types as workbooks spell them, without blanks and punctuation; the second form of the 16 and 32 bit ones is the vendor's older one. */
const TYPES: ReadonlyMap<string, RegisterType> = new Map([
  ['uint16', 'uint16'],
  ['int16u', 'uint16'],
  ['int16', 'int16'],
  ['uint32', 'uint32'],
  ['int32u', 'uint32'],
  ['int32', 'int32'],
  ['uint64', 'uint64'],
  ['int64u', 'uint64'],
  ['int64', 'int64'],
  ['float32', 'float32'],
  ['float', 'float32'],
  ['real', 'float32'],
  ['utf8', 'utf8'],
  ['string', 'utf8'],
  ['ascii', 'utf8'],
  ['datetime', 'datetime'],
]);

/** Registers are numbered 1..65536: the wire address is one less. Source: Modbus Application Protocol 1.1b3, 4.4. */
const MAX_REGISTER = 65_536;
/** Registers of one read request. Source: Modbus Application Protocol 1.1b3, 6.3. */
const MAX_COUNT = 125;
const MAX_NAME = 200;
const MAX_UNIT = 40;

/** What says "may be written" and nothing else; "R/WC" (write by command) does not. */
const WRITABLE = new Set(['rw', 'r w', 'w', 'wo', 'write', 'write only', 'read write', 'read and write']);

/** A row as a register, or why it is none; null for rows without content: blank ones and headings between the rows. */
export function interpretRow(
  cells: readonly string[],
  { columns }: Table,
): SiteMapRow | { readonly because: string } | null {
  const cell = (index: number | undefined): string => (index === undefined ? '' : (cells[index] ?? ''));
  const name = printable(cell(columns.name)).slice(0, MAX_NAME);
  const registerText = cell(columns.register);
  const typeText = cell(columns.type);
  if (registerText === '' && typeText === '') return null;
  if (name === '') return { because: 'it has no name' };
  const register = wholeNumber(registerText);
  if (register === null || register < 1 || register > MAX_REGISTER) {
    return { because: `register ${quoted(registerText)} is no number from 1 to ${MAX_REGISTER}` };
  }
  const type = TYPES.get(plain(typeText).replace(/ /g, ''));
  if (type === undefined) return { because: `type ${quoted(typeText)} is not known` };
  const count = countOf(type, cell(columns.count));
  if (typeof count === 'string') return { because: count };
  if (register + count - 1 > MAX_REGISTER) return { because: `it ends after register ${MAX_REGISTER}` };
  return {
    name,
    register,
    count,
    type,
    unit: printable(cell(columns.unit)).slice(0, MAX_UNIT),
    writable: WRITABLE.has(plain(cell(columns.permission))),
  };
}

/** The number of registers, or why it does not fit. */
function countOf(type: RegisterType, text: string): number | string {
  const count = text === '' ? null : wholeNumber(text);
  if (text !== '' && count === null) return `count ${quoted(text)} is no number`;
  if (type !== 'utf8') {
    const needed = WORDS_OF[type];
    return count === null || count === needed ? needed : `type ${type} has ${needed} registers, not ${count}`;
  }
  if (count === null) return 'a text needs a number of registers';
  return count >= 1 && count <= MAX_COUNT ? count : `count ${count} is not in 1 to ${MAX_COUNT}`;
}

/** "3000", "3000.0" is none: digits only, no sign, no prefix. */
function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Without line breaks and control characters. */
function printable(text: string): string {
  return Array.from(text, (char) => (char.charCodeAt(0) < 0x20 || char.charCodeAt(0) === 0x7f ? ' ' : char))
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
