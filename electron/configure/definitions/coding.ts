import type { SettingValue } from '../../../shared/domain/change.ts';
import { ipv4Of } from '../../../shared/domain/settings/bacnet.ts';
import type { SetupValue } from '../../meter/setup/types.ts';
import type { SettingDefinition } from '../types.ts';

type Raw = SetupValue['value'];
/** Value of one register row and back. */
interface Coding {
  readonly natural: boolean;
  read(raw: Exclude<Raw, 'unavailable'>): SettingValue | 'unread';
  write(value: SettingValue): number | bigint | string | undefined;
}

/** A whole number as it stands. */
export const wholeNumber: Coding = {
  natural: true,
  read: (raw) => numeric(raw) ?? 'unread',
  write: (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined),
};

/** A text as it stands. */
export const plainText: Coding = {
  natural: true,
  read: (raw) => (typeof raw === 'string' ? raw : 'unread'),
  write: (value) => (typeof value === 'string' ? value : undefined),
};

/** 0 and 1. */
export const yesNo: Coding = {
  natural: false,
  read(raw) {
    const value = numeric(raw);
    return value === 0 || value === 1 ? value === 1 : 'unread';
  },
  write: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
};

/** One of several, by its place in the list. */
export function choice(values: readonly string[]): Coding {
  return {
    natural: false,
    read: (raw) => values[numeric(raw) ?? -1] ?? 'unread',
    write(value) {
      const code = typeof value === 'string' ? values.indexOf(value) : -1;
      return code < 0 ? undefined : code;
    },
  };
}

/** An IPv4 address as an unsigned 32-bit number, high byte first; 0 is none. */
export const ipv4: Coding = {
  natural: false,
  read(raw) {
    const value = numeric(raw);
    if (value === undefined || value < 0 || value > 0xffff_ffff) return 'unread';
    return value === 0 ? null : [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
  },
  write(value) {
    if (value === null) return 0;
    const bytes = typeof value === 'string' ? ipv4Of(value) : undefined;
    return bytes?.reduce((sum, byte) => sum * 256 + byte, 0);
  },
};

/** A coding in which one number stands for "none". */
export function orNone(coding: Coding, none: number): Coding {
  return {
    natural: coding.natural,
    read: (raw) => (numeric(raw) === none ? null : coding.read(raw)),
    write: (value) => (value === null ? none : value === none ? undefined : coding.write(value)),
  };
}

/** A set of names by bits, the first name being bit 0; as text with one name a line, in the order of the list. */
export function bits(names: readonly string[]): Coding {
  return {
    natural: false,
    read(raw) {
      const value = numeric(raw);
      if (value === undefined || value < 0 || value >= 2 ** names.length) return 'unread';
      return names.filter((_, index) => (value & (1 << index)) !== 0).join('\n');
    },
    write(value) {
      if (typeof value !== 'string') return undefined;
      const wanted = value === '' ? [] : value.split('\n');
      if (wanted.some((name) => !names.includes(name))) return undefined;
      return wanted.reduce((sum, name) => sum | (1 << names.indexOf(name)), 0);
    },
  };
}

/** A setting that stands in one row. */
export function oneRow(
  setting: Pick<SettingDefinition, 'id' | 'area' | 'label' | 'unit'> & {
    readonly row: string;
    readonly coding: Coding;
    readonly mayCutConnection?: boolean;
  },
): SettingDefinition {
  const { row, coding, mayCutConnection = false, ...facts } = setting;
  return {
    ...facts,
    natural: coding.natural,
    mayCutConnection,
    rows: [row],
    read([raw = 'unavailable']) {
      return raw === 'unavailable' ? 'unread' : coding.read(raw);
    },
    write(value) {
      const raw = coding.write(value);
      return raw === undefined ? undefined : [raw];
    },
  };
}

function numeric(raw: Raw): number | undefined {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'bigint' && raw <= BigInt(Number.MAX_SAFE_INTEGER) && raw >= 0n) return Number(raw);
  return undefined;
}
