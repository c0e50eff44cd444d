import { SingleBar } from 'cli-progress';
import type { JobProgress, RowProgress } from '../../shared/domain/job.ts';
import { type Problem, problem, reasonOf } from '../../shared/domain/problem.ts';

/** Exit codes of every command; other programs rely on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  nothingToDo: 2,
  unreachable: 3,
  blocked: 4,
  interrupted: 5,
  usage: 64,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command leaves behind: the exit code, the document for `--json`, and the same for people. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly document: unknown;
  readonly lines: readonly string[];
}

/** A command's view of the terminal: with `--json` standard output carries one document and nothing else. */
export interface Terminal {
  readonly json: boolean;
  /** For people, at once; goes to standard error with `--json`. */
  say(line: string): void;
  /** A progress bar on a terminal, a line for each change of stage and each tenth elsewhere. */
  progress(note: ProgressLine): void;
  /** Ends the bar, if there is one. */
  settle(): void;
  /** For people, always on standard error. */
  note(line: string): void;
  /** Writes the outcome, if it has a document; called once. Returns the exit code: `failed` where the outcome could not be written. */
  finish(outcome: Outcome): Promise<ExitCode>;
}

export interface ProgressLine {
  readonly meter: string;
  readonly stage: string;
  readonly message: string;
  readonly done?: number;
  readonly total?: number;
  readonly perSecond?: number;
  /** What `done`, `total` and `perSecond` count; bytes unless said. */
  readonly unit?: 'rows';
  readonly secondsLeft?: number;
  /** When a wait gives up, ISO 8601. */
  readonly waitUntil?: string;
}

/** ECMA-48: back to the first column, erase the line. */
const ERASE_LINE = '\r\u001b[2K';

/** The terminal of this process. */
export function createTerminal(options: { readonly json: boolean; readonly verbose: boolean }): Terminal {
  const people = options.json ? process.stderr : process.stdout;
  let bar: SingleBar | undefined;
  let lastLine = '';
  let counting = false;

  const settle = (): void => {
    bar?.stop();
    bar = undefined;
    if (counting) process.stderr.write('\n');
    counting = false;
  };
  const say = (line: string): void => {
    settle();
    people.write(`${line}\n`);
  };

  const note = (line: string): void => {
    settle();
    process.stderr.write(`${line}\n`);
  };

  return {
    json: options.json,
    say,
    settle,
    progress(note) {
      if (process.stderr.isTTY && note.total !== undefined && note.done !== undefined) {
        bar ??= startBar(note);
        bar.update(note.done, barText(note));
        return;
      }
      if (process.stderr.isTTY && note.waitUntil !== undefined) {
        if (!counting) settle();
        counting = true;
        process.stderr.write(`${ERASE_LINE}${countdownLine(note, note.waitUntil)}`);
        return;
      }
      const line = plainLine(note);
      if (line === lastLine) return;
      lastLine = line;
      settle();
      process.stderr.write(`${line}\n`);
    },
    note,
    async finish(outcome) {
      settle();
      if (outcome.document === undefined) return outcome.exit;
      if (options.verbose) for (const line of detailLines(outcome.document)) note(line);
      try {
        await writeAll(
          options.json
            ? `${JSON.stringify(outcome.document, jsonValue, 2)}\n`
            : outcome.lines.map((line) => `${line}\n`).join(''),
        );
        return outcome.exit;
      } catch (thrown) {
        note(`The outcome (exit code ${outcome.exit}) could not be written to standard output: ${reasonOf(thrown)}`);
        return outcome.exit === EXIT.done ? EXIT.failed : outcome.exit;
      }
    },
  };
}

/** What a problem knows besides its sentences; asked for with --verbose. */
function detailLines(document: unknown): readonly string[] {
  const details = (document as { readonly problem?: Problem }).problem?.details ?? {};
  return Object.entries(details).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
}

function startBar(note: ProgressLine): SingleBar {
  const bar = new SingleBar({
    format: '{meter}  {stage}  {bar} {percentage}%  {amount}  {rate}  {left}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: false,
    fps: 4,
  });
  bar.start(note.total ?? 0, note.done ?? 0, barText(note));
  return bar;
}

function barText(note: ProgressLine): Record<string, string> {
  const amount = note.unit === undefined ? megabytes : String;
  const unit = note.unit ?? 'MB';
  return {
    meter: note.meter,
    stage: note.stage,
    amount: `${amount(note.done ?? 0)} of ${amount(note.total ?? 0)} ${unit}`,
    rate: note.perSecond === undefined ? '' : `${amount(note.perSecond)} ${unit}/s`,
    left: note.secondsLeft === undefined ? '' : `${Math.ceil(note.secondsLeft)} s left`,
  };
}

/** Off a terminal a line appears for each change of the message and for each tenth of the bytes, never one for each event. */
function plainLine(note: ProgressLine): string {
  const share =
    note.total === undefined || note.done === undefined || note.total === 0 ? undefined : note.done / note.total;
  const tenth = share === undefined ? '' : `  ${Math.floor(share * 10) * 10} %`;
  const cap = note.waitUntil === undefined ? '' : `, until ${note.waitUntil.slice(11, 19)} UTC at the latest`;
  return `${note.meter}  ${note.stage}  ${note.message}${tenth}${cap}`;
}

