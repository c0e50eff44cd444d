import { join } from 'node:path';
import { rowMaker } from '../../../electron/meter/logs/cells.ts';
import { createDlmsDoor } from '../../../electron/meter/logs/door.ts';
import { createMeterLogs } from '../../../electron/meter/logs/session.ts';
import { type MeterRecorder, PUBLIC_DLMS } from '../../../electron/meter/logs/types.ts';
import { openWay } from '../../../electron/meter/logs/way.ts';
import { createRowDecoder } from '../../../electron/protocols/dlms/rows.ts';
import type { CaptureObject } from '../../../electron/protocols/dlms/types.ts';
import type { LogReadout } from '../../../shared/domain/log.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startListeningChild } from '../delay-proxy.ts';
import type { BenchRow } from '../report.ts';

/** As many rows as 10 MB hold with 16 sources. */
const ROWS = 97_089;
const COLUMNS = 16;
/** At 20 ms the whole log takes three minutes; this part of it takes forty seconds and has 1,900 blocks. */
const ROWS_AT_20_MS = 20_000;
const CLOSE_TO_LIMIT = 1.15;
const DECODED_PER_SECOND = 200_000;
const LARGEST_GROWTH_MB = 200;
const SAMPLE_MS = 10;
const DECODE_PASSES = 5;

const clock: CaptureObject = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2, dataIndex: 0 };
const registers = Array.from(
  { length: COLUMNS },
  (_, column): CaptureObject => ({ classId: 3, obis: `1.0.${column + 1}.7.0.255`, attribute: 2, dataIndex: 0 }),
);

/** A log of the stand-in: what discovery would have found. */
function recorderOf(entries: number): MeterRecorder {
  return {
    id: '1-0:99.128.0*255',
    kind: 'recorder',
    name: null,
    entries,
    capacity: entries + 1000,
    interval: 60,
    columns: registers.map(({ obis }) => ({ id: obis, label: obis, unit: 'V', scaler: 0 })),
    columnsNotExported: null,
    first: null,
    last: null,
    shape: { obis: '1.0.99.128.0.255', columns: [clock, ...registers], capturePeriod: 60 },
  };
}

/**
 * A readout over the wrapper against a stand-in for a meter in a process of its own, which answers after a given latency. `ratio` is the time divided by
 * the round-trip limit (round trips times latency). At 0 ms rows per second are told, and how much the process grew. Decoding is measured alone,
 * in pieces of one block.
 */
export async function dlmsBench({ root }: { readonly root: string }): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const idle = process.memoryUsage().rss;
  const { readout, growth } = await readout0(root, idle);
  rows.push({
    name: `dlms: ${ROWS} rows x ${COLUMNS} at 0 ms, growth of the process over its idle size, MB`,
    ratio: round(growth / LARGEST_GROWTH_MB),
    target: 1,
    ok: growth <= LARGEST_GROWTH_MB,
    ours: `${growth.toFixed(0)} MB, ${perSecond(readout)} rows/s`,
    theirs: `${LARGEST_GROWTH_MB} MB`,
  });
  for (const { latencyMs, count } of [
    { latencyMs: 5, count: ROWS },
    { latencyMs: 20, count: ROWS_AT_20_MS },
  ]) {
    const slow = await read(root, count, latencyMs);
    const limit = slow.roundTrips * latencyMs;
    const ratio = slow.milliseconds / limit;
    rows.push({
      name: `dlms: ${count} rows x ${COLUMNS} at ${latencyMs} ms, time / round-trip limit`,
      ratio: round(ratio),
      target: CLOSE_TO_LIMIT,
      ok: ratio <= CLOSE_TO_LIMIT,
      ours: `${(slow.milliseconds / 1000).toFixed(1)} s, ${perSecond(slow)} rows/s`,
      theirs: `${slow.roundTrips} x ${latencyMs} ms = ${(limit / 1000).toFixed(1)} s`,
    });
  }
  const decoded = decodedPerSecond();
  rows.push({
    name: `dlms: decoding ${ROWS} rows x ${COLUMNS}, rows/s against the target`,
    ratio: round(decoded / DECODED_PER_SECOND),
    target: 1,
    ok: decoded >= DECODED_PER_SECOND,
    ours: `${Math.round(decoded)} rows/s`,
    theirs: `${DECODED_PER_SECOND} rows/s`,
  });
  return rows;
}

async function readout0(
  root: string,
  idle: number,
): Promise<{ readonly readout: LogReadout; readonly growth: number }> {
  let peak = idle;
  const sample = (): void => {
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    const readout = await read(root, ROWS, 0, sample);
    return { readout, growth: (peak - idle) / 1_000_000 };
  } finally {
    clearInterval(timer);
  }
}

async function read(root: string, count: number, latencyMs: number, onRows: () => void = () => undefined) {
  const meter = await startListeningChild(join(root, 'test', 'bench', 'dlms', 'meter.mjs'), [
    String(count),
    String(latencyMs),
  ]);
  try {
    const address = {
      host: '127.0.0.1',
      ports: { modbus: 1, sftp: 1, dlms: meter.port, bacnet: 1 },
      unit: 255,
      timeoutMs: 10_000,
    };
    const { signal } = new AbortController();
    const way = must(await openWay(createDlmsDoor(address, { ...PUBLIC_DLMS, link: 'wrapper' }), signal));
    try {
      const readout = must(await createMeterLogs(way, signal).read(recorderOf(count), onRows));
      if (readout.rows !== count) throw new Error(`${readout.rows} of ${count} rows came`);
      return readout;
    } finally {
      await way.close();
    }
  } finally {
    await meter.close();
  }
}

/** The median of several passes; the pieces are as long as the blocks of a meter. */
function decodedPerSecond(): number {
  const { bytes, recorder } = encoded();
  const speeds: number[] = [];
  for (let pass = 0; pass < DECODE_PASSES; pass += 1) {
    const decoder = createRowDecoder(recorder.shape, 'standard');
    const toRow = rowMaker(recorder.columns);
    const started = performance.now();
    let rows = 0;
    for (let at = 0; at < bytes.length; at += 1012) {
      const pushed = decoder.push(bytes.subarray(at, at + 1012));
      if (!pushed.ok) throw new Error(pushed.because);
      rows += pushed.rows.map(toRow).length;
    }
    if (rows !== ROWS) throw new Error(`${rows} rows were decoded`);
    speeds.push((rows * 1000) / (performance.now() - started));
  }
  return speeds.sort((a, b) => a - b)[Math.floor(DECODE_PASSES / 2)] ?? 0;
}

/** An array of structures: a clock and 16 float32 each. */
function encoded(): { readonly bytes: Buffer; readonly recorder: MeterRecorder } {
  const recorder = recorderOf(ROWS);
  const head = Buffer.from([0x01, 0x83, ROWS >> 16, (ROWS >> 8) & 0xff, ROWS & 0xff]);
  const row = Buffer.alloc(16 + COLUMNS * 5);
  row.set([0x02, COLUMNS + 1, 0x09, 12, 0x07, 0xea, 11, 22, 0xff, 10, 0, 0, 0, 0, 0, 0]);
  for (let column = 0; column < COLUMNS; column += 1) {
    row[16 + column * 5] = 0x17;
    row.writeFloatBE(230.5 + column, 17 + column * 5);
  }
  return { bytes: Buffer.concat([head, ...Array<Buffer>(ROWS).fill(row)]), recorder };
}

function perSecond({ rows, milliseconds }: LogReadout): number {
  return Math.round((rows * 1000) / Math.max(1, milliseconds));
}

function round(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.code}: ${result.problem.because}`);
}
