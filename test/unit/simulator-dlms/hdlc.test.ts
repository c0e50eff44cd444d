import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameFinder, fcs16, hdlcFrame } from '../../../simulator/dlms/hdlc-frame.ts';

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const hex = (buffer: Uint8Array): string => Buffer.from(buffer).toString('hex');

const SNRM = '7ea0070321930f017e';
/** The link parameters that a meter with fields of 128 bytes and windows of 1 gives. */
const UA = '7ea01e210373c37a818012050180060180070400000001080400000001533b7e';

describe('frames', () => {
  it('have the check sequence of ISO/IEC 13239', () => {
    // Check value of CRC-16/X-25.
    expect(fcs16(Buffer.from('123456789'))).toBe(0x906e);
  });

  it('are written as in published exchanges', () => {
    expect(hex(hdlcFrame(bytes('03'), bytes('21'), 0x93))).toBe(SNRM);
    expect(hex(hdlcFrame(bytes('21'), bytes('03'), 0x73, bytes('818012050180060180070400000001080400000001')))).toBe(
      UA,
    );
  });

  it('are found in any pieces, between noise, with shared flags', () => {
    const frame = hdlcFrame(bytes('00020203'), bytes('21'), 0x10, bytes('e6e600c0'));
    const stream = Buffer.concat([bytes('00ff7e7e12'), frame, frame.subarray(1), bytes('12'), frame]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const finder = createFrameFinder();
        const found = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          found.push(...finder.find(stream.subarray(at, at + size)));
          at += size;
        }
        expect(found.map(({ information, control }) => [hex(information), control])).toEqual(
          Array.from({ length: 3 }, () => ['e6e600c0', 0x10]),
        );
      }),
    );
  });

  it('are dropped with any one byte wrong, and the next one is seen', () => {
    const frame = hdlcFrame(bytes('00020203'), bytes('21'), 0x10, bytes('e6e600c001c10001'));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: frame.length - 2 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = Buffer.from(frame);
        broken[at] = (broken[at] ?? 0) ^ change;
        const finder = createFrameFinder();
        const found = finder.find(broken);
        expect(found).toEqual([]);
        // Until the length that a broken head claims has passed, good frames may be lost.
        let seen = 0;
        for (let turn = 0; turn < 300 / frame.length + 2; turn += 1) seen += finder.find(frame).length;
        expect(seen).toBeGreaterThan(0);
      }),
    );
  });

  it('need a check sequence of the head', () => {
    const frame = hdlcFrame(bytes('00020203'), bytes('21'), 0x10, bytes('e6e600c0'));
    const broken = Buffer.from(frame);
    broken[9] = (broken[9] ?? 0) ^ 1;
    broken.writeUInt16LE(fcs16(broken.subarray(1, broken.length - 3)), broken.length - 3);
    expect(createFrameFinder().find(broken)).toEqual([]);
  });

  it('never come out of noise, which is not kept', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 10 }), (chunks) => {
        const finder = createFrameFinder();
        for (const chunk of chunks) expect(finder.find(Buffer.from(chunk)).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