/** On a terminal a wait counts down to its cap. */
function countdownLine(note: ProgressLine, waitUntil: string): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(waitUntil) - Date.now()) / 1000));
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${note.meter}  ${note.stage}  ${note.message}, at most ${left} more`;
}

/** The progress of a job as a line. */
export function jobLine(progress: JobProgress): ProgressLine {
  return {
    meter: progress.meter,
    stage: `${progress.stage.index}/${progress.stage.count} ${progress.stage.label}`,
    message: progress.message,
    ...(progress.bytes === undefined
      ? {}
      : { done: progress.bytes.done, total: progress.bytes.total, perSecond: progress.bytes.perSecond }),
    ...(progress.rows === undefined ? {} : rowsOf(progress.rows)),
    ...(progress.secondsLeft === undefined ? {} : { secondsLeft: progress.secondsLeft }),
    ...(progress.waitUntil === undefined ? {} : { waitUntil: progress.waitUntil }),
  };
}

/** Rows of a log for a {@link ProgressLine}; without their number there is no share to show. */
export function rowsOf({ done, total, perSecond }: RowProgress): Partial<ProgressLine> {
  return total === null ? {} : { done, total, perSecond: Math.round(perSecond), unit: 'rows' };
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

/** JSON has no integers of 64 bits: they become decimal text. */
function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/**
 * Standard output may be a pipe: the process must not end before the reader has everything. A reader that went away (`| head`) wants no
 * more; any other refusal, such as a full disk, rejects.
 */
function writeAll(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error && !isReaderGone(error) ? reject(error) : resolve()));
  });
}

function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

/**
 * A pipe that was closed or a terminal that was taken away does not end the program: a job on a meter goes on, and its journal has
 * every word. Whether the outcome could be written is told by the write itself.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** The exit code that fits a problem. */
export function exitFor({ code }: Problem): ExitCode {
  if (code === 'upgrade/blocked') return EXIT.blocked;
  const what = code.slice(code.indexOf('/') + 1);
  if (INTERRUPTED.has(what)) return EXIT.interrupted;
  return UNREACHABLE.has(what) ? EXIT.unreachable : EXIT.failed;
}

/** What the rooms call a stop that a person asked for. */
const INTERRUPTED: ReadonlySet<string> = new Set(['aborted', 'cancelled', 'watch-stopped']);
/** `busy` is a meter whose only connection somebody else holds: nothing was asked of it, and trying later is the way on. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'refused',
  'unreachable',
  'timeout',
  'no-answer',
  'meter-silent',
  'busy',
]);

/** The outcome of a command that was not given what it needs; `help` is the command whose --help says more. */
export function usageOutcome(because: string, help: string): Outcome {
  const found = problem({
    code: 'usage',
    title: 'It is not clear what to do',
    because,
    nextStep: `See ${help} --help.`,
  });
  return failedOutcome(found, {}, EXIT.usage);
}

/** The outcome of a command that ended in a problem, with what is known besides. */
export function failedOutcome(cause: Problem, known: Record<string, unknown> = {}, exit = exitFor(cause)): Outcome {
  return { exit, document: { problem: cause, ...known }, lines: problemLines(cause) };
}

/** The document of wrong usage, for programs that asked for JSON; `message` is what commander says to people. */
export function usageDocument(message: string): string {
  const cause = problem({
    code: 'usage',
    title: 'Wrong usage',
    because: message.startsWith('(') ? 'A command is missing.' : message.replace(/^error: /, ''),
    nextStep: 'See --help of the command.',
  });
  return `${JSON.stringify({ problem: cause }, null, 2)}\n`;
}

/** A problem as people read it. */
export function problemLines({ title, code, because, meterState, nextStep }: Problem): readonly string[] {
  return [`${title} [${code}]`, `  Because: ${because}`, `  Meter:   ${meterState}`, `  Next:    ${nextStep}`];
}

/**
 * Columns padded to the widest cell; the last one is wrapped at the width of the terminal. Where the others leave it no room, they are
 * wrapped, too, and words that are too long for them (hashes) are broken.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? PLAIN_WIDTH,
): readonly string[] {
  const last = head.length - 1;
  const natural = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const indentOf = (all: readonly number[]): number =>
    all.slice(0, last).reduce((sum, column) => sum + column + GAP.length, 0);
  const fits = indentOf(natural) + MIN_LAST_COLUMN <= width;
  const widths = fits ? natural : natural.map((column) => Math.min(column, MAX_COLUMN));
  const indent = indentOf(widths);
  const room = Math.max(MIN_LAST_COLUMN, width - indent);
  const lines = (cells: readonly string[]): readonly string[] => {
    const wrapped = cells.map((cell, column) =>
      column === last ? wrap(cell, room) : wrap(breakWords(cell, widths[column] ?? 0), widths[column] ?? 0),
    );
    const height = Math.max(...wrapped.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      wrapped
        .map((cell, column) => (cell[line] ?? '').padEnd(column === last ? 0 : (widths[column] ?? 0)))
        .join(GAP)
        .trimEnd(),
    );
  };
  const rule = widths.map((column, index) => '-'.repeat(index === last ? Math.min(column, room) : column));
  return [...lines(head), rule.join(GAP), ...rows.flatMap(lines)];
}

const GAP = '  ';
const PLAIN_WIDTH = 120;
const MIN_LAST_COLUMN = 40;
const MAX_COLUMN = 32;

function breakWords(text: string, width: number): string {
  return width < 1 ? text : text.replace(new RegExp(`[^ ]{${width}}(?=[^ ])`, 'g'), '$& ');
}

/** Breaks a text between words into lines of at most `width` characters; a longer word stands alone. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
