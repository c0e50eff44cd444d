import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BVLC, bvlc, npdu, readBvlc, readNpdu } from '../../../simulator/bacnet/frame.ts';
import {
  bits,
  bool,
  context,
  enclosed,
  enumerated,
  numberOf,
  objectId,
  objectIdOctets,
  objectIdOf,
  octetsOf,
  readTag,
  real,
  text,
  textOf,
  unsigned,
} from '../../../simulator/bacnet/tags.ts';

describe('values', () => {
  // ANSI/ASHRAE 135, 20.2.
  it.each([
    [unsigned(72), '2148'],
    [unsigned(0), '2100'],
    [unsigned(65_536), '23010000'],
    [unsigned(0xffff_ffff), '24ffffffff'],
    [real(72), '4442900000'],
    [bool(true), '11'],
    [bool(false), '10'],
    [enumerated(0), '9100'],
    [objectId({ type: 3, instance: 15 }), 'c400c0000f'],
    [text('This is a BACnet string!'), '7519005468697320697320612042414 36e657420737472696e6721'.replace(' ', '')],
    [bits(5, (bit) => [0, 2, 4].includes(bit)), '8203a8'],
    [context(2, octetsOf(256)), '2a0100'],
    [enclosed(3, real(1)), '3e443f8000003f'],
    [text('x'.repeat(253)), `75fe00fe00${'78'.repeat(253)}`],
  ])('%# are octets of the standard', (encoded, hex) => {
    expect(encoded.toString('hex')).toBe(hex);
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffff_ffff }),
        fc.nat({ max: 1023 }),
        fc.nat({ max: 4_194_303 }),
        fc.string({ maxLength: 400 }),
        fc.nat({ max: 14 }),
        (value, type, instance, spelled, number) => {
          const tag = readTag(context(number, octetsOf(value)), 0);
          expect([tag?.number, numberOf(tag?.content ?? Buffer.alloc(0))]).toEqual([number, value]);
          expect(objectIdOf(objectIdOctets({ type, instance }))).toEqual({ type, instance });
          expect(textOf(readTag(text(spelled), 0)?.content ?? Buffer.alloc(0))).toBe(spelled);
        },
      ),
    );
  });
});

describe('frames', () => {
  it('come back as they were, through a router too', () => {
    const routed = fc.record({
      network: fc.integer({ min: 1, max: 65_534 }),
      address: fc.uint8Array({ minLength: 1, maxLength: 7 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 1476 }),
        fc.option(routed, { nil: undefined }),
        (apdu, to) => {
          const frame = readBvlc(bvlc(BVLC.unicast, npdu(Buffer.from(apdu), to)));
          expect(frame?.type).toBe(BVLC.unicast);
          // What goes to a station of another network is not for this one.
          const message = readNpdu(frame?.content ?? Buffer.alloc(0));
          expect(message?.apdu.equals(apdu)).toBe(to === undefined ? true : undefined);
        },
      ),
    );
  });

  it('give the origin of what was forwarded', () => {
    const frame = readBvlc(Buffer.from('8104000e0a000001bac001001008', 'hex'));
    expect(frame?.origin).toEqual({ address: '10.0.0.1', port: 47_808 });
    expect(frame?.content.toString('hex')).toBe('01001008');
  });

  it('of any kind are read or refused, never thrown over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(45), (bytes, offset) => {
        const buffer = Buffer.from(bytes);
        readBvlc(buffer);
        const message = readNpdu(buffer);
        if (message !== undefined) expect(message.apdu.length).toBeGreaterThan(0);
        const tag = readTag(buffer, offset);
        if (tag !== undefined) {
          expect(tag.next).toBeGreaterThan(offset);
          expect(tag.next).toBeLessThanOrEqual(buffer.length);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
