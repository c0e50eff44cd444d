import { ok, type Result } from '../problem.ts';
import { createLines, decimal, type Lines, whole } from './lines.ts';
import { badComtrade } from './problems.ts';
import { parseMoment, parseTimeCode } from './time.ts';
import {
  type AnalogChannel,
  COMTRADE_FILE_TYPES,
  COMTRADE_REVISIONS,
  type ComtradeConfig,
  type ComtradeRevision,
  type DigitalChannel,
  type SamplingRate,
} from './types.ts';

/** Characters; a meter's has one or two thousand. */
const MAX_CFG = 4 * 1024 * 1024;
/** The standard allows more; no recorder of a power meter comes near. */
const MAX_CHANNELS = 4_096;
const MAX_RATES = 1_024;
const MAX_SAMPLES = 2 ** 31;

/**
 * Reads a configuration file (.cfg). Sources: IEEE C37.111-1991 and -1999, clause 5; IEC 60255-24:2013, clause 7. The revision stands in the file; a
 * file without one is of 1991. What is not of the standard is `comtrade/bad-cfg` with the line.
 */
export function parseCfg(text: string): Result<ComtradeConfig> {
  if (text.length > MAX_CFG) return badComtrade('cfg', `It is longer than ${MAX_CFG} characters.`);
  const lines = createLines(text);
  try {
    return ok(readAll(lines));
  } catch (thrown) {
    if (thrown instanceof BadLine) return badComtrade('cfg', `Line ${lines.number}: ${thrown.message}`);
    throw thrown;
  }
}

/** Ends the reading of a file from however deep. */
class BadLine extends Error {}

function readAll(lines: Lines): ComtradeConfig {
  const [station = '', device = '', revisionText = ''] = need(lines, 2, 'the station');
  const revision = revisionOf(revisionText);
  const { analogs, digitals } = counts(lines);
  const analog = Array.from({ length: analogs }, () => analogOf(need(lines, 10, 'an analog channel')));
  const digital = Array.from({ length: digitals }, () => digitalOf(need(lines, 3, 'a digital channel')));
  const [frequency = ''] = need(lines, 1, 'the line frequency');
  const lineFrequency = frequency === '' ? null : number(frequency, 'The line frequency');
  const { rates, samples } = ratesOf(lines);
  const start = moment(lines, revision, 'the first sample');
  const trigger = moment(lines, revision, 'the trigger');
  const [typeText = ''] = need(lines, 1, 'the file type');
  const fileType = COMTRADE_FILE_TYPES.find((type) => type === typeText.toUpperCase());
  if (fileType === undefined) throw new BadLine('The file type is none of ASCII, BINARY, BINARY32, FLOAT32.');
  // 1991 ends here; later files may leave the factor out in practice, and then it is 1.
  const [factor = ''] = lines.next() ?? [];
  const timeMultiplier = revision === 1991 || factor === '' ? 1 : number(factor, 'The time factor');
  if (!(timeMultiplier > 0)) throw new BadLine('The time factor is not above 0.');
  const code = revision === 2013 ? lines.next() : undefined;
  const quality = revision === 2013 ? lines.next() : undefined;
  const utcOffset = parseTimeCode(code?.[0] ?? '');
  if (utcOffset === undefined) throw new BadLine('The time code is none.');
  const shift = (utcOffset ?? 0) * 60_000;
  return {
    station,
    device,
    revision,
    analog,
    digital,
    lineFrequency,
    rates,
    samples,
    start: { text: start.text, time: start.time - shift },
    trigger: { text: trigger.text, time: trigger.time - shift },
    fileType,
    timeMultiplier,
    stampUnit: revision === 2013 && start.fractionDigits > 6 ? 1e-9 : 1e-6,
    utcOffset,
    clockQuality: quality?.[0]?.toUpperCase() || null,
    leapSecond: quality?.[1] || null,
  };
}

function revisionOf(text: string): ComtradeRevision {
  if (text === '') return 1991;
  const found = COMTRADE_REVISIONS.find((revision) => String(revision) === text);
  // 2001 is what some write for IEC 60255-24:2001, whose text is that of 1999.
  if (found === undefined && text === '2001') return 1999;
  if (found === undefined) throw new BadLine('The revision is none of 1991, 1999, 2013.');
  return found;
}

