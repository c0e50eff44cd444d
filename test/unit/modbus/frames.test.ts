import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16 } from '../../../electron/protocols/modbus/crc.ts';
import { checkAnswer, type ModbusRequest, rtuAnswerLength } from '../../../electron/protocols/modbus/frames.ts';
import { mbapFraming, rtuFraming } from '../../../electron/protocols/modbus/framing.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const read3: ModbusRequest = { fc: 3, address: 0x6b, count: 3 };
const write2: ModbusRequest = { fc: 16, address: 1, values: [10, 258] };
const object0: ModbusRequest = { fc: 43, objectId: 0 };

describe('crc16', () => {
  it('agrees with the example of Modbus over Serial Line 1.02, appendix B (02 07 -> 41 12)', () => {
    expect(crc16(hex('02 07'), 2)).toBe(0x1241);
  });

  it('agrees with the catalogue check value of CRC-16/MODBUS', () => {
    expect(crc16(Buffer.from('123456789'), 9)).toBe(0x4b37);
  });
});

describe('checkAnswer', () => {
  it.each([
    ['6.3', read3, '11 03 06 02 2b 00 00 00 64', { kind: 'good' }],
    ['6.12', write2, '11 10 00 01 00 02', { kind: 'good' }],
    ['exception 2', read3, '11 83 02', { kind: 'exception', code: 2 }],
    ['6.21, one object', object0, '11 2b 0e 04 01 00 00 01 00 02 4d 57', { kind: 'text', text: 'MW' }],
    ['UTF-8 text', object0, '11 2b 0e 04 01 00 00 01 00 07 5a c3 a4 68 6c 65 72', { kind: 'text', text: 'Zähler' }],
    ['an empty object', object0, '11 2b 0e 04 01 00 00 01 00 00', { kind: 'text', text: '' }],
    ['more follows is not followed', object0, '11 2b 0e 04 01 ff 01 01 00 01 41', { kind: 'text', text: 'A' }],
  ] as const)('accepts %s', (_, request, body, expected) => {
    expect(checkAnswer(request, 0x11, hex(body))).toEqual(expected);
  });

  it.each([
    ['nothing', read3, ''],
    ['two bytes', read3, '11 03'],
    ['another unit', read3, '12 03 06 02 2b 00 00 00 64'],
    ['another function', read3, '11 04 06 02 2b 00 00 00 64'],
    ['an exception of another function', read3, '11 84 02'],
    ['a smaller byte count', read3, '11 03 04 02 2b 00 00'],
    ['a larger byte count', read3, '11 03 08 02 2b 00 00 00 64 00 00'],
    ['fewer bytes than announced', read3, '11 03 06 02 2b 00 00 00'],
    ['more bytes than announced', read3, '11 03 06 02 2b 00 00 00 64 00'],
    ['an exception without code', read3, '11 83'],
    ['a long exception', read3, '11 83 02 00'],
    ['exception 0', read3, '11 83 00'],
    ['exception 12', read3, '11 83 0c'],
    ['a confirmation of another address', write2, '11 10 00 02 00 02'],
    ['a confirmation of another count', write2, '11 10 00 01 00 01'],
    ['a short confirmation', write2, '11 10 00 01 00'],
    ['a long confirmation', write2, '11 10 00 01 00 02 00'],
    ['an identification cut in its header', object0, '11 2b 0e 04 01 00 00'],
    ['no object', object0, '11 2b 0e 04 01 00 00 00'],
    ['two objects', object0, '11 2b 0e 04 01 00 00 02 00 01 41 01 01 42'],
    ['another object', object0, '11 2b 0e 04 01 00 00 01 01 01 41'],
    ['an object although none is announced', object0, '11 2b 0e 04 01 00 00 00 00 01 41'],
    ['another MEI type', object0, '11 2b 0d 04 01 00 00 01 00 01 41'],
    ['another read code', object0, '11 2b 0e 01 01 00 00 01 00 01 41'],
    ['a truncated object', object0, '11 2b 0e 04 01 00 00 01 00 05 41 42'],
    ['an object without length', object0, '11 2b 0e 04 01 00 00 01 00'],
    ['an object with bytes behind it', object0, '11 2b 0e 04 01 00 00 01 00 01 41 42'],
  ] as const)('refuses %s', (_, request, body) => {
    expect(checkAnswer(request, 0x11, hex(body))).toMatchObject({ kind: 'malformed' });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.constantFrom(read3, write2, object0), fc.uint8Array({ maxLength: 300 }), (request, body) => {
        expect(['good', 'text', 'exception', 'malformed']).toContain(checkAnswer(request, 0x11, body).kind);
        const length = rtuAnswerLength(request, 0x11, body);
        if (typeof length === 'number') expect(length).toBeLessThanOrEqual(256);
      }),
      { numRuns: 500 },
    );
  });
});

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 });

