import { ok, type Result } from '../problem.ts';
import { readAscii } from './dat-ascii.ts';
import { badComtrade } from './problems.ts';
import { secondsOf } from './seconds.ts';
import type { AnalogChannel, ComtradeConfig, ComtradeRecord, Samples } from './types.ts';

/** Values that are held at most, 8 bytes each for analog ones: 256 MB. */
const MAX_VALUES = 32 * 1024 * 1024;
/** Marks of a missing sample. Source: IEEE C37.111-1999, 6.6 for 16 bits, and the 2013 edition for 32. */
const MISSING_16 = -0x8000;
const MISSING_32 = -0x8000_0000;
/** Mark of a missing stamp. */
const NO_STAMP = 0xffff_ffff;

/** Bytes of one sample in a binary data file: number and stamp, the analog values, and 16 digital channels in each two bytes. Undefined for ASCII. */
export function sampleBytes(config: Pick<ComtradeConfig, 'fileType' | 'analog' | 'digital'>): number | undefined {
  if (config.fileType === 'ASCII') return undefined;
  const width = config.fileType === 'BINARY' ? 2 : 4;
  return 8 + width * config.analog.length + 2 * Math.ceil(config.digital.length / 16);
}

/** Size in bytes that the data file has to have; undefined for ASCII, where only the number of lines is fixed. */
export function datSize(
  config: Pick<ComtradeConfig, 'fileType' | 'analog' | 'digital' | 'samples'>,
): number | undefined {
  const sample = sampleBytes(config);
  return sample === undefined ? undefined : sample * config.samples;
}

/**
 * Reads a data file (.dat) with its configuration. Values are scaled; the times come from the sampling rates where there are any, else from the stamps, as the
 * standard has it. A file of another size or number of samples than the configuration says is `comtrade/bad-dat`, one that is too large for memory
 * `comtrade/bad-dat`, too.
 */
export function decodeDat(config: ComtradeConfig, bytes: Uint8Array): Result<ComtradeRecord> {
  const { samples } = config;
  const expected = datSize(config);
  if (expected !== undefined && bytes.length !== expected) {
    return badComtrade(
      'dat',
      `It has ${bytes.length} bytes; ${samples} samples of ${sampleBytes(config)} bytes are ${expected}.`,
    );
  }
  // The shortest line of text has a number, a stamp and a comma for each value.
  if (expected === undefined && bytes.length < samples * (3 + config.analog.length + config.digital.length)) {
    return badComtrade('dat', `${bytes.length} bytes cannot hold ${samples} samples.`);
  }
  if (samples * (1 + config.analog.length + config.digital.length) > MAX_VALUES) {
    return badComtrade('dat', `${samples} samples are more than Meterwright reads.`);
  }
  const read: Samples = {
    stamps: new Float64Array(samples),
    analog: config.analog.map(() => new Float64Array(samples)),
    digital: config.digital.map(() => new Uint8Array(samples)),
  };
  const wrong = config.fileType === 'ASCII' ? readAscii(config, bytes, read) : readBinary(config, bytes, read);
  if (wrong !== undefined) return badComtrade('dat', wrong);
  const times = secondsOf(config, read.stamps);
  if (typeof times === 'string') return badComtrade('dat', times);
  let missing = 0;
  for (const [index, channel] of config.analog.entries()) missing += scale(read.analog[index], channel);
  return ok({ config, samples, ...times, analog: read.analog, digital: read.digital, missing });
}

function readBinary(config: ComtradeConfig, bytes: Uint8Array, read: Samples): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = sampleBytes(config) ?? 0;
  const value = valueReader(config, view);
  const width = config.fileType === 'BINARY' ? 2 : 4;
  for (let sample = 0; sample < config.samples; sample += 1) {
    const start = sample * size;
    const stamp = view.getUint32(start + 4, true);
    read.stamps[sample] = stamp === NO_STAMP ? Number.NaN : stamp;
    let at = start + 8;
    for (const channel of read.analog) {
      channel[sample] = value(at);
      at += width;
    }
    for (const [index, channel] of read.digital.entries()) {
      channel[sample] = (view.getUint16(at + 2 * (index >> 4), true) >> (index & 15)) & 1;
    }
  }
  return undefined;
}

function valueReader({ fileType }: ComtradeConfig, view: DataView): (at: number) => number {
  if (fileType === 'FLOAT32') {
    return (at) => {
      const value = view.getFloat32(at, true);
      return Number.isFinite(value) ? value : Number.NaN;
    };
  }
  const [read, mark] =
    fileType === 'BINARY'
      ? ([(at: number) => view.getInt16(at, true), MISSING_16] as const)
      : ([(at: number) => view.getInt32(at, true), MISSING_32] as const);
  return (at) => {
    const value = read(at);
    return value === mark ? Number.NaN : value;
  };
}

/** Scales in place; says how many are missing. */
function scale(values: Float64Array | undefined, { a, b }: AnalogChannel): number {
  let missing = 0;
  if (values === undefined) return missing;
  for (let index = 0; index < values.length; index += 1) {
    const raw = values[index] ?? Number.NaN;
    if (Number.isNaN(raw)) missing += 1;
    values[index] = a * raw + b;
  }
  return missing;
}

/** What values of a channel are multiplied with to stand on the wanted side of its transformer; 1 where the file does not say which side they are on. */
export function sideFactor(
  channel: Pick<AnalogChannel, 'primary' | 'secondary' | 'side'>,
  wanted: 'primary' | 'secondary',
): number {
  const { primary, secondary, side } = channel;
  if (side === 'S' && wanted === 'primary') return primary / secondary;
  if (side === 'P' && wanted === 'secondary') return secondary / primary;
  return 1;
}
