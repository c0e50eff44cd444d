import { ok, type Result } from '../../shared/domain/problem.ts';
import type { WrittenRow } from '../backup/logs/csv.ts';
import { sidecarPath, writeSidecar } from '../backup/logs/sidecar.ts';
import type { LogTable } from '../backup/logs/types.ts';
import { createLogWriter } from '../backup/logs/writer.ts';
import { cellOf } from './log-views.ts';

/** Rows that are written before other work of the engine gets its turn. */
const ROWS_AT_ONCE = 2_000;
/** Origin of a time that was rebuilt from the interval, see `LogTable`. */
const REBUILT = 2;

export interface ExportRange {
  /** Milliseconds since 1970 UTC, both ends included; null for no end. Rows without a time are in it only when both are null. */
  readonly from: number | null;
  readonly to: number | null;
  /** Where to; what is there is replaced. Ends in `.csv`, or gets it. */
  readonly csv: string;
}

/** Writes a part of a log in the form in which logs lie on the disk: CSV, and a sidecar that says what it is. `disk/…` when the disk refuses. */
export async function exportLog(
  table: LogTable,
  { from, to, csv }: ExportRange,
): Promise<Result<{ file: string; sidecar: string; rows: number }>> {
  const file = /\.csv$/i.test(csv) ? csv : `${csv}.csv`;
  const { recorder, columns, meter, readAt, readout } = table.sidecar;
  const started = await createLogWriter({ csv: file, recorder: { ...recorder, columns }, meter, readAt });
  if (!started.ok) return started;
  const writer = started.value;
  try {
    let batch: WrittenRow[] = [];
    const counts = { rows: 0, rebuilt: 0, undated: 0 };
    for (let row = 0; row < table.rows; row += 1) {
      const time = table.times[row] ?? Number.NaN;
      if (!isIn(time, from, to)) continue;
      const rebuilt = table.origins[row] === REBUILT;
      counts.rows += 1;
      if (rebuilt) counts.rebuilt += 1;
      if (Number.isNaN(time)) counts.undated += 1;
      batch.push({
        time: Number.isNaN(time) ? null : time,
        rebuilt,
        values: columns.map((_, column) => cellOf(table, row, column)),
      });
      if (batch.length < ROWS_AT_ONCE) continue;
      await writer.write(batch);
      batch = [];
      await turn();
    }
    await writer.write(batch);
    const written = await writer.finish({ ...readout, ...counts });
    if (!written.ok) return written;
    const beside = await writeSidecar(file, written.value.sidecar);
    return beside.ok ? ok({ file, sidecar: sidecarPath(file), rows: counts.rows }) : beside;
  } finally {
    await writer.discard();
  }
}

function isIn(time: number, from: number | null, to: number | null): boolean {
  if (Number.isNaN(time)) return from === null && to === null;
  return (from === null || time >= from) && (to === null || time <= to);
}

function turn(): Promise<void> {
  return new Promise((settle) => setImmediate(settle));
}
