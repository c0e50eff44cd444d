import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogSource } from '../../../shared/contract/logs.ts';
import type { ListedWaveform, Waveform, WaveformFacts } from '../../../shared/contract/waveforms.ts';
import { parseCfg } from '../../../shared/domain/comtrade/cfg.ts';
import { decodeDat } from '../../../shared/domain/comtrade/dat.ts';
import type { AnalogChannel, ComtradeConfig, ComtradeRecord } from '../../../shared/domain/comtrade/types.ts';
import { fail, METER_STATE, ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { readSmallFile } from '../../backup/bag/read.ts';
import { notOfSeal, readSeals, type Seals, sha256Of } from '../../backup/bag/seals.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { evidenceOf } from './library.ts';

/** A configuration with a thousand channels has about 100 kB. */
const MAX_CFG = 4 * 1024 * 1024;
const MAX_DAT = 128 * 1024 * 1024;
/** Values of one record that go to a page: 32 MB as they are sent. */
const MAX_VALUES = 3_000_000;
/** Records that are listed; a meter keeps far fewer. */
const MAX_LISTED = 2_000;
const MAX_DEPTH = 6;

/** Where the records of a bag lie, and what they have to be. */
interface Records {
  readonly folder: string;
  readonly seals: Seals;
}

/**
 * The COMTRADE records of a backup, by their configurations, which are held to its seals. One that cannot be read, or is another, is listed with the reason.
 * The samples are not read.
 */
export async function listWaveforms(source: LogSource): Promise<Result<ListedWaveform[]>> {
  const records = await recordsOf(source);
  if (!records.ok) return records;
  const { folder } = records.value;
  const found: string[] = [];
  try {
    await findConfigurations(folder, '', 0, found);
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, folder, 'read') };
  }
  const listed: ListedWaveform[] = [];
  for (const file of found.sort()) listed.push(await listing(records.value, file));
  return ok(
    listed.sort(
      (a, b) => (b.facts?.trigger ?? '').localeCompare(a.facts?.trigger ?? '') || a.file.localeCompare(b.file),
    ),
  );
}

/** A record with its samples, as a page draws it: both files are those that were sealed, else `backup/file-changed` or `backup/file-extra`. */
export async function openWaveform(source: LogSource, file: string): Promise<Result<Waveform>> {
  const records = await recordsOf(source);
  if (!records.ok) return records;
  if (!isInFolder(file)) return gone(file);
  const config = await configurationOf(records.value, file);
  if (!config.ok) return config;
  const size = config.value.samples * (1 + config.value.analog.length);
  if (size > MAX_VALUES) return tooLong(config.value);
  const bytes = await bytesOf(records.value, await beside(records.value, file), MAX_DAT);
  if (!bytes.ok) return bytes;
  const record = decodeDat(config.value, bytes.value);
  return record.ok ? ok(waveformOf(file, record.value)) : record;
}

async function recordsOf(source: LogSource): Promise<Result<Records>> {
  if ('file' in source) return ok({ folder: '', seals: null });
  const evidence = await evidenceOf(source.bag);
  if (!evidence.ok) return evidence;
  const seals = await readSeals(source.bag);
  return seals.ok ? ok({ folder: join(source.bag, 'data', 'comtrade', 'files'), seals: seals.value }) : seals;
}

/** Follows no link: what lies outside the backup is not in it. */
async function findConfigurations(root: string, path: string, depth: number, found: string[]): Promise<void> {
  if (root === '') return;
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  for (const entry of entries) {
    if (found.length >= MAX_LISTED) return;
    const name = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory() && depth < MAX_DEPTH) await findConfigurations(root, name, depth + 1, found);
    else if (entry.isFile() && /\.cfg$/i.test(entry.name)) found.push(name);
  }
}

async function listing(records: Records, file: string): Promise<ListedWaveform> {
  const config = await configurationOf(records, file);
  const size = await stat(join(records.folder, await beside(records, file))).then(
    (facts) => facts.size,
    () => null,
  );
  if (!config.ok) return { file, bytes: size ?? 0, facts: null, problem: config.problem };
  return { file, bytes: size ?? 0, facts: factsOf(config.value), problem: size === null ? noData(file) : null };
}

async function configurationOf(records: Records, file: string): Promise<Result<ComtradeConfig>> {
  const bytes = await bytesOf(records, file, MAX_CFG);
  // Before 2013 the standard has ASCII only; Latin-1 reads every byte as something.
  return bytes.ok ? parseCfg(bytes.value.toString('latin1')) : bytes;
}

