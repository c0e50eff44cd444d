import { describe, expect, test } from 'vitest';
import { parseCfg } from '../../../../shared/domain/comtrade/cfg.ts';
import { datSize, decodeDat, sampleBytes, sideFactor } from '../../../../shared/domain/comtrade/dat.ts';
import type { ComtradeConfig, ComtradeRecord } from '../../../../shared/domain/comtrade/types.ts';

/** A file of 1991: no revision, no transformer ratio, digital channels of three fields, month before day, no time factor. */
const CFG_1991 = [
  'SUBSTATION 7,RELAY 3',
  '3,2A,1D',
  '1,Va,A,Line 1,kV,0.5,1,0,-2048,2047',
  '2,Ia,A,Line 1,A,2,0,12.5,-2048,2047',
  '1,52-A,0',
  '60',
  '1',
  '600,3',
  '12/31/91,23:59:59.500000',
  '12/31/91,23:59:59.501667',
  'ASCII',
  '\u001a',
].join('\r\n');
const DAT_1991 = '1,0,100,-7,0\r\n2,1667,99999,8,1\r\n3,3333,,0,1\r\n\u001a';

/** A file of 1999, as a meter of the platform writes it. */
const CFG_1999 = [
  'Main intake,ION7400,1999',
  '4,2A,2D',
  '1,V1,A,,V,0.01,0,0,-32767,32767,480,120,P',
  '2,I1,A,,A,0.001,-0.5,0,-32767,32767,400,5,S',
  '1,DI1,,,0',
  '2,DI2,,,1',
  '50',
  '2',
  '1000,2',
  '500,4',
  '22/11/2026,10:00:00.000000',
  '22/11/2026,10:00:00.002000',
  'BINARY',
  '1',
  '',
].join('\r\n');
/** Number, stamp, V1, I1, digital word; little-endian. */
const DAT_1999 = [
  '01000000 00000000 1027 e803 0100',
  '02000000 e8030000 f0d8 0080 0200',
  '03000000 b80b0000 0080 0000 0300',
  '04000000 ffffffff ff7f 0180 0000',
].join(' ');

/** A file of 2013 with times in nanoseconds, no fixed rate, a time code and the quality of the clock. */
const CFG_2013 = [
  'Station, Device ,2013',
  '2,2A,0D',
  '1,Ua,A,,V,2,10,0,-99999,99999,1,1,P',
  '2,Ub,B,,V,1,0,0,-99999,99999,1,1,S',
  '50',
  '0',
  '0,2',
  '01/03/2026,01:30:00.000000000',
  '01/03/2026,01:30:00.000000250',
  'FLOAT32',
  '2',
  '+5h30,+5h30',
  '4,0',
].join('\n');
/** 1.5 and -2.25; NaN and 99999. */
const DAT_2013 = '01000000 00000000 0000c03f 000010c0 02000000 64000000 0000c07f 804fc347';

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function config(text: string): ComtradeConfig {
  const parsed = parseCfg(text);
  if (!parsed.ok) throw new Error(parsed.problem.because);
  return parsed.value;
}

function record(cfg: string, dat: Uint8Array): ComtradeRecord {
  const decoded = decodeDat(config(cfg), dat);
  if (!decoded.ok) throw new Error(decoded.problem.because);
  return decoded.value;
}

