import type { FeatureSet } from '../../feature-set.ts';
import { type FirmwareVersion, formatFirmware } from '../../firmware-version.ts';
import type { GateVerdict } from '../../gate.ts';
import type { RuleId, RuleRow } from '../rule-row.ts';
import {
  burstSize,
  DLMS_COLUMNS,
  isBurst,
  isEnergy,
  maximumDepth,
  maximumSources,
  RECORDER_BYTES,
  type RecorderSettings,
  recordBytes,
} from './recorder.ts';

/** The meter that recorders are planned for. */
export interface RecorderMeter {
  readonly firmware: FirmwareVersion;
  readonly featureSet: FeatureSet;
}

/** Intervals below this many seconds are "heavy logging". Source: ION9000 user manual, p. 217. */
export const HEAVY_BELOW = 60;

/**
 * One recorder against the rules of its meter. Fields are `<number>.<key of RecorderSettings>`. How many recorders there are, and how many fill
 * outages, is for `checkRecorders`.
 */
export function checkRecorder(
  number: number,
  recorder: RecorderSettings,
  { firmware }: Pick<RecorderMeter, 'firmware'>,
): readonly RuleRow[] {
  const row = (field: keyof RecorderSettings, rule: RuleId, limit: string, [verdict, because]: Said): RuleRow => ({
    field: `${number}.${field}`,
    rule,
    verdict,
    because,
    limit,
  });
  const most = maximumSources(firmware, isBurst(recorder));
  const burst = burstSize(recorder);
  const bursts = saysBurst(recorder);
  const fits = maximumDepth(recorder.sources.length);
  const rows = [
    row('sources', 'sources', `1 to ${most}`, saysSources(recorder, most, firmware)),
    row('sources', 'dlms-columns', `${DLMS_COLUMNS} columns`, saysColumns(recorder.sources.length)),
    row('interval', 'interval', 'more than 0 s', saysInterval(recorder.interval)),
    row('interval', 'heavy-logging', `${HEAVY_BELOW} s or more`, saysHeavy(recorder.interval)),
    row('preTrigger', 'burst', '0 or more', bursts),
    row('depth', 'depth', `1 to ${grouped(fits)}`, saysDepth(recorder, fits)),
    row('bufferDepth', 'buffer-depth', `1 to ${grouped(Math.max(1, recorder.depth))}`, saysBuffer(recorder)),
    row('insertOutageRecords', 'zero-fill', '', saysZeroFill(recorder)),
  ];
  // A multiple of a burst that is itself wrong would only be a second complaint about the same thing.
  if (bursts[0] !== 'pass' || burst === 1) return rows;
  return [
    ...rows,
    row('depth', 'burst-multiple', `a multiple of ${burst}`, saysMultiple('depth', recorder.depth, burst)),
    row(
      'bufferDepth',
      'burst-multiple',
      `a multiple of ${burst}`,
      saysMultiple('buffer depth', recorder.bufferDepth, burst),
    ),
  ];
}

type Said = readonly [GateVerdict, string];

function saysSources({ sources, ...recorder }: RecorderSettings, most: number, firmware: FirmwareVersion): Said {
  const count = sources.length;
  if (count === 0) return ['block', 'Source 1 of a Data Recorder must be linked.'];
  if (sources.some((source) => source.trim() === '')) return ['block', 'A source has no name.'];
  if (count > most) {
    const why = isBurst(recorder)
      ? 'with pre- or post-trigger records'
      : most < count && count <= 50
        ? `with firmware ${formatFirmware(firmware)}; 50 come with 4.6.0`
        : 'at most';
    return ['block', `${count} sources are linked; a recorder has ${most} ${why}.`];
  }
  const twice = sources.find((source, index) => sources.indexOf(source) < index);
  if (twice !== undefined) return ['warn', `The source ${JSON.stringify(twice)} is linked more than once.`];
  return ['pass', `${count} of ${most} sources are linked.`];
}

function saysColumns(count: number): Said {
  return count <= DLMS_COLUMNS
    ? ['pass', 'A DLMS export can show all sources.']
    : ['warn', `A DLMS export shows ${DLMS_COLUMNS} sources; ${count - DLMS_COLUMNS} are read with ION Setup only.`];
}

function saysInterval(interval: number | null): Said {
  if (interval === null) return ['pass', 'Something else than a timer triggers the records.'];
  return interval > 0 && Number.isFinite(interval)
    ? ['pass', `A record is made every ${interval} s.`]
    : ['block', 'The interval is a number of seconds above 0.'];
}

function saysHeavy(interval: number | null): Said {
  return interval !== null && interval > 0 && interval < HEAVY_BELOW
    ? ['warn', 'Records more often than once a minute may be lost in a power failure; the vendor advises a UPS.']
    : ['pass', 'Records do not come so often that a power failure loses them.'];
}

function saysBurst({ preTrigger, postTrigger }: RecorderSettings): Said {
  if (![preTrigger, postTrigger].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    return ['block', 'Records before and after the trigger are whole numbers from 0.'];
  }
  const burst = burstSize({ preTrigger, postTrigger });
  return ['pass', burst === 1 ? 'Each trigger makes one record.' : `Each trigger makes ${burst} records.`];
}

function saysDepth({ depth, sources }: RecorderSettings, fits: number): Said {
  if (!Number.isSafeInteger(depth) || depth < 1) return ['block', 'The depth is a whole number of records from 1.'];
  const bytes = recordBytes(sources.length);
  return depth <= fits
    ? ['pass', `${grouped(depth)} records of ${bytes} B take ${grouped(depth * bytes)} B.`]
    : [
        'block',
        `${grouped(depth)} records of ${bytes} B do not fit: a recorder has ${grouped(RECORDER_BYTES)} B, which is ${grouped(fits)} records.`,
      ];
}

function saysBuffer({ bufferDepth, depth }: RecorderSettings): Said {
  if (!Number.isSafeInteger(bufferDepth) || bufferDepth < 1) {
    return ['block', 'The buffer depth is a whole number of records from 1.'];
  }
  if (bufferDepth > depth) return ['warn', 'The buffer holds more records than the log; no document describes this.'];
  return ['pass', bufferDepth === depth ? 'The log is fully buffered.' : 'The buffer is a part of the log.'];
}

function saysMultiple(name: string, value: number, burst: number): Said {
  return value > 0 && value % burst === 0
    ? ['pass', `The ${name} is ${grouped(value / burst)} times the ${burst} records of a trigger.`]
    : ['block', `The ${name} must be a multiple of the ${burst} records of a trigger (before + after + 1).`];
}

/** Source: vendor's FAQ FA349752. */
function saysZeroFill({ insertOutageRecords, sources }: RecorderSettings): Said {
  if (!insertOutageRecords) return ['pass', 'Intervals that an outage missed stay absent from the log.'];
  const energy = sources.find(isEnergy);
  return energy === undefined
    ? ['pass', 'Intervals that an outage missed are filled with zeros; no source counts energy.']
    : [
        'warn',
        `Outages are filled with zeros, also for ${JSON.stringify(energy)}: reports that compare energy totals then show a huge value after each outage.`,
      ];
}

/** A number as people read it: 97,089. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
