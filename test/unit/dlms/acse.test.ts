import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAare, encodeAarq, RELEASE_REQUEST } from '../../../electron/protocols/dlms/codec/acse.ts';
import { PROPOSED_CONFORMANCE, serviceNames } from '../../../electron/protocols/dlms/codec/initiate.ts';
import { hex, toHex } from './encode.ts';

/** Green Book ed. 10, page 444. */
const GREEN_BOOK = {
  aarq: '601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0',
  aarqWithSecret:
    '6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E01000000065F1F0400007E1F04B0',
  accepted: '6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F040000501F01F40007',
  contextRefused: '6129A109060760857405080101A203020101A305A103020102BE10040E0800065F1F040000501F01F40007',
  serviceError: '611FA109060760857405080101A203020101A305A103020101BE0604040E010601',
} as const;

describe('encodeAarq', () => {
  it('asks for an association without authentication as the Green Book prints it', () => {
    const aarq = encodeAarq({ conformance: 0x007e1f, maxPdu: 0x04b0, secret: undefined });
    expect(toHex(aarq)).toBe(GREEN_BOOK.aarq);
  });

  it('asks for low-level security as the Green Book prints it', () => {
    const aarq = encodeAarq({ conformance: 0x007e1f, maxPdu: 0x04b0, secret: Buffer.from('12345678') });
    expect(toHex(aarq)).toBe(GREEN_BOOK.aarqWithSecret);
  });

  it('takes a secret of 64 bytes', () => {
    const aarq = encodeAarq({ conformance: 0, maxPdu: 0, secret: new Uint8Array(64).fill(0x41) });
    expect(aarq.length).toBe(2 + (aarq[1] ?? 0));
    expect(toHex(aarq)).toContain(`AC428040${'41'.repeat(64)}`);
  });

  it('writes lengths above 127 in two bytes', () => {
    const aarq = encodeAarq({ conformance: 0, maxPdu: 0, secret: new Uint8Array(120).fill(0x41) });
    expect(aarq[1]).toBe(0x81);
    expect(aarq.length).toBe(3 + (aarq[2] ?? 0));
  });
});

describe('decodeAare', () => {
  it('reads an association that was granted', () => {
    expect(decodeAare(hex(GREEN_BOOK.accepted))).toEqual({
      kind: 'accepted',
      initiated: { dlmsVersion: 6, conformance: 0x00501f, maxPdu: 0x01f4 },
    });
  });

  it('reads a refusal with its diagnostic', () => {
    expect(decodeAare(hex(GREEN_BOOK.contextRefused))).toEqual({
      kind: 'refused',
      permanent: true,
      source: 1,
      diagnostic: 2,
    });
  });

  it('reads a wrong secret', () => {
    expect(decodeAare(hex('6117A109060760857405080101A203020101A305A10302010D'))).toEqual({
      kind: 'refused',
      permanent: true,
      source: 1,
      diagnostic: 13,
    });
  });

  it('reads the service error that explains a refusal without a reason', () => {
    const error = { service: 1, kind: 6, value: 1 };
    expect(decodeAare(hex(GREEN_BOOK.serviceError))).toEqual({ kind: 'service-error', error });
    expect(decodeAare(hex('0E010601'))).toEqual({ kind: 'service-error', error });
  });

  it('reads an AARE with fields that do not matter here, and a quality of service', () => {
    const fields = 'A109060760857405080101 A203020100 A305A103020100 A40A04084D45544552303031 8802 0780';
    const body = hex(`${fields} BE11 040F 080101 06 5F1F0400 00301C 0400 0007`);
    expect(decodeAare(hex(`61 ${toHex(Uint8Array.of(body.length))} ${toHex(body)}`))).toMatchObject({
      kind: 'accepted',
      initiated: { conformance: 0x00301c, maxPdu: 1024 },
    });
  });

  it.each([
    ['nothing', ''],
    ['another APDU', 'C401C10009'],
    ['an accepted one without user information', '6117A109060760857405080101A203020100A305A103020100'],
    ['an accepted one for APDUs of 5 bytes', GREEN_BOOK.accepted.replace('01F40007', '00050007')],
    ['a length of indefinite form', `6180${GREEN_BOOK.accepted.slice(4)}`],
    ['a result that does not exist', GREEN_BOOK.accepted.replace('A203020100', 'A203020107')],
    ['bytes behind it', `${GREEN_BOOK.accepted}00`],
  ])('calls %s malformed', (_, text) => {
    expect(decodeAare(hex(text)).kind).toBe('malformed');
  });

  it('calls it malformed when it is cut anywhere', () => {
    const whole = hex(GREEN_BOOK.accepted);
    for (let end = 0; end < whole.length; end += 1) expect(decodeAare(whole.subarray(0, end)).kind).toBe('malformed');
  });

  it('survives any bytes, and any byte changed', () => {
    const whole = hex(GREEN_BOOK.accepted);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void decodeAare(bytes)));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        expect(['accepted', 'refused', 'malformed', 'service-error']).toContain(decodeAare(changed).kind);
      }),
    );
  });
});

describe('conformance', () => {
  it('proposes exactly what the meter is documented to have', () => {
    expect(serviceNames(PROPOSED_CONFORMANCE)).toEqual([
      'selective-access',
      'set',
      'get',
      'block-transfer-with-get',
      'attribute0-supported-with-get',
    ]);
  });

  it('names bits that have no name', () => {
    expect(serviceNames(1 << 23)).toEqual(['bit-23']);
  });
});

it('releases with the reason normal', () => {
  expect(toHex(RELEASE_REQUEST)).toBe('6203800100');
});
