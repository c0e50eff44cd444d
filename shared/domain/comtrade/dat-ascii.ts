import { decimal } from './lines.ts';
import type { ComtradeConfig, Samples } from './types.ts';

/** Mark of a missing value in files of 1991 and 1999, where a channel cannot reach it (IEEE C37.111-1999, 6.4); an empty field is one in any edition. */
const MISSING = 99_999;
/** No line of the largest file that is read is longer. */
const MAX_LINE = 1024 * 1024;
const LF = 0x0a;

/**
 * Reads a data file in text: a line for each sample with its number, its stamp, the analog and the digital values. Says what is wrong, or nothing.
 */
export function readAscii(config: ComtradeConfig, bytes: Uint8Array, read: Samples): string | undefined {
  const width = 2 + config.analog.length + config.digital.length;
  let at = 0;
  for (let sample = 0; sample < config.samples; sample += 1) {
    const line = lineAt(bytes, at);
    if (line === undefined) return `It has ${sample} samples; the configuration says ${config.samples}.`;
    at = line.next;
    const fields = line.text.split(',');
    if (fields.length !== width) return `Line ${sample + 1} has ${fields.length} fields instead of ${width}.`;
    const stampText = (fields[1] ?? '').trim();
    const stamp = stampText === '' ? Number.NaN : decimal(stampText);
    if (stamp === undefined) return `The stamp in line ${sample + 1} is no number.`;
    read.stamps[sample] = stamp;
    const wrong = readValues(config, fields, sample, read);
    if (wrong !== undefined) return `Line ${sample + 1}: ${wrong}`;
  }
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    // White space and the end mark of old systems may follow.
    if (byte !== 0x1a && byte !== 0x20 && byte !== 0x0d && byte !== LF) {
      return `It has more samples than the ${config.samples} of the configuration.`;
    }
  }
  return undefined;
}

function readValues(
  config: ComtradeConfig,
  fields: readonly string[],
  sample: number,
  read: Samples,
): string | undefined {
  for (const [index, channel] of config.analog.entries()) {
    const text = (fields[2 + index] ?? '').trim();
    const value = text === '' ? Number.NaN : decimal(text);
    if (value === undefined) return `The value of channel ${channel.name || index + 1} is no number.`;
    const marked = config.revision !== 2013 && value === MISSING && !(channel.max >= MISSING);
    const cells = read.analog[index];
    if (cells !== undefined) cells[sample] = marked ? Number.NaN : value;
  }
  for (const [index, channel] of config.digital.entries()) {
    const text = (fields[2 + config.analog.length + index] ?? '').trim();
    if (text !== '0' && text !== '1') return `The value of channel ${channel.name || index + 1} is not 0 or 1.`;
    const cells = read.digital[index];
    if (cells !== undefined) cells[sample] = text === '1' ? 1 : 0;
  }
  return undefined;
}

function lineAt(bytes: Uint8Array, start: number): { readonly text: string; readonly next: number } | undefined {
  if (start >= bytes.length) return undefined;
  const found = bytes.indexOf(LF, start);
  const end = found < 0 ? bytes.length : found;
  if (end - start > MAX_LINE) return undefined;
  let text = '';
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  }
  // 0x1A is the end mark of old systems.
  const trimmed = text.replaceAll('\u001a', ' ').trimEnd();
  return trimmed === '' ? undefined : { text: trimmed, next: found < 0 ? bytes.length : found + 1 };
}
