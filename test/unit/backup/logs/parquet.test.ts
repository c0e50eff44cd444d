import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { writeParquet } from '../../../../electron/backup/logs/parquet.ts';
import { readLogTable } from '../../../../electron/backup/logs/read.ts';
import { inFolder, recorder, row, START, writeLog } from './fixture.ts';

async function tableOf(csv: string) {
  const table = await readLogTable(csv);
  if (!table.ok) throw new Error(table.problem.because);
  return table.value;
}

async function arrayBufferOf(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

test('another library reads timestamps, doubles, texts and nulls, and the sidecar', async () => {
  await inFolder(async (folder) => {
    const csv = join(folder, 'log.csv');
    const rows = [row(START, [1.5, 'on']), row(null, [null, null]), row(START + 60_000, [-0.1, 'off'], true)];
    await writeLog(csv, recorder(2), rows);
    const path = join(folder, 'log.parquet');
    const table = await tableOf(csv);
    expect((await writeParquet(path, table, Uint32Array.of(0, 1, 2), table.sidecar)).ok).toBe(true);
    const file = await arrayBufferOf(path);
    const [one, two] = ['1-0:0.7.0*255/2', '1-0:1.7.0*255/2'];
    expect(await parquetReadObjects({ file })).toEqual([
      { time: new Date(START), origin: 'meter', [one ?? '']: 1.5, [two ?? '']: 'on' },
      { time: null, origin: 'none', [one ?? '']: null, [two ?? '']: null },
      { time: new Date(START + 60_000), origin: 'rebuilt', [one ?? '']: -0.1, [two ?? '']: 'off' },
    ]);
    const kept = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'meterwright-log');
    expect(JSON.parse(kept?.value ?? '')).toMatchObject({ format: 'meterwright-log/1', rows: 3 });
  });
});

test('a long log is written in row groups', async () => {
  await inFolder(async (folder) => {
    const csv = join(folder, 'log.csv');
    function* rows() {
      for (let index = 0; index < 130_000; index += 1) yield row(START + index * 60_000, [index / 10]);
    }
    await writeLog(csv, recorder(1), rows());
    const path = join(folder, 'log.parquet');
    const table = await tableOf(csv);
    const wanted = Uint32Array.from({ length: 129_990 }, (_, index) => index + 10);
    await writeParquet(path, table, wanted, table.sidecar);
    const file = await arrayBufferOf(path);
    const metadata = parquetMetadata(file);
    expect([Number(metadata.num_rows), metadata.row_groups.length]).toEqual([129_990, 2]);
    const last = await parquetReadObjects({ file, rowStart: 129_989, rowEnd: 129_990 });
    expect(last).toMatchObject([{ time: new Date(START + 129_999 * 60_000), '1-0:0.7.0*255/2': 12_999.9 }]);
  });
}, 60_000);
