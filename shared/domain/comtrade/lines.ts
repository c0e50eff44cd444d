/** The lines of a configuration file, one after the other, each split at its commas and trimmed. */
export interface Lines {
  /** Of the line that was given last, counted from 1. */
  readonly number: number;
  /** Undefined after the last one. */
  next(): readonly string[] | undefined;
}

/** Lines end with CR LF; LF alone is taken, too. A byte order mark is passed over. */
export function createLines(text: string): Lines {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  // 0x1A is the end mark of old systems.
  while (lines.length > 0 && (lines.at(-1) ?? '').replaceAll('\u001a', ' ').trim() === '') lines.pop();
  let at = 0;
  return {
    get number() {
      return at;
    },
    next() {
      const line = lines[at];
      at += 1;
      return line?.split(',').map((field) => field.trim());
    },
  };
}

/** A finite decimal number such as "-1.5E-03"; undefined when it is none. */
export function decimal(text: string): number | undefined {
  if (text.length > 64 || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A whole number of at most 10 digits; undefined when it is none. */
export function whole(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
