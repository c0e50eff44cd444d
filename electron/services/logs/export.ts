import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { WrittenRow } from '../../backup/logs/csv.ts';
import { sidecarPath, writeSidecar } from '../../backup/logs/sidecar.ts';
import type { LogTable } from '../../backup/logs/types.ts';
import { createLogWriter } from '../../backup/logs/writer.ts';
import type { Selection } from './part.ts';
import { cellOf } from './views.ts';

/** Rows that are written before other work of the engine gets its turn. */
const ROWS_AT_ONCE = 2_000;
/** Origin of a time that was rebuilt from the interval, see `LogTable`. */
const REBUILT = 2;

/** A part of a log on the disk. */
export interface WrittenPart {
  readonly file: string;
  readonly sidecar: string;
  readonly rows: number;
  /** Rows that were left out because they have no time; see `selectRows`. */
  readonly undated: number;
}

/**
 * Writes a part of a log in the form in which logs lie on the disk: CSV, and a sidecar that says what it is. `disk/…` when the disk refuses.
 *
 * @param csv where to; what is there is replaced. Ends in `.csv`, or gets it
 */
export async function exportLog(table: LogTable, { rows, part }: Selection, csv: string): Promise<Result<WrittenPart>> {
  const file = /\.csv$/i.test(csv) ? csv : `${csv}.csv`;
  const { recorder, columns, meter, readAt, readout } = table.sidecar;
  const started = await createLogWriter({ csv: file, recorder: { ...recorder, columns }, meter, readAt });
  if (!started.ok) return started;
  const writer = started.value;
  try {
    const counts = { rows: rows.length, rebuilt: 0, undated: 0 };
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const batch = Array.from(rows.subarray(start, start + ROWS_AT_ONCE), (row) => rowOf(table, row));
      for (const { time, rebuilt } of batch) {
        if (rebuilt) counts.rebuilt += 1;
        if (time === null) counts.undated += 1;
      }
      await writer.write(batch);
      await turn();
    }
    const written = await writer.finish({ ...readout, ...counts });
    if (!written.ok) return written;
    const beside = await writeSidecar(file, { ...written.value.sidecar, ...(part === null ? {} : { part }) });
    if (!beside.ok) return beside;
    return ok({ file, sidecar: sidecarPath(file), rows: rows.length, undated: part?.leftOut.undated ?? 0 });
  } finally {
    await writer.discard();
  }
}

function rowOf(table: LogTable, row: number): WrittenRow {
  const time = table.times[row] ?? Number.NaN;
  return {
    time: Number.isNaN(time) ? null : time,
    rebuilt: table.origins[row] === REBUILT,
    values: table.sidecar.columns.map((_, column) => cellOf(table, row, column)),
  };
}

function turn(): Promise<void> {
  return new Promise((settle) => setImmediate(settle));
}
