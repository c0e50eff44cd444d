import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { readLogTable } from '../../../electron/backup/logs/read.ts';
import { exportBagLogs, type LogFormat } from '../../../electron/services/logs/bag-logs.ts';
import { selectRows } from '../../../electron/services/logs/part.ts';
import { inFolder, recorder, row, START, writeLog } from '../backup/logs/fixture.ts';

const MINUTE = 60_000;

/** Times of a log whose clock was set back once, with rows that have no time. */
const TIMES = [0, 1, null, 2, 3, 1.5, 4, null, 5].map((minutes) =>
  minutes === null ? null : START + minutes * MINUTE,
);
const RANGE = { from: START + MINUTE, to: START + 3 * MINUTE };
const IN_RANGE = [1, 2, 3, 1.5].map((minutes) => new Date(START + minutes * MINUTE).toISOString());
const LEFT_OUT = { undated: 2, outside: 3 };

/** A folder that is read as a bag: listing and exporting verify nothing. */
async function bagIn(folder: string): Promise<string> {
  const logs = join(folder, 'data', 'logs');
  await mkdir(logs, { recursive: true });
  await writeLog(
    join(logs, '1-0-99-1-0-255.csv'),
    recorder(1),
    TIMES.map((time, index) => row(time, [index])),
  );
  return folder;
}

describe('a range of a log', () => {
  it('is every row whose time lies in it, wherever it stands, and no row without a time; what is left out is counted', () => {
    const times = fc.array(fc.option(fc.integer({ min: -50, max: 50 })), { maxLength: 60 });
    const end = fc.option(fc.integer({ min: -60, max: 60 }));
    fc.assert(
      fc.property(times, end, end, (all, from, to) => {
        const table = {
          rows: all.length,
          times: Float64Array.from(all, (time) => time ?? Number.NaN),
          sidecar: { recorder: recorder(1) },
        } as Parameters<typeof selectRows>[0];
        const { rows, span, part } = selectRows(table, { from, to });
        const expected = all.flatMap((time, index) => {
          if (from === null && to === null) return [index];
          return time !== null && time >= (from ?? -Infinity) && time <= (to ?? Infinity) ? [index] : [];
        });
        expect([...rows]).toEqual(expected);
        expect(span.rows).toBe(expected.length);
        expect(part === null).toBe(from === null && to === null);
        if (part === null) return;
        const { undated, outside } = part.leftOut;
        expect(undated).toBe(all.filter((time) => time === null).length);
        expect(rows.length + undated + outside).toBe(all.length);
      }),
    );
  });

  it('means the same rows in CSV, Parquet and JSON, and each says what was asked for and left out', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      const exported = async (format: LogFormat) => {
        const result = await exportBagLogs(bag, { ...RANGE, format, out: join(folder, format, `part.${format}`) });
        if (!result.ok) throw new Error(result.problem.because);
        expect(result.value.logs).toMatchObject([
          { rows: 4, first: IN_RANGE[0], last: IN_RANGE[3], leftOut: LEFT_OUT },
        ]);
        return result.value.logs[0]?.file ?? '';
      };
      const part = { from: IN_RANGE[0], to: IN_RANGE[2], leftOut: LEFT_OUT };

      const csv = await exported('csv');
      const lines = (await readFile(csv, 'utf8')).trimEnd().split('\r\n').slice(1);
      expect(lines.map((line) => line.split(',')[0])).toEqual(IN_RANGE);
      const table = await readLogTable(csv);
      expect(table).toMatchObject({ ok: true, value: { rows: 4, sidecar: { part, readout: { undated: 0 } } } });

      const json = JSON.parse(await readFile(await exported('json'), 'utf8')) as { rows: unknown[][] };
      expect(json).toMatchObject({ format: 'meterwright-log-rows/1', part });
      expect(json.rows.map(([time]) => time)).toEqual(IN_RANGE);

      const bytes = await readFile(await exported('parquet'));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      const rows = (await parquetReadObjects({ file })) as { time: Date }[];
      expect(rows.map(({ time }) => time.toISOString())).toEqual(IN_RANGE);
      const about = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'meterwright-log');
      expect(JSON.parse(about?.value ?? '')).toMatchObject({ part, rows: 4, first: IN_RANGE[0], last: IN_RANGE[3] });
    });
  });

  it('without an end is the whole log, rows without a time included, and nothing is said to be left out', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      const out = join(folder, 'all.csv');
      const all = await exportBagLogs(bag, { format: 'csv', out });
      expect(all).toMatchObject({ ok: true, value: { logs: [{ rows: 9, leftOut: { undated: 0, outside: 0 } }] } });
      expect(JSON.parse(await readFile(join(folder, 'all.json'), 'utf8'))).not.toHaveProperty('part');
      expect(await readFile(out, 'utf8')).toBe(await readFile(join(bag, 'data/logs/1-0-99-1-0-255.csv'), 'utf8'));
    });
  });
});
