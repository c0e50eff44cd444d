import { open } from 'node:fs/promises';
import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { diskProblem } from '../../inventory/durable.ts';
import type { LogSidecar, LogTable } from './types.ts';

/** Rows of a row group: what is in memory besides the table. */
const GROUP_ROWS = 100_000;
const ORIGINS = ['none', 'meter', 'rebuilt'] as const;

/**
 * Writes rows of a log, by their places in the table, as Apache Parquet, a row group at a time: `time` as a timestamp with milliseconds in UTC, `origin` as text, numbers
 * as doubles (null where there is none), columns with texts as texts. The sidecar stands in the metadata under `meterwright-log`. What is there is replaced;
 * `disk/…` when the disk refuses.
 *
 * @param sidecar describes what is written
 */
export async function writeParquet(
  path: string,
  table: LogTable,
  rows: Uint32Array,
  sidecar: LogSidecar,
): Promise<Result<void>> {
  try {
    const handle = await open(path, 'w');
    try {
      const bytes = new ByteWriter();
      const drain = async (): Promise<void> => {
        for (let done = 0; done < bytes.index; ) {
          done += (await handle.write(new Uint8Array(bytes.buffer, done, bytes.index - done))).bytesWritten;
        }
        bytes.index = 0;
      };
      const file = new ParquetWriter({
        writer: bytes,
        schema: schemaFromColumnData({ columnData: columnsOf(table, rows.subarray(0, 0)) }),
        kvMetadata: [{ key: 'meterwright-log', value: JSON.stringify(sidecar) }],
        createdBy: 'Meterwright',
      });
      for (let from = 0; from < rows.length; from += GROUP_ROWS) {
        const group = rows.subarray(from, from + GROUP_ROWS);
        await file.write({ columnData: columnsOf(table, group), rowGroupSize: GROUP_ROWS });
        await drain();
      }
      await file.finish();
      await drain();
      await handle.sync();
      return ok(undefined);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, path, 'written') };
  }
}

function columnsOf(table: LogTable, places: Uint32Array): ColumnSource[] {
  const rows = Array.from(places);
  const time = (row: number): Date | null => {
    const at = table.times[row] ?? Number.NaN;
    return Number.isNaN(at) ? null : new Date(at);
  };
  const number = (column: number, row: number): number | null => {
    const value = table.numbers[column]?.[row] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  return [
    { name: 'time', type: 'TIMESTAMP', nullable: true, data: rows.map(time) },
    {
      name: 'origin',
      type: 'STRING',
      nullable: false,
      data: rows.map((row) => ORIGINS[table.origins[row] ?? 0] ?? 'none'),
    },
    ...table.sidecar.columns.map(({ id }, column): ColumnSource => {
      const texts = table.texts[column];
      if (texts === undefined) {
        return { name: id, type: 'DOUBLE', nullable: true, data: rows.map((row) => number(column, row)) };
      }
      const data = rows.map((row) => texts[row] ?? number(column, row)?.toString() ?? null);
      return { name: id, type: 'STRING', nullable: true, data };
    }),
  ];
}
