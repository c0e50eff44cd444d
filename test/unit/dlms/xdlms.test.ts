import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeReply, encodeGet, encodeGetNext, encodeSet } from '../../../electron/protocols/dlms/codec/xdlms.ts';
import { wrap } from '../../../electron/protocols/dlms/link/wrapper.ts';
import { bytesOf, hex, toHex } from './encode.ts';

const CLOCK = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2 };
const BUFFER = { classId: 7, obis: '1.0.99.1.0.255', attribute: 2 };

describe('requests', () => {
  it('GET-Request-Normal', () => {
    expect(toHex(encodeGet(1, CLOCK, 'all'))).toBe('C001C1000800000100 00FF0200'.replace(' ', ''));
  });

  it('GET of entries: selector 2', () => {
    expect(toHex(encodeGet(2, BUFFER, { kind: 'entry', from: 1, to: 100 }))).toBe(
      'C001C200070100630100FF02' + '01020204' + '0600000001' + '0600000064' + '120001' + '120000',
    );
  });

  it('GET of a range on the clock: selector 1', () => {
    const selection = { kind: 'range', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2, 3, 4, 5) } as const;
    expect(toHex(encodeGet(3, BUFFER, selection))).toBe(
      'C001C300070100630100FF02' +
        '01010204' +
        '0204' +
        '120008' +
        '09060000010000FF' +
        '0F02' +
        '120000' +
        '090C07EA0101FF00000000000000' +
        '090C07EA0102FF03040500000000' +
        '0100',
    );
  });

  it('GET-Request-Next', () => {
    expect(toHex(encodeGetNext(1, 0x01020304))).toBe('C002C101020304');
  });

  it('SET-Request-Normal', () => {
    const value = { type: 'octets', value: hex('07EA0B16FF0D2D1E00000000') } as const;
    expect(toHex(encodeSet(4, CLOCK, value))).toBe(
      'C101C40008000001 0000FF0200090C07EA0B16FF0D2D1E00000000'.replace(' ', ''),
    );
  });

  it('refuse what cannot be an attribute', () => {
    expect(() => encodeGet(1, { ...CLOCK, obis: '0.0.1.0.0' }, 'all')).toThrow(RangeError);
    expect(() => encodeGet(1, { ...CLOCK, obis: '0.0.1.0.0.256' }, 'all')).toThrow(RangeError);
    expect(() => encodeGet(1, { ...CLOCK, classId: 65_536 }, 'all')).toThrow(RangeError);
    expect(() => encodeGet(1, { ...CLOCK, attribute: 128 }, 'all')).toThrow(RangeError);
  });

  it('go behind a wrapper header', () => {
    expect(toHex(wrap(16, 1, hex('C001')))).toBe('0001001000010002C001');
  });
});

describe('decodeReply', () => {
  it.each([
    ['C401C1 00 1105', 'get', { kind: 'data', data: hex('1105') }],
    ['C40141 00 1105', 'get', { kind: 'data', data: hex('1105') }],
    ['C401C1 01 04', 'get', { kind: 'result', result: 4 }],
    ['C402C1 00 00000002 00 03 010203', 'get', { kind: 'block', last: false, number: 2, data: hex('010203') }],
    ['C402C1 01 00000003 00 8101 09', 'get', { kind: 'block', last: true, number: 3, data: hex('09') }],
    ['C402C1 01 00000003 01 13', 'get', { kind: 'result', result: 19 }],
    ['C501C1 00', 'set', { kind: 'result', result: 0 }],
    ['C501C1 03', 'set', { kind: 'result', result: 3 }],
    ['D8 01 02', 'get', { kind: 'exception', state: 1, service: 2 }],
    ['0E 05 05 01', 'get', { kind: 'service-error', error: { service: 5, kind: 5, value: 1 } }],
  ] as const)('reads %s', (text, asked, reply) => {
    expect(decodeReply(hex(text), asked, 1)).toEqual(reply);
  });

  it.each([
    ['nothing', '', 'get'],
    ['the answer to another request', 'C401C2001105', 'get'],
    ['an answer without a result', 'C401C1', 'get'],
    ['a refusal with success', 'C401C10100', 'get'],
    ['a refusal with more behind it', 'C401C1010400', 'get'],
    ['a block whose length is too large', 'C402C100000000020004010203', 'get'],
    ['a block whose length is too small', 'C402C100000000020002010203', 'get'],
    ['a block whose length is no length', 'C402C1000000000200FF', 'get'],
    ['a list', 'C403C101', 'get'],
    ['an answer to a SET', 'C501C100', 'get'],
    ['an answer to a GET', 'C401C1001105', 'set'],
    ['an answer with a byte too many', 'C501C10000', 'set'],
    ['an exception that is cut', 'D801', 'get'],
  ] as const)('calls %s malformed', (_, text, asked) => {
    expect(decodeReply(hex(text), asked, 1).kind).toBe('malformed');
  });

  it('survives any bytes, also behind a right start', () => {
    const start = fc.constantFrom(
      hex(''),
      hex('C401C1'),
      hex('C402C1'),
      hex('C402C1000000000100'),
      hex('C5'),
      hex('D8'),
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 30 }), fc.constantFrom('get', 'set'), (head, rest, asked) => {
        expect(typeof decodeReply(bytesOf(head, rest), asked, 1).kind).toBe('string');
      }),
    );
  });
});
