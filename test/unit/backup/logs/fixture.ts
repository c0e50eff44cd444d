import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WrittenRow } from '../../../../electron/backup/logs/csv.ts';
import { writeSidecar } from '../../../../electron/backup/logs/sidecar.ts';
import type { LogSidecar } from '../../../../electron/backup/logs/types.ts';
import { createLogWriter } from '../../../../electron/backup/logs/writer.ts';
import type { LogColumn, LogReadout, RecorderInfo } from '../../../../shared/domain/log.ts';
import type { Result } from '../../../../shared/domain/problem.ts';

export const START = Date.UTC(2026, 0, 1);

function column(id: string): LogColumn {
  return { id, label: id, unit: 'V', scaler: 0 };
}

export function recorder(columns: number, interval = 60): RecorderInfo {
  return {
    id: '1-0:99.1.0*255',
    kind: 'recorder',
    name: 'Revenue Log',
    entries: 0,
    capacity: 97_089,
    interval,
    columns: Array.from({ length: columns }, (_, index) => column(`1-0:${index}.7.0*255/2`)),
    columnsNotExported: null,
    first: null,
    last: null,
  };
}

const READOUT: LogReadout = {
  rows: 0,
  rebuilt: 0,
  undated: 0,
  roundTrips: 1,
  bytes: 1,
  milliseconds: 1,
  resumed: 0,
};

export function row(time: number | null, values: WrittenRow['values'], rebuilt = false): WrittenRow {
  return { time, rebuilt, values };
}

/** Runs with a folder of its own, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-logs-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a log with its sidecar, a thousand rows at a time. */
export async function writeLog(
  csv: string,
  info: RecorderInfo,
  rows: Iterable<WrittenRow>,
): Promise<Result<LogSidecar>> {
  const writer = await createLogWriter({
    csv,
    recorder: info,
    meter: { serial: 'ME-1', firmware: '4.0.0', simulated: true },
    readAt: '2026-01-02T00:00:00.000Z',
  });
  if (!writer.ok) return writer;
  let some: WrittenRow[] = [];
  for (const next of rows) {
    some.push(next);
    if (some.length < 1000) continue;
    await writer.value.write(some);
    some = [];
  }
  await writer.value.write(some);
  const written = await writer.value.finish(READOUT);
  if (!written.ok) return written;
  const beside = await writeSidecar(csv, written.value.sidecar);
  return beside.ok ? { ok: true, value: written.value.sidecar } : beside;
}