/** The data file of a configuration: the same name with `.dat`, in the letters that are on the disk. */
async function beside({ folder }: Records, file: string): Promise<string> {
  const stem = file.slice(0, -4);
  for (const ending of ['.dat', '.DAT', '.Dat']) {
    const there = await stat(join(folder, `${stem}${ending}`)).then(
      () => true,
      () => false,
    );
    if (there) return `${stem}${ending}`;
  }
  return `${stem}.dat`;
}

/** The bytes that are hashed are the bytes that are looked at. */
async function bytesOf({ folder, seals }: Records, file: string, most: number): Promise<Result<Buffer>> {
  try {
    const bytes = await readSmallFile(join(folder, file), most);
    if (bytes === undefined) return tooLarge(most);
    const wrong = seals === null ? undefined : notOfSeal(seals, `data/comtrade/files/${file}`, sha256Of(bytes));
    return wrong === undefined ? ok(bytes) : { ok: false, problem: wrong };
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? gone(file) : { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
}

function waveformOf(file: string, { config, seconds, analog, digital, missing, timing }: ComtradeRecord): Waveform {
  const offset = (config.trigger.time - config.start.time) / 1000;
  const trigger = Number.isFinite(offset) && offset >= 0 ? offset : 0;
  return {
    file,
    facts: factsOf(config),
    timing,
    missing,
    times: base64(seconds.map((second) => second - trigger)),
    analogs: config.analog.map((channel, index) => ({
      name: channel.name,
      phase: channel.phase,
      component: channel.component,
      unit: channel.unit,
      side: SIDES[channel.side ?? 'none'],
      ...ratioOf(channel),
      samples: base64(analog[index] ?? new Float64Array(0)),
    })),
    digitals: config.digital.map(({ name, phase, component, normal }, index) => ({
      name,
      phase,
      component,
      normal,
      changes: changesOf(digital[index] ?? new Uint8Array(0)),
    })),
  };
}

const SIDES = { P: 'primary', S: 'secondary', none: 'unknown' } as const;

/** A ratio that is no ratio would turn values into nothing: then there is none. */
function ratioOf({ primary, secondary }: AnalogChannel): { readonly primary: number; readonly secondary: number } {
  const good = Number.isFinite(primary) && Number.isFinite(secondary) && primary > 0 && secondary > 0;
  return good ? { primary, secondary } : { primary: 1, secondary: 1 };
}

function factsOf(config: ComtradeConfig): WaveformFacts {
  const { station, device, revision, lineFrequency, rates, samples, start, trigger, fileType, analog, digital } =
    config;
  return {
    station,
    device,
    revision,
    frequency: lineFrequency,
    rates: rates.slice(0, 1_000).map(({ rate, endSample }) => ({ hz: rate, lastSample: endSample })),
    samples,
    start: start.text,
    trigger: trigger.text,
    encoding: fileType,
    analogs: analog.length,
    digitals: digital.length,
  };
}

/** Where a state changes, beginning with the first sample where it is 1 there. */
function changesOf(states: Uint8Array): number[] {
  const changes: number[] = [];
  let before = 0;
  for (let index = 0; index < states.length; index += 1) {
    const state = states[index] ?? 0;
    if (state !== before) changes.push(index);
    before = state;
  }
  return changes;
}

/** Numbers of 64 bits, little-endian whatever this machine is. */
function base64(values: Float64Array): string {
  const bytes = Buffer.alloc(values.length * 8);
  for (let index = 0; index < values.length; index += 1) bytes.writeDoubleLE(values[index] ?? Number.NaN, index * 8);
  return bytes.toString('base64');
}

/** A name from a page stays inside the folder of the records. */
function isInFolder(file: string): boolean {
  return (
    /\.cfg$/i.test(file) && file.split('/').every((part) => part !== '' && !/^\.+$/.test(part) && !/[\\:\0]/.test(part))
  );
}

function noData(file: string): Problem {
  return problem({
    code: 'waveforms/no-data',
    title: 'Half of the record is missing',
    because: `There is no data file (.dat) beside ${file}.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Take another backup while the meter still has the record.',
  });
}

function gone(file: string): Result<never> {
  return fail({
    code: 'waveforms/no-such-record',
    title: 'The record is not there',
    because: `A file of it is missing: ${file.slice(-200)}`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose one of the records in the list.',
  });
}

function tooLarge(most: number): Result<never> {
  return fail({
    code: 'waveforms/too-large',
    title: 'The record is too large to be shown',
    because: `A file of it is larger than ${most} bytes.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Open it with a program for COMTRADE files; it lies untouched in the folder of the backup.',
  });
}

function tooLong({ samples, analog }: ComtradeConfig): Result<never> {
  return fail({
    code: 'waveforms/too-large',
    title: 'The record is too large to be shown',
    because: `It has ${samples} samples of ${analog.length} analog channels; ${MAX_VALUES} values are shown at most.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Open it with a program for COMTRADE files; it lies untouched in the folder of the backup.',
  });
}