/** Cuts bytes into pieces of the given sizes, over and over. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const out: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const end = start + (sizes[turn % sizes.length] ?? 1);
    out.push(bytes.subarray(start, end));
    start = end;
  }
  return out;
}

describe('mbapFraming', () => {
  it('finds the same answers however the stream is cut', () => {
    const frames = fc.array(
      fc.record({ id: fc.integer({ min: 0, max: 0xffff }), body: fc.uint8Array({ minLength: 3, maxLength: 254 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(frames, cuts, (expected, sizes) => {
        const stream = Buffer.concat(
          expected.map(({ id, body }) => Buffer.concat([Buffer.from([id >> 8, id & 255, 0, 0, 0, body.length]), body])),
        );
        const found: { id: number; body: string }[] = [];
        const framing = mbapFraming((id, body) => found.push({ id, body: body.toString('hex') }));
        for (const piece of pieces(stream, sizes)) expect(framing.take(piece)).toBeUndefined();
        expect(found).toEqual(expected.map(({ id, body }) => ({ id, body: Buffer.from(body).toString('hex') })));
      }),
    );
  });

  it.each([
    ['length 0xFFFF', '0001 0000 ffff'],
    ['length 255', '0001 0000 00ff'],
    ['length 2', '0001 0000 0002 ff 03'],
    ['length 0', '0001 0000 0000'],
    ['protocol id 1', '0001 0001 0006'],
  ])('gives up on %s as soon as the header is here', (_, bytes) => {
    const framing = mbapFraming(() => expect.unreachable());
    expect(framing.take(hex(bytes))).toMatch(/a frame/);
  });

  it('keeps at most one frame of what is not complete', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (chunks) => {
        const framing = mbapFraming((_, body) => expect(body.length).toBeLessThanOrEqual(254));
        for (const chunk of chunks) if (framing.take(Buffer.from(chunk)) !== undefined) return;
      }),
    );
  });
});

describe('rtuFraming', () => {
  const answer = hex('11 03 06 02 2b 00 00 00 64');
  const withCrc = (body: Buffer): Buffer => {
    const crc = crc16(body, body.length);
    return Buffer.concat([body, Buffer.from([crc & 255, crc >> 8])]);
  };
  const collect = (request: ModbusRequest | undefined) => {
    const found: string[] = [];
    const current = () => (request === undefined ? undefined : { id: 7, request });
    return { found, framing: rtuFraming(0x11, current, (id, body) => found.push(`${id}:${body.toString('hex')}`)) };
  };

  it.each([
    ['a read', read3, '11 03 06 02 2b 00 00 00 64'],
    ['a write', write2, '11 10 00 01 00 02'],
    ['an exception', read3, '11 83 02'],
    ['an identification', object0, '11 2b 0e 04 01 00 00 01 00 02 4d 57'],
    ['an empty identification', object0, '11 2b 0e 04 01 00 00 00'],
  ] as const)('finds %s however the stream is cut', (_, request, text) => {
    const body = hex(text);
    fc.assert(
      fc.property(cuts, (sizes) => {
        const { found, framing } = collect(request);
        for (const piece of pieces(withCrc(body), sizes)) expect(framing.take(piece)).toBeUndefined();
        expect(found).toEqual([`7:${body.toString('hex')}`]);
      }),
    );
  });

  it('refuses every frame with one bit turned over', () => {
    const good = withCrc(answer);
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const bad = Buffer.from(good);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { found, framing } = collect(read3);
      framing.take(bad);
      expect(found).toEqual([]);
    }
  });

  it('reports bytes behind the answer and bytes that nobody asked for', () => {
    const { found, framing } = collect(read3);
    expect(framing.take(Buffer.concat([withCrc(answer), hex('00')]))).toMatch(/1 bytes follow/);
    expect(found).toHaveLength(1);
    expect(collect(undefined).framing.take(hex('00'))).toMatch(/nobody asked/);
  });

  it('gives up on an identification that is longer than a frame', () => {
    const { framing } = collect(object0);
    const head = hex('11 2b 0e 04 01 00 00 ff');
    expect(framing.take(Buffer.concat([head, Buffer.alloc(300, 0xf0)]))).toMatch(/longer than a frame/);
  });
});
