/** A date_time, date or time of COSEM, Blue Book 4.1.6.1. Null is "not specified"; special values are named. */
export interface CosemDateTime {
  /** As it came: 12 bytes of a date_time. */
  readonly raw: Uint8Array;
  readonly year: number | null;
  readonly month: number | 'dst-begin' | 'dst-end' | null;
  readonly day: number | 'last' | 'second-last' | null;
  /** 1 is Monday. */
  readonly weekday: number | null;
  readonly hour: number | null;
  readonly minute: number | null;
  readonly second: number | null;
  readonly hundredths: number | null;
  /** Minutes, as it came; its sign is a setting of the meter. */
  readonly deviation: number | null;
  /** Clock status: bit 0 invalid, 1 doubtful, 2 other base, 3 invalid status, 7 daylight saving; null is not specified. */
  readonly status: number | null;
  /** Milliseconds since 1970 UTC; null when fields are missing or out of range. */
  readonly time: number | null;
}

/** Integers that fit a number. `bcd` is one byte, `enum` unsigned. `delta-…` are differences (Green Book ed. 10) and never applied here. */
export type SmallNumberType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'enum'
  | 'bcd'
  | 'float32'
  | 'float64'
  | 'delta-int8'
  | 'delta-int16'
  | 'delta-int32'
  | 'delta-uint8'
  | 'delta-uint16'
  | 'delta-uint32';

/**
 * Any value of the common data types, Blue Book 4.1.5. Arrays from a compact array look like arrays. A date_time, date or time that came as an
 * octet-string is `octets`: only its attribute says what it means.
 */
export type CosemValue =
  | { readonly type: 'null' | 'dont-care' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: SmallNumberType; readonly value: number }
  | { readonly type: 'int64' | 'uint64'; readonly value: bigint }
  | { readonly type: 'octets'; readonly value: Uint8Array }
  /** Visible-strings are read byte by byte as Latin-1, UTF-8 strings with U+FFFD for what is not UTF-8. */
  | { readonly type: 'visible-string' | 'utf8-string'; readonly value: string }
  /** First bit first, `length` of them; unused bits at the end are as they came. */
  | { readonly type: 'bits'; readonly value: Uint8Array; readonly length: number }
  | { readonly type: 'date-time'; readonly value: CosemDateTime }
  /** 5 and 4 raw bytes. */
  | { readonly type: 'date' | 'time'; readonly value: Uint8Array }
  | { readonly type: 'array' | 'structure'; readonly value: readonly CosemValue[] };

/**
 * A cell of a row, without its type where JavaScript has one: numbers, bigints of 64-bit integers, texts, octet-strings as bytes, null-data as null.
 * Everything else, such as bit strings, dates, `bcd`, differences, arrays and structures, is a {@link CosemValue}.
 */
export type ProfileCell = number | bigint | boolean | string | null | Uint8Array | CosemValue;
