import { stat } from 'node:fs/promises';
import { parseCfg } from '../../../shared/domain/comtrade/cfg.ts';
import { datSize, decodeDat } from '../../../shared/domain/comtrade/dat.ts';
import type { ComtradeConfig } from '../../../shared/domain/comtrade/types.ts';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { diskProblem } from '../../inventory/durable.ts';
import { readSmallFile } from '../bag/read.ts';

const MAX_CFG_BYTES = 4 * 1024 * 1024;
/** Data files up to here are decoded to the last sample; of larger ones the size is held to the formula. A meter's has some hundred kilobytes. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;

/** A file by its name on the meter, such as "COMTRADE/cmt0__0000001.cfg". */
export interface NamedFile {
  readonly original: string;
  /** Where it lies, whatever that means to the caller. */
  readonly local: string;
}

/** The two files of a record. */
export interface WaveformPair {
  /** Name on the meter without extension. */
  readonly name: string;
  readonly cfg: NamedFile;
  readonly dat: NamedFile;
}

/** The records among files; names are compared without case. Files of other kinds, and halves, are left out: see {@link halvesOf}. */
export function pairsOf(files: readonly NamedFile[]): readonly WaveformPair[] {
  const byName = new Map(files.map((file) => [file.original.toLowerCase(), file]));
  return files.flatMap((cfg) => {
    const lower = cfg.original.toLowerCase();
    const dat = lower.endsWith('.cfg') ? byName.get(`${lower.slice(0, -4)}.dat`) : undefined;
    return dat === undefined ? [] : [{ name: cfg.original.slice(0, -4), cfg, dat }];
  });
}

/** The .cfg without .dat and the other way round, by the meter's own names; other files (.hdr, .inf, .cff) stand alone. */
export function halvesOf(files: readonly Pick<NamedFile, 'original'>[]): readonly string[] {
  const names = new Set(files.map((file) => file.original.toLowerCase()));
  return files
    .map((file) => file.original)
    .filter((name) => {
      const lower = name.toLowerCase();
      if (lower.endsWith('.cfg')) return !names.has(`${lower.slice(0, -4)}.dat`);
      return lower.endsWith('.dat') && !names.has(`${lower.slice(0, -4)}.cfg`);
    });
}

/**
 * Holds a record on this PC's disk to its own configuration: form of the .cfg, size and number of samples of the .dat, every value of a text. `comtrade/…` says
 * what is broken, `disk/…` that it could not be read.
 */
export async function checkPair(cfg: string, dat: string): Promise<Result<ComtradeConfig>> {
  try {
    const text = await readSmallFile(cfg, MAX_CFG_BYTES);
    if (text === undefined) return tooLarge('configuration', MAX_CFG_BYTES);
    const config = parseCfg(text.toString('latin1'));
    if (!config.ok) return config;
    const { size } = await stat(dat);
    const expected = datSize(config.value);
    if (size > MAX_DECODED_BYTES && expected === undefined) return tooLarge('data', MAX_DECODED_BYTES);
    // Of a wrong size, or small enough: decoding says what is wrong in both cases. An empty piece stands for a size that does not fit.
    if (size > MAX_DECODED_BYTES) return size === expected ? config : withConfig(config, new Uint8Array(0));
    return withConfig(config, (await readSmallFile(dat, MAX_DECODED_BYTES)) ?? new Uint8Array(0));
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, dat, 'read') };
  }
}

function withConfig(
  config: { readonly ok: true; readonly value: ComtradeConfig },
  bytes: Uint8Array,
): Result<ComtradeConfig> {
  const decoded = decodeDat(config.value, bytes);
  return decoded.ok ? ok(config.value) : decoded;
}

function tooLarge(what: string, bytes: number): Result<never> {
  return fail({
    code: 'comtrade/too-large',
    title: 'The waveform record is too large to be checked',
    because: `Its ${what} file is larger than ${bytes} bytes.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Open it with a program for COMTRADE files.',
  });
}
