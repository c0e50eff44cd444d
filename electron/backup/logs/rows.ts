import { ok, type Result } from '../../../shared/domain/problem.ts';
import { createTimeReader, numberAt } from './cells.ts';
import { headingOf, LEADING_COLUMNS } from './csv.ts';
import { createSpanFinder, type LogSpan } from './gaps.ts';
import { type ScannedLine, type ScanOptions, scanLines } from './scan.ts';
import { logProblem } from './sidecar.ts';
import type { LogSidecar } from './types.ts';

const MAX_ORIGIN = 'rebuilt'.length;

/** Gets the decoded rows of a log, one after the other. */
export interface RowSink {
  /**
   * `time` is NaN where the row has none, `origin` as in LogTable; `index` counts from 0. Called before the cells of the row. Undefined, or
   * why this row is not taken.
   */
  row?(index: number, time: number, origin: number, line: ScannedLine): string | undefined;
  number?(index: number, column: number, value: number): void;
  /** Undefined, or why this text is not taken. */
  text?(index: number, column: number, line: ScannedLine, field: number): string | undefined;
}

/**
 * Decodes every cell of a log on the disk in constant memory and holds it to its sidecar: heading, number of rows, first and last time, gaps. What does
 * not fit is `logs/damaged`.
 */
export async function decodeLog(
  csv: string,
  sidecar: LogSidecar,
  sink: RowSink,
  options: ScanOptions = {},
): Promise<Result<LogSpan>> {
  const { columns } = sidecar;
  const width = columns.length + LEADING_COLUMNS;
  const heading = Buffer.from(headingOf(columns), 'utf8');
  const timeAt = createTimeReader();
  const spans = createSpanFinder(sidecar.recorder.interval);
  let index = 0;
  const scanned = await scanLines(
    csv,
    width,
    (line) => {
      const { bytes, starts, ends, quotes } = line;
      if (line.number === 0) {
        const same = heading.equals(bytes.subarray(line.start, line.end));
        return same ? undefined : 'The heading is not that of the description.';
      }
      if (line.fields !== width) return `It has ${line.fields} fields instead of ${width}.`;
      if (index === sidecar.rows) return `There are more rows than the ${sidecar.rows} of the description.`;
      const [start = 0, end = 0] = [starts[0], ends[0]];
      const time = start === end ? Number.NaN : timeAt(bytes, start, end);
      if (time === undefined || quotes[0] !== 0) return 'The time is none.';
      const origin = originOf(line, start === end);
      if (origin === undefined) return 'The origin of the time is none.';
      spans.add(time);
      const refused = sink.row?.(index, time, origin, line);
      if (refused !== undefined) return refused;
      for (let field = LEADING_COLUMNS; field < width; field += 1) {
        const [from = 0, to = 0] = [starts[field], ends[field]];
        if (quotes[field] !== 0) {
          const wrong = sink.text?.(index, field - LEADING_COLUMNS, line, field);
          if (wrong !== undefined) return wrong;
        } else if (from !== to) {
          const value = numberAt(bytes, from, to);
          if (value === undefined) return `Field ${field + 1} is no number.`;
          sink.number?.(index, field - LEADING_COLUMNS, value);
        }
      }
      index += 1;
      return undefined;
    },
    options,
  );
  if (!scanned.ok) return scanned;
  const span = spans.span();
  const wrong = unlike(span, sidecar);
  return wrong === undefined ? ok(span) : { ok: false, problem: logProblem(wrong) };
}

/** `none` for a row without a time, `meter` or `rebuilt` for one that has it. */
function originOf({ bytes, starts, ends }: ScannedLine, undated: boolean): number | undefined {
  const [start = 0, end = 0] = [starts[1], ends[1]];
  const origin = end - start > MAX_ORIGIN ? '' : bytes.toString('latin1', start, end);
  if (undated) return origin === 'none' ? 0 : undefined;
  return origin === 'meter' ? 1 : origin === 'rebuilt' ? 2 : undefined;
}

function unlike(span: LogSpan, sidecar: LogSidecar): string | undefined {
  if (span.rows !== sidecar.rows) return `It has ${span.rows} rows; the description says ${sidecar.rows}.`;
  for (const end of ['first', 'last'] as const) {
    if (span[end] !== sidecar[end]) {
      return `Its ${end} time is ${span[end] ?? 'none'}; the description says ${sidecar[end] ?? 'none'}.`;
    }
  }
  if (span.gapCount === sidecar.gapCount) return undefined;
  return `It has ${span.gapCount} gaps; the description says ${sidecar.gapCount}.`;
}
