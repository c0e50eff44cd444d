import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCfg } from '../../../../shared/domain/comtrade/cfg.ts';
import { datSize, decodeDat } from '../../../../shared/domain/comtrade/dat.ts';

const NAME = fc.stringMatching(/^[A-Za-z0-9 ._-]{0,12}$/).map((text) => text.trim());
const FACTOR = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));

/** A record with its two files, made by this test's own writer. */
const RECORD = fc
  .record({
    revision: fc.constantFrom(1991, 1999, 2013),
    type: fc.constantFrom('ASCII', 'BINARY', 'BINARY32', 'FLOAT32'),
    channels: fc.array(fc.record({ name: NAME, a: FACTOR, b: FACTOR }), { maxLength: 4 }),
    digital: fc.array(NAME, { maxLength: 20 }),
    samples: fc.integer({ min: 0, max: 12 }),
    seed: fc.infiniteStream(fc.integer({ min: -32_767, max: 32_767 })),
    rate: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ revision, type, channels, digital, samples, seed, rate }) => {
    const raw = Array.from({ length: samples }, () => channels.map(() => seed.next().value));
    const bits = Array.from({ length: samples }, () => digital.map(() => (seed.next().value & 1) as 0 | 1));
    const ratio = revision === 1991 ? '' : ',100,5,S';
    const state = (name: string, index: number) =>
      revision === 1991 ? `${index + 1},${name},0` : `${index + 1},${name},,,0`;
    const date = revision === 1991 ? '11/22/26' : '22/11/2026';
    const cfg = [
      revision === 1991 ? 'S,D' : `S,D,${revision}`,
      `${channels.length + digital.length},${channels.length}A,${digital.length}D`,
      ...channels.map(({ name, a, b }, index) => `${index + 1},${name},,,V,${a},${b},0,-32767,32767${ratio}`),
      ...digital.map(state),
      '50',
      '1',
      `${rate},${samples}`,
      `${date},00:00:00.000000`,
      `${date},00:00:00.000000`,
      type,
      ...(revision === 1991 ? [] : ['1']),
      ...(revision === 2013 ? ['0,0', '0,0'] : []),
      '',
    ].join('\r\n');
    return { cfg, dat: datOf(type, raw, bits), raw, bits, channels, samples, rate };
  });

function datOf(type: string, raw: readonly (readonly number[])[], bits: readonly (readonly number[])[]): Uint8Array {
  if (type === 'ASCII') {
    const lines = raw.map((values, index) => [index + 1, index, ...values, ...(bits[index] ?? [])].join(','));
    return new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''));
  }
  const bytes: number[] = [];
  const put = (width: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(width));
    write(view);
    bytes.push(...new Uint8Array(view.buffer));
  };
  raw.forEach((values, index) => {
    put(4, (view) => view.setUint32(0, index + 1, true));
    put(4, (view) => view.setUint32(0, index, true));
    for (const value of values) {
      if (type === 'BINARY') put(2, (view) => view.setInt16(0, value, true));
      else if (type === 'BINARY32') put(4, (view) => view.setInt32(0, value, true));
      else put(4, (view) => view.setFloat32(0, value, true));
    }
    const states = bits[index] ?? [];
    for (let word = 0; word < states.length; word += 16) {
      const packed = states.slice(word, word + 16).reduce((sum, bit, at) => sum | (bit << at), 0);
      put(2, (view) => view.setUint16(0, packed, true));
    }
  });
  return Uint8Array.from(bytes);
}

test('what was written is read, in every edition and type', () => {
  fc.assert(
    fc.property(RECORD, ({ cfg, dat, raw, bits, channels, samples, rate }) => {
      const config = parseCfg(cfg);
      if (!config.ok) throw new Error(config.problem.because);
      expect(datSize(config.value) ?? dat.length).toBe(dat.length);
      const record = decodeDat(config.value, dat);
      if (!record.ok) throw new Error(record.problem.because);
      for (let sample = 0; sample < samples; sample += 1) {
        expect(record.value.seconds[sample]).toBeCloseTo(sample / rate, 9);
        for (const [index, { a, b }] of channels.entries()) {
          expect(record.value.analog[index]?.[sample]).toBe(a * (raw[sample]?.[index] ?? Number.NaN) + b);
        }
        expect(record.value.digital.map((channel) => channel[sample])).toEqual(bits[sample]);
      }
    }),
    { numRuns: 400 },
  );
});

test('a data file that was cut is never taken', () => {
  fc.assert(
    fc.property(RECORD, fc.nat(), ({ cfg, dat, samples }, where) => {
      const config = parseCfg(cfg);
      // Without its line break the last line of a text is still whole.
      const cut = dat.subarray(0, where % Math.max(1, dat.length));
      if (!config.ok || samples === 0) return;
      const record = decodeDat(config.value, cut);
      if (config.value.fileType !== 'ASCII') expect(record.ok).toBe(false);
      else if (record.ok) expect(dat.length - cut.length).toBeLessThan(8);
    }),
    { numRuns: 400 },
  );
});

test('mutated files end in a value or a problem, never in an exception', () => {
  const mutations = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(RECORD, mutations, mutations, ({ cfg, dat }, inCfg, inDat) => {
      const text = new TextEncoder().encode(cfg);
      for (const { at, byte } of inCfg) text[at % text.length] = byte;
      const config = parseCfg(new TextDecoder('latin1').decode(text));
      if (!config.ok) {
        expect(config.problem.code).toBe('comtrade/bad-cfg');
        return;
      }
      const bytes = Uint8Array.from(dat);
      for (const { at, byte } of inDat) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      const record = decodeDat(config.value, bytes);
      if (!record.ok) expect(record.problem.code).toBe('comtrade/bad-dat');
      else expect(record.value.seconds.length).toBe(config.value.samples);
    }),
    { numRuns: 800 },
  );
});

test('any text is a configuration or a problem', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseCfg(text)));
  const lines = fc.array(fc.stringMatching(/^[0-9A-Z,.:/+-]{0,30}$/), { maxLength: 30 });
  fc.assert(fc.property(lines, (text) => void parseCfg(text.join('\r\n'))));
});

test('a configuration that promises two thousand million samples gets no memory', () => {
  const head = 'S,D,1999\r\n1,1A,0D\r\n1,V,,,V,1,0,0,0,1,1,1,P\r\n50\r\n1\r\n1000,2147483647\r\n';
  const tail = '22/11/2026,00:00:00.0\r\n22/11/2026,00:00:00.0\r\n';
  for (const type of ['ASCII', 'BINARY', 'FLOAT32']) {
    const config = parseCfg(`${head}${tail}${type}\r\n1\r\n`);
    const record = config.ok ? decodeDat(config.value, new Uint8Array(100)) : config;
    expect(record.ok ? 'taken' : record.problem.code).toBe('comtrade/bad-dat');
  }
});
