import type { LogColumn } from '../../../shared/domain/log.ts';
import type { LogRow } from '../../meter/logs/types.ts';

/** What a row in a file is made of. */
export type WrittenRow = Pick<LogRow, 'time' | 'rebuilt' | 'values'>;

/** Columns before those of the log: `time` and `origin`. */
export const LEADING_COLUMNS = 2;

/** The first line of a log, with its line break. RFC 4180, 2. */
export function headingOf(columns: readonly Pick<LogColumn, 'id'>[]): string {
  return `time,origin${columns.map(({ id }) => `,${quoted(id)}`).join('')}\r\n`;
}

/**
 * One row as a line with its line break. Numbers have the shortest digits that read back as the same double, integers of 64 bits all of theirs;
 * texts always stand in quotation marks, so that the text "12" is never taken for a number; null is an empty field. A row with too few or too many
 * values throws: that is a defect of the caller.
 */
export function lineOf(row: WrittenRow, columns: number): string {
  if (row.values.length !== columns) {
    throw new RangeError(`A row has ${row.values.length} values and the log ${columns} columns.`);
  }
  let line = row.time === null ? ',none' : `${utc(row.time)},${row.rebuilt ? 'rebuilt' : 'meter'}`;
  for (const value of row.values) {
    if (value === null) line += ',';
    else if (typeof value === 'string') line += `,${quoted(value)}`;
    else line += Object.is(value, -0) ? ',-0' : `,${value}`;
  }
  return `${line}\r\n`;
}

/** ISO 8601 UTC with milliseconds. `time` in milliseconds since 1970, within the range of Date. */
export function utc(time: number): string {
  return new Date(time).toISOString();
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
