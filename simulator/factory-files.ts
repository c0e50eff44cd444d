import { utimes, writeFile } from 'node:fs/promises';
import { IDENTITY_TEXTS } from './modbus/map.ts';
import { createPhysics, createRandom } from './physics.ts';
import type { MeterFiles } from './sftp/files.ts';
import type { FolderName } from './sftp/folders.ts';

const RECORDS = 3;
const LINE_FREQUENCY = 50;
const SAMPLES_PER_CYCLE = 64;
const CYCLES = 12;
const SAMPLES = SAMPLES_PER_CYCLE * CYCLES;
/** The sag: which cycles, and what is left of the voltage of its phase. */
const SAG = { from: 4, to: 9, left: 0.62 };
/** Full scale of a 16-bit sample as the standard allows it. */
const FULL_SCALE = 32_767;
const ANALOG = [
  { name: 'V1', phase: 'A', unit: 'V', peak: 600 },
  { name: 'V2', phase: 'B', unit: 'V', peak: 600 },
  { name: 'V3', phase: 'C', unit: 'V', peak: 600 },
  { name: 'I1', phase: 'A', unit: 'A', peak: 1000 },
  { name: 'I2', phase: 'B', unit: 'A', peak: 1000 },
  { name: 'I3', phase: 'C', unit: 'A', peak: 1000 },
] as const;
const DIGITAL = ['DI1', 'DI2'] as const;

/** A waveform record as the meter keeps it: two files with the same stem. */
export interface WaveformRecord {
  readonly stem: string;
  readonly cfg: string;
  readonly dat: Buffer;
  /** Moment of the trigger, milliseconds since 1970. */
  readonly trigger: number;
}

/**
 * A voltage sag as a COMTRADE record (IEEE C37.111-1999, 5 and 6): `.cfg` in text and `.dat` in binary, little-endian, times in UTC. Each sample has
 * u32 number, u32 microseconds, one i16 per analog and one u16 per 16 digital channels.
 */
export function waveformRecord(options: {
  readonly station: string;
  readonly number: number;
  readonly seed: number;
  readonly trigger: number;
}): WaveformRecord {
  const { station, number, seed, trigger } = options;
  const live = createPhysics(seed, 0).live(trigger);
  const sagPhase = Math.floor(createRandom(seed + number)() * 3);
  const sampleRate = LINE_FREQUENCY * SAMPLES_PER_CYCLE;
  const first = trigger - (SAG.from / LINE_FREQUENCY) * 1000;
  const cfg = [
    `${station},${IDENTITY_TEXTS.model},1999`,
    `${ANALOG.length + DIGITAL.length},${ANALOG.length}A,${DIGITAL.length}D`,
    ...ANALOG.map(({ name, phase, unit, peak }, index) => {
      const scale = (peak / FULL_SCALE).toExponential(9);
      return `${index + 1},${name},${phase},,${unit},${scale},0,0,-${FULL_SCALE},${FULL_SCALE},1,1,P`;
    }),
    ...DIGITAL.map((name, index) => `${index + 1},${name},,,0`),
    `${LINE_FREQUENCY}`,
    '1',
    `${sampleRate},${SAMPLES}`,
    comtradeTime(first),
    comtradeTime(trigger),
    'BINARY',
    '1',
    '',
  ].join('\r\n');

  const recordSize = 8 + 2 * ANALOG.length + 2 * Math.ceil(DIGITAL.length / 16);
  const dat = Buffer.alloc(SAMPLES * recordSize);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const at = sample * recordSize;
    const cycle = sample / SAMPLES_PER_CYCLE;
    const sagged = cycle >= SAG.from && cycle < SAG.to;
    dat.writeUInt32LE(sample + 1, at);
    dat.writeUInt32LE(Math.round((sample * 1e6) / sampleRate), at + 4);
    ANALOG.forEach(({ peak, unit }, channel) => {
      const phase = channel % 3;
      const lag = unit === 'A' ? Math.acos(live.powerFactor[phase] ?? 1) : 0;
      const effective = (unit === 'V' ? live.voltageLineToNeutral[phase] : live.current[phase]) ?? 0;
      const left = sagged && phase === sagPhase && unit === 'V' ? SAG.left : 1;
      const value = effective * Math.SQRT2 * left * Math.sin(2 * Math.PI * (cycle - phase / 3) - lag);
      dat.writeInt16LE(Math.round((value / peak) * FULL_SCALE), at + 8 + 2 * channel);
    });
    dat.writeUInt16LE(sagged ? 1 : 0, at + 8 + 2 * ANALOG.length);
  }
  return { stem: `cmt0__${String(number).padStart(7, '0')}`, cfg, dat, trigger };
}

/**
 * Writes what a meter has in its folders when it leaves the factory and has seen its first sags. Not durable by itself: until the state of the meter
 * is on disk, a new start writes them again.
 */
export async function writeFactoryFiles(
  files: MeterFiles,
  meter: { readonly name: string; readonly serial: string; readonly seed: number; readonly startedAt: number },
): Promise<void> {
  const { name, serial, seed, startedAt } = meter;
  const save = async (folder: FolderName, file: string, content: string | Buffer, at: number): Promise<void> => {
    const path = files.pathOf(folder, file);
    await writeFile(path, content);
    await utimes(path, at / 1000, at / 1000);
  };
  for (let number = 1; number <= RECORDS; number += 1) {
    const trigger = startedAt - (RECORDS + 1 - number) * 7_260_000;
    const record = waveformRecord({ station: name, number, seed, trigger });
    await save('COMTRADE', `${record.stem}.cfg`, record.cfg, trigger);
    await save('COMTRADE', `${record.stem}.dat`, record.dat, trigger);
  }
  const site = `Site notes of ${name}\r\nSerial number ${serial}\r\nThis meter is SIMULATED.\r\n`;
  await save('documents', 'site-notes.txt', site, startedAt);
  await save(
    'documents',
    'wiring.csv',
    'phase,ct_primary,ct_secondary\r\nA,400,5\r\nB,400,5\r\nC,400,5\r\n',
    startedAt,
  );
  const page = `<!doctype html>\n<title>${name}</title>\n<h1>ION7400 SIMULATED</h1>\n<p>${serial}</p>\n`;
  await save('web', 'index.html', page, startedAt);
  await save('web', 'style.css', 'body { font-family: sans-serif; }\n', startedAt);
  await save('IEC61850', `${name}.cid`, cid(name), startedAt);
}

/** A configured IED description that names the meter and nothing else. */
function cid(name: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<SCL xmlns="http://www.iec.ch/61850/2003/SCL">',
    `  <Header id="${name}"/>`,
    `  <IED name="${name}" manufacturer="${IDENTITY_TEXTS.manufacturer}" type="ION7400"/>`,
    '</SCL>',
    '',
  ].join('\n');
}

/** dd/mm/yyyy,hh:mm:ss.ssssss */
function comtradeTime(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  return `${date.split('-').reverse().join('/')},${time.slice(0, -1)}000`;
}