describe('golden records', () => {
  test('1991, text', () => {
    const found = record(CFG_1991, new TextEncoder().encode(DAT_1991));
    expect(found.config).toMatchObject({
      station: 'SUBSTATION 7',
      device: 'RELAY 3',
      revision: 1991,
      lineFrequency: 60,
      samples: 3,
      fileType: 'ASCII',
      rates: [{ rate: 600, endSample: 3 }],
      timeMultiplier: 1,
      start: { text: '12/31/91,23:59:59.500000', time: Date.UTC(1991, 11, 31, 23, 59, 59, 500) },
      utcOffset: null,
    });
    expect(found.config.analog[1]).toEqual({
      index: 2,
      name: 'Ia',
      phase: 'A',
      component: 'Line 1',
      unit: 'A',
      a: 2,
      b: 0,
      skew: 12.5,
      min: -2048,
      max: 2047,
      primary: 1,
      secondary: 1,
      side: null,
    });
    expect(found.config.digital).toEqual([{ index: 1, name: '52-A', phase: '', component: '', normal: 0 }]);
    expect([...(found.analog[0] ?? [])]).toEqual([51, Number.NaN, Number.NaN]);
    expect([...(found.analog[1] ?? [])]).toEqual([-14, 16, 0]);
    expect([...(found.digital[0] ?? [])]).toEqual([0, 1, 1]);
    expect(found.missing).toBe(2);
    expect(found.timing).toBe('rate');
    expect([...found.seconds]).toEqual([0, 1 / 600, 2 / 600]);
    expect(datSize(found.config)).toBeUndefined();
  });

  test('1999, 16 bits, two sampling rates, primary and secondary', () => {
    const found = record(CFG_1999, hex(DAT_1999));
    expect(found.config).toMatchObject({ revision: 1999, fileType: 'BINARY', samples: 4, lineFrequency: 50 });
    expect(found.config.digital[1]).toMatchObject({ name: 'DI2', normal: 1 });
    expect(sampleBytes(found.config)).toBe(14);
    expect(datSize(found.config)).toBe(56);
    expect([...(found.analog[0] ?? [])]).toEqual([100, -100, Number.NaN, 327.67]);
    expect([...(found.analog[1] ?? [])]).toEqual([0.5, Number.NaN, -0.5, -33.267]);
    expect(found.digital.map((channel) => [...channel])).toEqual([
      [1, 0, 1, 0],
      [0, 1, 1, 0],
    ]);
    expect([...found.seconds]).toEqual([0, 0.001, 0.003, 0.005]);
    const [voltage, current] = found.config.analog;
    if (voltage === undefined || current === undefined) throw new Error('Two channels were expected.');
    expect([sideFactor(voltage, 'primary'), sideFactor(voltage, 'secondary')]).toEqual([1, 0.25]);
    expect([sideFactor(current, 'primary'), sideFactor(current, 'secondary')]).toEqual([80, 1]);
    expect(found.config.trigger.time - found.config.start.time).toBe(2);
  });

  test('2013, singles, stamps in nanoseconds, time code', () => {
    const found = record(CFG_2013, hex(DAT_2013));
    expect(found.config).toMatchObject({
      device: 'Device',
      revision: 2013,
      fileType: 'FLOAT32',
      rates: [],
      samples: 2,
      stampUnit: 1e-9,
      timeMultiplier: 2,
      utcOffset: 330,
      clockQuality: '4',
      leapSecond: '0',
      start: { time: Date.UTC(2026, 1, 28, 20, 0, 0) },
    });
    expect([...(found.analog[0] ?? [])]).toEqual([13, Number.NaN]);
    expect([...(found.analog[1] ?? [])]).toEqual([-2.25, 99999]);
    expect(found.timing).toBe('stamp');
    expect(found.seconds[1]).toBeCloseTo(200e-9, 15);
  });

  test('2013, 32 bits', () => {
    const cfg = CFG_2013.replace('FLOAT32', 'binary32');
    const found = record(cfg, hex('01000000 00000000 ffffffff 00000080 02000000 64000000 01000000 ffffff7f'));
    expect([...(found.analog[0] ?? [])]).toEqual([8, 12]);
    expect([...(found.analog[1] ?? [])]).toEqual([Number.NaN, 2 ** 31 - 1]);
  });
});

describe('what is not of the standard', () => {
  const refused = (text: string) => {
    const parsed = parseCfg(text);
    return parsed.ok ? 'taken' : parsed.problem.because;
  };
  test.each([
    ['a total that is not the sum', CFG_1999.replace('4,2A,2D', '5,2A,2D'), 'Line 2: 2 analog and 2 digital channels'],
    ['a revision of the future', CFG_1999.replace(',1999', ',2030'), 'Line 1: The revision'],
    ['a scale that is no number', CFG_1999.replace('0.01', 'abc'), 'Line 3: The factor a'],
    ['a date that is none', CFG_1999.replace('22/11/2026', '31/02/2026'), 'Line 11: The time of the first sample'],
    ['a time factor of 0', CFG_1999.replace('BINARY\r\n1', 'BINARY\r\n0'), 'Line 14: The time factor'],
    ['samples that go backwards', CFG_1999.replace('500,4', '500,1'), 'Line 10: The last sample'],
    ['a file type of nobody', CFG_1999.replace('BINARY', 'PACKED'), 'Line 13: The file type'],
    [
      'an early end',
      CFG_1999.split('\r\n').slice(0, 6).join('\r\n'),
      'Line 7: The file ends before the line frequency',
    ],
    ['nothing', '', 'Line 1: The file ends before the station'],
  ])('%s', (_, text, because) => {
    expect(refused(text)).toContain(because);
  });

  test('a data file of another size, with the formula', () => {
    const decoded = decodeDat(config(CFG_1999), hex(DAT_1999).subarray(0, 55));
    expect(!decoded.ok && decoded.problem).toMatchObject({
      code: 'comtrade/bad-dat',
      because: 'It has 55 bytes; 4 samples of 14 bytes are 56.',
    });
  });

  test.each([
    ['a sample too few', '1,0,1,1,0\r\n2,1667,1,1,0\r\n', 'It has 2 samples; the configuration says 3.'],
    ['a sample too many', `${DAT_1991.slice(0, -1)}4,5000,1,1,0\r\n`, 'It has more samples than the 3'],
    ['a field too few', DAT_1991.replace('-7,0', '-7'), 'Line 1 has 4 fields instead of 5'],
    ['a state that is none', DAT_1991.replace('8,1', '8,2'), 'Line 2: The value of channel 52-A'],
  ])('text: %s', (_, text, because) => {
    const decoded = decodeDat(config(CFG_1991), new TextEncoder().encode(text));
    expect(decoded.ok ? 'taken' : decoded.problem.because).toContain(because);
  });

  test('stamps that go backwards where only stamps tell the time', () => {
    const decoded = decodeDat(
      config(CFG_2013),
      hex('01000000 64000000 0000c03f 000010c0 02000000 00000000 0000c03f 000010c0'),
    );
    expect(decoded.ok ? 'taken' : decoded.problem.because).toContain('The stamp of sample 2 is before');
  });
});
