/** A column of a recorder after the time. */
export interface Column {
  /** Logical name such as "1-0:1.5.0*255". */
  readonly obis: string;
  /** `double-long`: whole multiples of 10^scaler; `text` and `float32` have the scaler 0. */
  readonly type: 'float32' | 'double-long' | 'text';
  readonly scaler: number;
  /** Number of the unit in IEC 62056-62; 255 = none. */
  readonly unit: number;
}

/** Values of one row in the order of the columns: text for text, else numbers in the unit of the column, not scaled. */
export type RowValues = readonly (number | string)[];

/** Rows that stood in a recorder at one moment, oldest first. They are made when they are asked for. */
export interface Rows {
  readonly count: number;
  /** Milliseconds since 1970 of the meter's clock. `index` in [0, count). */
  timeAt(index: number): number;
  valuesAt(index: number): RowValues;
  /** Rows with from <= time <= to. */
  between(from: number, to: number): Rows;
  /** `count` rows from a row on, or as many as there are. */
  slice(first: number, count: number): Rows;
}

/** A recorder that the meter exports. */
export interface Recorder {
  /** Logical name of its Profile Generic. */
  readonly obis: string;
  readonly name: string;
  /** Of the Data Recorder, from 1; the Event Log is none. */
  readonly number?: number;
  /** Seconds between rows; 0 when events make them. */
  readonly period: number;
  /** Rows it holds at most; then new ones replace the oldest. */
  readonly depth: number;
  readonly columns: readonly Column[];
  /** Whether a row that follows its predecessor after exactly one period is sent without its time. */
  readonly nullClock: boolean;
  /** What it holds now. */
  rows(): Rows;
}
