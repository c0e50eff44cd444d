import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTimeOf, unixTimeOf } from '../../../electron/meter/clock.ts';
import { openMeter } from '../../../electron/meter/meter.ts';
import type { SiteMap } from '../../../electron/meter/site-map/types.ts';
import { ADDRESS, type FakeOptions, failure, fakeMeter, meterRegisters, NO_HOST_KEYS } from './fakes.ts';

const PC = Date.UTC(2026, 2, 1, 12, 0, 0, 250);
const DATE = [2026, 3, 1, 12, 0, 5, 500] as const;

const siteMap = (provenance: SiteMap['provenance']): SiteMap => ({
  sha256: '00',
  fileName: 'map.xlsx',
  provenance,
  rows: [
    { name: 'Unix Time', register: 61_010, count: 2, type: 'uint32', unit: 's', writable: false },
    { name: 'Year', register: 1837, count: 1, type: 'uint16', unit: '', writable: true },
  ],
});

/** Reads the clock with a PC clock that shows PC before and PC + `roundTrip` after each request. */
async function readClock(options: FakeOptions & { map?: SiteMap; roundTrip?: number }) {
  let time = PC;
  const fake = fakeMeter({
    ...options,
    during() {
      time += options.roundTrip ?? 0;
    },
  });
  const meter = openMeter({
    address: ADDRESS,
    hostKeys: NO_HOST_KEYS,
    connectors: fake.connectors,
    siteMapOf: () => options.map,
    now: () => new Date(time),
  });
  await meter.identify();
  time = PC;
  const reading = await meter.readClock();
  await meter.close();
  expect(fake.log).not.toContain('WRITE');
  return { reading, fake };
}

const unixWords = (seconds: number): readonly [number, number] => [Math.floor(seconds / 65_536), seconds % 65_536];

