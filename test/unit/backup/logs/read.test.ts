import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimeReader, numberAt } from '../../../../electron/backup/logs/cells.ts';
import { readLogTable } from '../../../../electron/backup/logs/read.ts';
import { parseSidecar, readSidecar, sidecarPath, writeSidecar } from '../../../../electron/backup/logs/sidecar.ts';
import { inFolder, recorder, row, START, writeLog } from './fixture.ts';

const run = promisify(execFile);

const VALUE = fc.oneof(
  fc.constant(null),
  fc.double(),
  fc.integer(),
  fc.float(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('"', '""', ',', '\r\n', '1', '', 'NaN', -0, Number.NaN, Number.POSITIVE_INFINITY, 0.1 + 0.2),
);
const ROWS = fc.integer({ min: 0, max: 5 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(
      fc.record({
        time: fc.option(fc.integer({ min: -62_167_219_200_000, max: 8_640_000_000_000_000 })),
        rebuilt: fc.boolean(),
        values: fc.array(VALUE, { minLength: columns, maxLength: columns }),
      }),
      { maxLength: 20 },
    ),
  }),
);

describe('a log on disk', () => {
  test('reads back as it was written, whatever the values are', async () => {
    await inFolder(async (folder) => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(ROWS, async ({ columns, rows }) => {
          run += 1;
          const csv = join(folder, `${run}.csv`);
          expect((await writeLog(csv, recorder(columns), rows)).ok).toBe(true);
          const table = await readLogTable(csv);
          if (!table.ok) throw new Error(table.problem.because);
          expect(table.value.rows).toBe(rows.length);
          for (const [index, { time, values }] of rows.entries()) {
            expect(table.value.times[index]).toBe(time ?? Number.NaN);
            for (const [at, value] of values.entries()) {
              const text = typeof value === 'string' ? value : null;
              expect(table.value.texts[at]?.[index] ?? null).toBe(text);
              const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
              expect(Object.is(table.value.numbers[at]?.[index], number)).toBe(true);
            }
          }
        }),
        { numRuns: 150 },
      );
    });
  });

  test('a file that was changed by a byte, or cut, never gives a table of another shape', async () => {
    await inFolder(async (folder) => {
      const csv = join(folder, 'log.csv');
      const rows = Array.from({ length: 30 }, (_, index) => row(START + index * 60_000, [index / 8, `say "${index}"`]));
      await writeLog(csv, recorder(2), rows);
      const good = await readFile(csv);
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: good.length - 1 }),
          fc.nat({ max: 255 }),
          fc.boolean(),
          async (at, byte, cut) => {
            const bad = cut ? good.subarray(0, at) : Buffer.from(good);
            if (!cut) bad[at] = byte;
            await writeFile(csv, bad);
            const table = await readLogTable(csv);
            if (table.ok) {
              expect(cut).toBe(false);
              expect(table.value.rows).toBe(30);
            } else expect(table.problem.code).toBe('logs/damaged');
          },
        ),
        { numRuns: 300 },
      );
    });
  });

  test('gaps are found while rows stream, and named', async () => {
    await inFolder(async (folder) => {
      const minutes = [0, 1, 2, 5, 6, 100];
      const written = await writeLog(
        join(folder, 'log.csv'),
        recorder(1),
        minutes.map((minute) => row(START + minute * 60_000, [1])),
      );
      expect(written.ok && written.value).toMatchObject({
        rows: 6,
        first: '2026-01-01T00:00:00.000Z',
        last: '2026-01-01T01:40:00.000Z',
        gapCount: 2,
        gaps: [
          { after: '2026-01-01T00:02:00.000Z', before: '2026-01-01T00:05:00.000Z', missing: 2 },
          { after: '2026-01-01T00:06:00.000Z', before: '2026-01-01T01:40:00.000Z', missing: 93 },
        ],
      });
    });
  });

  test('100,000 rows of 16 columns come in well below the time that a person waits', async () => {
    await inFolder(async (folder) => {
      const csv = join(folder, 'log.csv');
      function* rows() {
        for (let index = 0; index < 100_000; index += 1) {
          yield row(
            START + index * 60_000,
            Array.from({ length: 16 }, (_, at) => (index * 7 + at) / 10),
          );
        }
      }
      await writeLog(csv, recorder(16), rows());
      const began = performance.now();
      const table = await readLogTable(csv);
      const took = performance.now() - began;
      expect(table.ok && table.value.rows).toBe(100_000);
      expect(table.ok && table.value.numbers[3]?.[99_999]).toBe((99_999 * 7 + 3) / 10);
      // A million in 10 s on a machine that does other things, too; alone it is less than a third of it.
      expect(took).toBeLessThan(10_000);
      process.stdout.write(`read 100,000 x 16 in ${Math.round(took)} ms\n`);
    });
  }, 60_000);

  test('python and sqlite read the same rows', async () => {
    await inFolder(async (folder) => {
      const csv = join(folder, 'log.csv');
      const rows = [
        row(START, [1.5, 'a "b", c\r\nd']),
        row(START + 60_000, [null, '']),
        row(null, [-0.25, 'ü'], false),
      ];
      await writeLog(csv, recorder(2), rows);
      const script =
        'import csv,json,sys\nprint(json.dumps(list(csv.reader(open(sys.argv[1],encoding="utf-8",newline="")))))';
      const python = await run('python3', ['-c', script, csv]);
      expect(JSON.parse(python.stdout)).toEqual([
        ['time', 'origin', '1-0:0.7.0*255/2', '1-0:1.7.0*255/2'],
        ['2026-01-01T00:00:00.000Z', 'meter', '1.5', 'a "b", c\r\nd'],
        ['2026-01-01T00:01:00.000Z', 'meter', '', ''],
        ['', 'none', '-0.25', 'ü'],
      ]);
      const sqlite = await run('sqlite3', [
        ':memory:',
        '-cmd',
        `.import --csv ${csv} log`,
        'select count(*) from log;',
      ]);
      expect(sqlite.stdout.trim()).toBe('3');
    });
  });

  test('a sidecar that promises more rows than the file can hold gets no memory', async () => {
    await inFolder(async (folder) => {
      const csv = join(folder, 'log.csv');
      const written = await writeLog(csv, recorder(1), [row(START, [1])]);
      if (!written.ok) throw new Error(written.problem.because);
      await writeSidecar(csv, { ...written.value, rows: 2 ** 40 });
      const table = await readLogTable(csv);
      expect(!table.ok && table.problem.code).toBe('logs/damaged');
    });
  });

  test('a sidecar that is none is said, never quoted', async () => {
    expect(parseSidecar('{"secret":1}')).toMatchObject({ ok: false, problem: { code: 'logs/bad-sidecar' } });
    expect(parseSidecar('secret')).toMatchObject({ ok: false, problem: { because: 'It is not JSON.' } });
    fc.assert(fc.property(fc.json(), (text) => void parseSidecar(text)));
    await inFolder(async (folder) => {
      const found = await readSidecar(join(folder, 'none.csv'));
      expect(!found.ok && found.problem.code).toBe('logs/no-sidecar');
    });
    expect(sidecarPath('/a/1-0-99.csv')).toBe('/a/1-0-99.json');
  });
});

