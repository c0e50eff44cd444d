import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientAddress,
  crcX25,
  createDeframer,
  encodeFrame,
  serverAddress,
} from '../../../electron/protocols/dlms/link/hdlc-frame.ts';
import { bytesOf, hex, toHex } from './encode.ts';

const NOTHING = new Uint8Array(0);
/** SNRM of client 16 to server 1 with a short address, and an UA with its parameters, as printed in many places. */
const SNRM = '7EA0070321930F017E';
const UA = '7EA01E210373C37A81801205018006018007040000000108040000000153 3B7E'.replace(' ', '');

describe('HDLC frames', () => {
  it('are checked with CRC-16/X.25, whose check value is 906E', () => {
    const text = Buffer.from('123456789');
    expect(crcX25(text, 0, text.length)).toBe(0x906e);
  });

  it('are written as printed', () => {
    const frame = { destination: hex('03'), source: clientAddress(16), control: 0x93, info: NOTHING };
    expect(toHex(encodeFrame(frame))).toBe(SNRM);
  });

  it('are read as printed', () => {
    expect(createDeframer().take(hex(UA))).toEqual([
      {
        destination: hex('21'),
        source: hex('03'),
        control: 0x73,
        info: hex('8180120501800601800704000000010804 00000001'),
        segmented: false,
      },
    ]);
  });

  it('address a server with 14 bits for each half, and the end marked in the last byte', () => {
    expect(toHex(serverAddress(1, 1))).toBe('00020003');
    expect(toHex(serverAddress(1, 0x3fff))).toBe('0002FEFF');
    expect(toHex(serverAddress(0x1234, 17))).toBe('48680023');
  });

  it('come out whole however the bytes are cut, with noise and flags between them', () => {
    const info = fc.uint8Array({ maxLength: 200 });
    const noise = fc.array(fc.constantFrom(0x00, 0x7e, 0x55), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(info, noise), { maxLength: 6 }), fc.nat({ max: 40 }), (parts, size) => {
        const frames = parts.map(([data]) => ({
          destination: hex('21'),
          source: hex('00020003'),
          control: 0x30,
          info: data,
        }));
        const bytes = bytesOf(...frames.flatMap((frame, at) => [parts[at]?.[1] ?? [], encodeFrame(frame)]));
        const deframer = createDeframer();
        const seen = [];
        for (let at = 0; at < bytes.length; at += size + 1)
          seen.push(...deframer.take(bytes.subarray(at, at + size + 1)));
        expect(seen.map((one) => toHex(one.info))).toEqual(frames.map((one) => toHex(one.info)));
      }),
    );
  });

  it('may share the flag between them', () => {
    const bytes = hex(UA.slice(0, -2) + UA);
    expect(createDeframer().take(bytes)).toHaveLength(2);
  });

  it('are dropped when any bit is wrong, and the next one is read', () => {
    const good = hex(UA);
    fc.assert(
      fc.property(fc.integer({ min: 3, max: good.length - 2 }), fc.nat({ max: 7 }), (at, bit) => {
        const changed = Uint8Array.from(good);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        const deframer = createDeframer();
        expect(deframer.take(bytesOf(changed, good))).toHaveLength(1);
        expect(deframer.skipped.frames).toBeGreaterThan(0);
      }),
    );
  });

  it('never keep more than one frame of a stream without end', () => {
    const deframer = createDeframer();
    for (let round = 0; round < 200; round += 1) deframer.take(new Uint8Array(1000).fill(round));
    expect(deframer.take(hex(UA))).toHaveLength(1);
  });

  it('survive any bytes', () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom(0x7e, 0xa0, 0x07), fc.nat({ max: 255 })), { maxLength: 300 });
    fc.assert(fc.property(bytes, (some) => void createDeframer().take(Uint8Array.from(some))));
  });

  it('do not take more than their length can say', () => {
    const frame = { destination: hex('21'), source: hex('03'), control: 0, info: new Uint8Array(2040) };
    expect(() => encodeFrame(frame)).toThrow(RangeError);
  });
});