describe('readClock', () => {
  it('compares with the PC at the middle of the request', async () => {
    const { reading, fake } = await readClock({ registers: meterRegisters().words(1837, ...DATE, 1), roundTrip: 500 });
    expect(reading).toEqual({
      ok: true,
      value: {
        meterUtc: '2026-03-01T12:00:05.500Z',
        pcUtc: '2026-03-01T12:00:00.500Z',
        offsetSeconds: 5,
        uncertaintySeconds: 0.251,
        source: 'date-time-registers',
        because: expect.stringContaining('no document says'),
      },
    });
    expect(fake.reads.at(-1)).toEqual({ address: 1836, count: 7 });
  });

  it('says when an offset looks like a time zone, and only then', async () => {
    const because = async (hour: number, minute: number) => {
      const registers = meterRegisters().words(1837, 2026, 3, 1, hour, minute, 2, 0);
      const { reading } = await readClock({ registers });
      return reading.ok ? reading.value.because : '';
    };
    expect(await because(13, 0)).toMatch(/local time\.$/);
    expect(await because(6, 30)).toMatch(/close to a time zone/);
    expect(await because(12, 0)).not.toMatch(/close to a time zone/);
    expect(await because(12, 7)).not.toMatch(/close to a time zone/);
  });

  it('is a second less certain without milliseconds', async () => {
    const registers = meterRegisters().words(1837, 2026, 3, 1, 12, 0, 5);
    const { reading } = await readClock({ registers, roundTrip: 100 });
    expect(reading.ok && reading.value).toMatchObject({
      meterUtc: '2026-03-01T12:00:05.000Z',
      uncertaintySeconds: 1.05,
    });
  });

  it('uses Unix time where the firmware has it and the imported map says where', async () => {
    const seconds = PC / 1000 - 0.25 + 3600;
    const registers = meterRegisters()
      .words(61_010, ...unixWords(seconds))
      .words(1837, ...DATE);
    const { reading, fake } = await readClock({ registers, map: siteMap('site-map'), roundTrip: 500 });
    expect(reading.ok && reading.value).toMatchObject({
      source: 'unix-time-register',
      meterUtc: '2026-03-01T13:00:00.000Z',
      offsetSeconds: 3599.5,
      uncertaintySeconds: 1.25,
    });
    expect(fake.reads.at(-1)).toEqual({ address: 61_009, count: 2 });
  });

  it.each([
    ['before 4.6.0', '004.005.009', 'ION7400', siteMap('site-map')],
    ['on unreadable firmware', 'x', 'ION7400', siteMap('site-map')],
    ['with a simulated map on a real meter', '004.006.000', 'ION7400', siteMap('simulated')],
    ['without a map', '004.006.000', 'ION7400', undefined],
    ['with a map that has no such row', '004.006.000', 'ION7400', { ...siteMap('site-map'), rows: [] }],
  ])('does not touch Unix time %s', async (_when, firmware, model, map) => {
    const registers = meterRegisters({ firmware, model })
      .words(61_010, ...unixWords(1))
      .words(1837, ...DATE);
    const { reading, fake } = await readClock({ registers, ...(map === undefined ? {} : { map }) });
    expect(reading.ok && reading.value.source).toBe('date-time-registers');
    expect(fake.reads.filter(({ address }) => address > 60_000)).toEqual([]);
  });

  it('uses a simulated map on a simulated meter', async () => {
    const registers = meterRegisters({ model: 'ION7400 SIMULATED' }).words(61_010, ...unixWords(PC / 1000 - 0.25));
    const { reading } = await readClock({ registers, map: siteMap('simulated') });
    expect(reading.ok && reading.value.source).toBe('unix-time-register');
  });

  it.each([
    [0x8000, 0x8000],
    [0xffff, 0xffff],
  ])('falls back from a Unix time of %i %i', async (high, low) => {
    const registers = meterRegisters()
      .words(61_010, high, low)
      .words(1837, ...DATE);
    const { reading } = await readClock({ registers, map: siteMap('site-map') });
    expect(reading.ok && reading.value).toMatchObject({
      source: 'date-time-registers',
      meterUtc: '2026-03-01T12:00:05.500Z',
    });
  });

  it.each([
    ['unmapped', []],
    ['month 13', [2026, 13, 1, 12, 0, 0, 0]],
    ['30 February', [2026, 2, 30, 12, 0, 0, 0]],
    ['hour 24', [2026, 2, 3, 24, 0, 0, 0]],
    ['all not available', [65_535, 65_535, 65_535, 65_535, 65_535, 65_535, 65_535]],
  ])('gives no time for %s, and says why', async (_what, words) => {
    const { reading } = await readClock({ registers: meterRegisters().words(1837, ...words) });
    expect(reading.ok && reading.value).toMatchObject({
      meterUtc: null,
      offsetSeconds: null,
      uncertaintySeconds: null,
      source: 'none',
    });
    expect(reading.ok && reading.value.because).toMatch(
      /^Registers 1837 to 1843 hold no valid time \([0-9a-f ]{34}\)\.$/,
    );
  });

  it('gives no time when the registers are refused, and a problem when the meter does not answer', async () => {
    const with1836 = (code: string) =>
      readClock({
        registers: meterRegisters(),
        intercept: (address) => (address === 1836 ? failure(code) : undefined),
      });
    const refused = await with1836('modbus/exception-2');
    expect(refused.reading.ok && refused.reading.value).toMatchObject({
      meterUtc: null,
      because: 'It ended with modbus/exception-2.',
    });
    const silent = await with1836('modbus/timeout');
    expect(!silent.reading.ok && silent.reading.problem.code).toBe('modbus/timeout');
  });
});

describe('dateTimeOf', () => {
  it('reads every moment from 1970 to 2105 exactly', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(Date.UTC(2105, 11, 31)), noInvalidDate: true }), (date) => {
        const words = [
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
          date.getUTCMilliseconds(),
        ];
        expect(dateTimeOf(words)).toEqual({ at: date.getTime(), resolution: 0.001 });
        expect(dateTimeOf([...words.slice(0, 6), 0x8000])).toEqual({
          at: Math.floor(date.getTime() / 1000) * 1000,
          resolution: 1,
        });
      }),
    );
  });

  it('takes any words without throwing and never gives another day than it was given', () => {
    const word = fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0, max: 62 }),
      fc.integer({ min: 1969, max: 2106 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const time = dateTimeOf(words);
        if (time === undefined) return;
        const date = new Date(time.at);
        expect([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]).toEqual(words.slice(0, 3));
      }),
    );
  });
});

describe('unixTimeOf', () => {
  it('is unsigned, high word first', () => {
    expect(unixTimeOf([0x6553, 0xf100])).toEqual({ at: 1_700_000_000_000, resolution: 1 });
    expect(unixTimeOf([0xffff, 0xfffe])?.at).toBe(4_294_967_294_000);
    expect(unixTimeOf([0, 0])?.at).toBe(0);
    expect(unixTimeOf([])).toBeUndefined();
    expect(unixTimeOf([1])).toEqual({ at: expect.any(Number), resolution: 1 });
  });
});
