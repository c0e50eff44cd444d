import { open } from 'node:fs/promises';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { logProblem } from './sidecar.ts';

/** How much of the file is in memory at a time; no line may be longer. */
const WINDOW = 1024 * 1024;
/** How much is read, and looked at, before other work of this process gets its turn: a few milliseconds. */
const SLICE = 128 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const QUOTE = 0x22;

/** One line of a CSV file while it is looked at: only valid until the callback returns. */
export interface ScannedLine {
  readonly bytes: Buffer;
  /** Where the line begins and where the next one does. */
  start: number;
  end: number;
  /** Number of fields, and of each its first byte and the byte after its last, without quotation marks. */
  fields: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 0 plain, 1 in quotation marks, 2 in quotation marks with doubled ones inside. */
  readonly quotes: Uint8Array;
  /** Counted from 1; the heading is line 1. */
  number: number;
}

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Waited for after each slice of the file: what takes the lines may be slower than the disk. */
  readonly afterSlice?: (() => Promise<void>) | undefined;
  /** Gets every byte of the file that was read, in order; only valid until it returns. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined;
  /** Bytes so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Goes through a CSV file line by line (RFC 4180; LF alone ends a line, too) in constant memory. `onLine` says what is wrong with a line, or nothing.
 * A line with more than `maxFields` fields or 1 MiB, a quotation mark out of place, or an end without a line break is `logs/damaged`.
 */
export async function scanLines(
  path: string,
  maxFields: number,
  onLine: (line: ScannedLine) => string | undefined,
  options: ScanOptions = {},
): Promise<Result<number>> {
  const bytes = Buffer.allocUnsafe(WINDOW);
  const line: ScannedLine = {
    bytes,
    start: 0,
    end: 0,
    fields: 0,
    starts: new Int32Array(maxFields),
    ends: new Int32Array(maxFields),
    quotes: new Uint8Array(maxFields),
    number: 0,
  };
  const damaged = (because: string): Result<never> => ({
    ok: false,
    problem: logProblem(`Line ${line.number + 1}: ${because}`, { line: line.number + 1 }),
  });
  try {
    const handle = await open(path, 'r');
    try {
      let filled = 0;
      let offset = 0;
      for (;;) {
        if (options.signal?.aborted) return { ok: false, problem: stopped() };
        const { bytesRead } = await handle.read(bytes, filled, Math.min(SLICE, WINDOW - filled), offset);
        options.onBytes?.(bytes.subarray(filled, filled + bytesRead));
        offset += bytesRead;
        filled += bytesRead;
        let start = 0;
        for (;;) {
          const found = splitLine(line, start, filled, maxFields);
          if (found === 'more') break;
          if (found !== undefined) return damaged(found);
          const wrong = onLine(line);
          if (wrong !== undefined) return damaged(wrong);
          line.number += 1;
          start = line.end;
        }
        options.onProgress?.(offset);
        await options.afterSlice?.();
        if (bytesRead === 0) return start === filled ? ok(line.number) : damaged('The file ends within a line.');
        if (start === 0 && filled === WINDOW) return damaged('It is longer than 1 MiB.');
        bytes.copyWithin(0, start, filled);
        filled -= start;
      }
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { ok: false, problem: diskProblem(thrown, path, 'read') };
    return { ok: false, problem: logProblem('The file is missing.') };
  }
}

/** Finds the fields of the line that begins at `start`; `more` when its end is not in the window, a text when it is no line of CSV. */
function splitLine(line: ScannedLine, start: number, filled: number, maxFields: number): string | undefined {
  const { bytes, starts, ends, quotes } = line;
  let at = start;
  let fields = 0;
  for (;;) {
    if (at >= filled) return 'more';
    if (fields === maxFields) return `It has more than ${maxFields} fields.`;
    if (bytes[at] === QUOTE) {
      const from = at + 1;
      let kind = 1;
      at = from;
      for (;;) {
        at = bytes.indexOf(QUOTE, at);
        if (at < 0 || at + 1 >= filled) return 'more';
        if (bytes[at + 1] !== QUOTE) break;
        kind = 2;
        at += 2;
      }
      starts[fields] = from;
      ends[fields] = at;
      quotes[fields] = kind;
      at += 1;
    } else {
      const from = at;
      let byte = bytes[at];
      while (at < filled && byte !== COMMA && byte !== LF && byte !== CR) {
        if (byte === QUOTE) return 'A quotation mark stands within a field.';
        at += 1;
        byte = bytes[at];
      }
      if (at >= filled) return 'more';
      starts[fields] = from;
      ends[fields] = at;
      quotes[fields] = 0;
    }
    fields += 1;
    if (at >= filled) return 'more';
    if (bytes[at] === COMMA) {
      at += 1;
      continue;
    }
    if (bytes[at] === CR) {
      if (at + 1 >= filled) return 'more';
      at += 1;
    }
    if (bytes[at] !== LF) return 'There is something after a quotation mark, or a carriage return within the line.';
    line.start = start;
    line.end = at + 1;
    line.fields = fields;
    return undefined;
  }
}

function stopped() {
  return { ...logProblem('It was stopped before the end.'), code: 'aborted', title: 'Stopped' };
}
