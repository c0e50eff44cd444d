import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aare, initiateResponse, parseAarq, RLRE } from '../../../simulator/dlms/acse.ts';
import { createBlocks } from '../../../simulator/dlms/blocks.ts';
import { createCursor } from '../../../simulator/dlms/cursor.ts';
import {
  array,
  arrayHead,
  bitString,
  bool,
  enumeration,
  float32,
  i8,
  i16,
  i32,
  octetString,
  readLength,
  readValue,
  structure,
  u8,
  u16,
  u32,
  visibleString,
} from '../../../simulator/dlms/data.ts';
import { dateTime, momentOf } from '../../../simulator/dlms/date-time.ts';
import { obis } from '../../../simulator/dlms/obis.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'hex');
const hex = (buffer: Uint8Array): string => Buffer.from(buffer).toString('hex');

describe('association', () => {
  it('reads the AARQ of the Green Book without authentication', () => {
    expect(parseAarq(bytes('601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0'))).toEqual({
      lnContext: true,
      mechanism: 'none',
      secret: '',
      initiate: { version: 6, conformance: 0x007e1f, maxPdu: 1200 },
    });
  });

  it('reads the AARQ of the Green Book with the secret 12345678', () => {
    const aarq =
      '6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E01000000065F1F0400007E1F04B0';
    expect(parseAarq(bytes(aarq))).toMatchObject({ mechanism: 'lls', secret: '12345678' });
    expect(parseAarq(bytes(aarq.replace('8B0760857405080201', '8B0760857405080205')))?.mechanism).toBe('other');
    // Short names.
    expect(parseAarq(bytes(aarq.replace('60857405080101', '60857405080102')))?.lnContext).toBe(false);
  });

  it('reads an InitiateRequest with a dedicated key, response-allowed and quality of service', () => {
    const aarq = '6022A109060760857405080101BE150413010102AABB01010103065F1F0400007E1F04B0';
    expect(parseAarq(bytes(aarq))?.initiate).toEqual({ version: 6, conformance: 0x007e1f, maxPdu: 1200 });
    expect(parseAarq(bytes(aarq.replace('0102AABB', '0103AABB')))?.initiate).toBeUndefined();
  });

  it('writes the AARE of the Green Book', () => {
    expect(hex(aare(0, 0, initiateResponse(0x00501f, 500)))).toBe(
      '6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F040000501F01F40007'.toLowerCase(),
    );
    expect(hex(aare(1, 1, bytes('0E010601')))).toBe(
      '611FA109060760857405080101A203020101A305A103020101BE0604040E010601'.toLowerCase(),
    );
    expect(hex(RLRE)).toBe('6303800100');
  });

  it('reads any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        parseAarq(Buffer.from([0x60, content.length, ...content]));
        parseAarq(Buffer.from(content));
      }),
    );
  });

  it('reads every mutation and truncation of an AARQ without throwing', () => {
    const aarq = bytes('601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0');
    fc.assert(
      fc.property(fc.nat(aarq.length - 1), fc.nat(255), fc.nat(aarq.length), (at, value, length) => {
        const changed = Buffer.from(aarq.subarray(0, length));
        if (at < length) changed[at] = value;
        parseAarq(changed);
      }),
    );
  });
});