describe('cells', () => {
  test('numbers are those that Number reads', () => {
    const read = (text: string) => numberAt(Buffer.from(text), 0, text.length);
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.float()), (value) => {
        const text = Object.is(value, -0) ? '-0' : String(value);
        expect(Object.is(read(text), value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }), (value, places) => {
        const text = (value / 10 ** places).toFixed(places);
        expect(read(text)).toBe(Number(text));
      }),
      { numRuns: 1000 },
    );
    for (const text of ['', '-', '.', '1.', '.5', '1e', '0x10', ' 1', '1 ', '+1', '1_0', 'infinity', '=1+1', '--1']) {
      expect(read(text), text).toBeUndefined();
    }
  });

  test('times are those that Date writes, and nothing else', () => {
    const read = createTimeReader();
    const at = (text: string) => read(Buffer.from(text), 0, text.length);
    fc.assert(
      fc.property(fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }), (time) => {
        expect(at(new Date(time).toISOString())).toBe(time);
      }),
      { numRuns: 1000 },
    );
    for (const text of [
      '2026-02-30T00:00:00.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-01-01T24:00:00.000Z',
      '2026-01-01T00:60:00.000Z',
      '2026-01-01 00:00:00.000Z',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:0x.000Z',
      'x',
    ]) {
      expect(at('2026-01-01T00:00:00.000Z')).toBe(START);
      expect(at(text), text).toBeUndefined();
    }
  });
});