function counts(lines: Lines): { readonly analogs: number; readonly digitals: number } {
  const [total = '', analogText = '', digitalText = ''] = need(lines, 3, 'the numbers of channels');
  const analogs = /^(\d{1,6})A$/i.exec(analogText)?.[1];
  const digitals = /^(\d{1,6})D$/i.exec(digitalText)?.[1];
  if (analogs === undefined || digitals === undefined) throw new BadLine('The numbers of channels are not like 6A,2D.');
  const [a, d] = [Number(analogs), Number(digitals)];
  if (whole(total) !== a + d)
    throw new BadLine(`${a} analog and ${d} digital channels are not the total that it says.`);
  if (a + d > MAX_CHANNELS) throw new BadLine(`It has more than ${MAX_CHANNELS} channels.`);
  return { analogs: a, digitals: d };
}

function analogOf(fields: readonly string[]): AnalogChannel {
  const [index = '', name = '', phase = '', component = '', unit = '', a = '', b = '', skew = '', min = '', max = ''] =
    fields;
  const [primary = '', secondary = '', side = ''] = fields.slice(10);
  const ratio = { primary: decimal(primary) ?? 1, secondary: decimal(secondary) ?? 1 };
  return {
    index: index === '' ? 0 : number(index, 'The number of the channel'),
    name,
    phase,
    component,
    unit,
    a: number(a, 'The factor a'),
    b: number(b, 'The offset b'),
    skew: decimal(skew) ?? 0,
    min: decimal(min) ?? Number.NaN,
    max: decimal(max) ?? Number.NaN,
    primary: ratio.primary > 0 ? ratio.primary : 1,
    secondary: ratio.secondary > 0 ? ratio.secondary : 1,
    side: /^p$/i.test(side) ? 'P' : /^s$/i.test(side) ? 'S' : null,
  };
}

/** Dn,name,normal in 1991; Dn,name,phase,component,normal later. */
function digitalOf(fields: readonly string[]): DigitalChannel {
  const [index = '', name = ''] = fields;
  const [phase = '', component = ''] = fields.length >= 5 ? fields.slice(2) : [];
  const normal = (fields.length >= 5 ? fields[4] : fields[2]) === '1' ? 1 : 0;
  return { index: index === '' ? 0 : number(index, 'The number of the channel'), name, phase, component, normal };
}

/** The number of rates, then a line for each; with 0 rates there is one line that gives the number of samples only. */
function ratesOf(lines: Lines): { readonly rates: readonly SamplingRate[]; readonly samples: number } {
  const [text = ''] = need(lines, 1, 'the number of sampling rates');
  const count = whole(text);
  if (count === undefined || count > MAX_RATES) throw new BadLine('The number of sampling rates is none.');
  const rates: SamplingRate[] = [];
  let samples = 0;
  for (let index = 0; index < Math.max(1, count); index += 1) {
    const [rateText = '', endText = ''] = need(lines, 2, 'a sampling rate');
    const rate = number(rateText, 'The sampling rate');
    const endSample = whole(endText);
    if (endSample === undefined || endSample > MAX_SAMPLES || endSample < samples) {
      throw new BadLine('The last sample of the rate is no number that goes on from the one before.');
    }
    if (rate < 0) throw new BadLine('The sampling rate is below 0.');
    samples = endSample;
    if (count > 0 && rate > 0) rates.push({ rate, endSample });
  }
  // A rate of 0 among others leaves samples without a time: then only the stamps tell it.
  return { rates: rates.length === count ? rates : [], samples };
}

function moment(lines: Lines, revision: ComtradeRevision, what: string) {
  const fields = need(lines, 2, `the time of ${what}`);
  const text = fields.join(',');
  const found = parseMoment(text, revision);
  if (found === undefined) throw new BadLine(`The time of ${what} is none.`);
  return { text, ...found };
}

function need(lines: Lines, fields: number, what: string): readonly string[] {
  const line = lines.next();
  if (line === undefined) throw new BadLine(`The file ends before ${what}.`);
  if (line.length < fields) throw new BadLine(`There are ${line.length} fields instead of ${fields} for ${what}.`);
  return line;
}

function number(text: string, what: string): number {
  const value = decimal(text);
  if (value === undefined) throw new BadLine(`${what} is no number.`);
  return value;
}