describe('values', () => {
  it('are written as the standard says', () => {
    expect(hex(u8(0xfe))).toBe('11fe');
    expect(hex(i8(-2))).toBe('0ffe');
    expect(hex(u16(0x1234))).toBe('121234');
    expect(hex(i16(-60))).toBe('10ffc4');
    expect(hex(u32(0xdeadbeef))).toBe('06deadbeef');
    expect(hex(i32(-1.6))).toBe('05fffffffe');
    expect(hex(i32(1e12))).toBe('057fffffff');
    expect(hex(float32(1.5))).toBe('173fc00000');
    expect(hex(bool(true))).toBe('0301');
    expect(hex(enumeration(27))).toBe('161b');
    expect(hex(visibleString('Aé'))).toBe('0a02413f');
    expect(hex(bitString(bytes('00301c')))).toBe('041800301c');
    expect(hex(structure(u8(1), array([u8(2)])))).toBe('0202110101011102');
    expect(hex(octetString(Buffer.alloc(128))).slice(0, 6)).toBe('098180');
    expect(hex(octetString(Buffer.alloc(300))).slice(0, 8)).toBe('0982012c');
    expect(hex(arrayHead(97_089))).toBe('018400017b41');
    expect(hex(obis('1-0:99.128.0*255'))).toBe('0100638000ff');
    expect(() => obis('1.2')).toThrow('1.2');
  });

  it('are read within limits, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        const cursor = createCursor(Buffer.from(content));
        readValue(cursor);
        expect(cursor.left).toBeLessThanOrEqual(content.length);
      }),
    );
    const deep = createCursor(bytes('0201'.repeat(1000)));
    readValue(deep);
    expect(deep.sound).toBe(false);
    const long = createCursor(bytes('0184ffffffff'));
    readValue(long);
    expect(long.sound).toBe(false);
    const tooLong = createCursor(bytes('85ffffffffff'));
    expect([readLength(tooLong), tooLong.sound]).toEqual([0, false]);
  });
});

describe('date and time', () => {
  it('is twelve bytes in UTC', () => {
    expect(hex(dateTime(Date.UTC(2026, 10, 22, 20, 3, 53, 470)))).toBe('07ea0b16071403352f000000');
  });

  it('comes back from what was written, to the hundredth', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2105, 11) }), (at) => {
        expect(momentOf(dateTime(at), 0)).toBe(Math.floor(at / 10) * 10);
      }),
    );
  });

  const now = Date.UTC(2026, 10, 22, 20, 3, 53, 470);
  it('keeps what is not specified, adds the deviation, ignores the day of the week', () => {
    expect(momentOf(bytes('ffffffffff0a1e00ff800000'), now)).toBe(Date.UTC(2026, 10, 22, 10, 30, 0, 470));
    // Paris in winter: local 13:00, deviation -60, UTC 12:00.
    expect(momentOf(bytes('07ea0c01010d000000ffc400'), now)).toBe(Date.UTC(2026, 11, 1, 12));
  });

  it.each([
    ['month 0xFD', '07eafd01ff0d000000800000'],
    ['month 0xFE', '07eafe01ff0d000000800000'],
    ['day 0xFD', '07ea0cfdff0d000000800000'],
    ['day 0xFE', '07ea0cfeff0d000000800000'],
    ['month 13', '07ea0d01ff0d000000800000'],
    ['31 November', '07ea0b1fff0d000000800000'],
    ['hour 24', '07ea0b01ff18000000800000'],
    ['minute 60', '07ea0b01ff003c0000800000'],
    ['hundredths 100', '07ea0b01ff00000064800000'],
    ['year 1999', '07cf0b01ff00000000800000'],
    ['deviation of 13 hours', '07ea0b01ff00000000030c00'],
    ['eleven bytes', '07ea0b01ff000000008000'],
  ])('is refused with %s', (_, text) => {
    expect(momentOf(bytes(text), now)).toBeUndefined();
  });
});

it('cuts a long answer into blocks and loses nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 30 }),
      (pieces, limit) => {
        const all = Buffer.concat(pieces);
        const blocks = createBlocks(pieces.map((piece) => Buffer.from(piece)));
        expect(blocks.endsWithin(limit)).toBe(all.length <= limit);
        const taken: Buffer[] = [];
        while (!blocks.endsWithin(0)) {
          const block = blocks.take(limit);
          expect(block.length === limit || blocks.endsWithin(0)).toBe(true);
          taken.push(block);
        }
        expect(hex(Buffer.concat(taken))).toBe(hex(all));
      },
    ),
  );
});
