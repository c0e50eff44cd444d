/** One comparison with another implementation of the same job. */
export interface BenchRow {
  readonly name: string;
  /** How this project compares with the other, in the sense that the row's name says. */
  readonly ratio: number;
  /** The ratio that has to be reached. */
  readonly target: number;
  readonly ok: boolean;
  /** What was measured, with its unit. */
  readonly ours: string | number;
  readonly theirs: string | number;
}

/** What the command line of the bench asks for. */
export interface BenchOptions {
  readonly json: boolean;
  /** Only the benches whose name contains this. */
  readonly filter: string | undefined;
}

/**
 * Reads `[--json] [FILTER]`.
 * @returns the options, or the sentence that says what is wrong
 */
export function parseBenchArguments(args: readonly string[]): BenchOptions | string {
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--json');
  if (unknown !== undefined) return `unknown option ${unknown}; the bench takes [--json] [FILTER]`;
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.length > 1) return 'the bench takes one filter at most';
  return { json: args.includes('--json'), filter: names[0] };
}

/** The document of `--json`, on one line. */
export function benchDocument(rows: readonly BenchRow[]): string {
  return JSON.stringify({ rows: rows.map(({ name, ratio, target, ok }) => ({ name, ratio, target, ok })) });
}

/** The rows as a table for people. */
export function benchTable(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.ratio.toFixed(2),
    row.target.toFixed(2),
    row.ok ? 'met' : 'MISSED',
    String(row.ours),
    String(row.theirs),
  ]);
  const lines = [['bench', 'ratio', 'target', '', 'ours', 'theirs'], ...cells];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Whether the run has proven that every target is met: a run without rows has proven nothing. */
export function targetsMet(rows: readonly BenchRow[]): boolean {
  return rows.length > 0 && rows.every(({ ok }) => ok);
}
