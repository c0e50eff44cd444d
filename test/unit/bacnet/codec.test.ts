import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIAm, readMultipleAck, readPropertyAck } from '../../../electron/protocols/bacnet/codec/services.ts';
import { readValues } from '../../../electron/protocols/bacnet/codec/values.ts';
import { readIncoming } from '../../../electron/protocols/bacnet/incoming.ts';
import { abortName, errorClassName, errorCodeName, rejectName } from '../../../electron/protocols/bacnet/names.ts';
import { adapterToward, broadcastsFrom, ipv4Adapters } from '../../../electron/protocols/bacnet/network/adapters.ts';
import { RECEIVED, SENT, writer } from './frames.ts';

const run = promisify(execFile);
const from = { host: '192.0.2.1', port: 47_808 };
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const values = (text: string) => readValues(bytesOf(text), 0, bytesOf(text).length);

describe('frames that are sent', () => {
  it.each(SENT)('%s', (_, bytes, golden) => {
    expect(Buffer.from(bytes).toString('hex')).toBe(golden);
  });

  it('are what tshark calls BACnet, none of them malformed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bacnet-frames-'));
    try {
      const dump = SENT.map(([, bytes]) => `000000 ${Buffer.from(bytes).toString('hex').replace(/../g, '$& ')}\n`).join(
        '\n',
      );
      await writeFile(join(folder, 'frames.txt'), dump);
      const pcap = join(folder, 'frames.pcap');
      await run('text2pcap', [
        '-q',
        '-4',
        '127.0.0.1,127.0.0.2',
        '-u',
        '47808,47808',
        join(folder, 'frames.txt'),
        pcap,
      ]);
      const fields = [
        'bvlc.function',
        'bacapp.type',
        'bacapp.confirmed_service',
        'bacapp.unconfirmed_service',
        '_ws.malformed',
        '_ws.expert.severity',
      ];
      const { stdout } = await run('tshark', [
        ...['-r', pcap, '-d', 'udp.port==47808,bvlc', '-T', 'fields', '-E', 'separator=|'],
        ...fields.flatMap((field) => ['-e', field]),
      ]);
      const rows = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('|'));
      expect(rows.length).toBe(SENT.length);
      expect(rows.map((row) => row[0])).toEqual(
        SENT.map(([, bytes]) => `0x${(bytes[1] ?? 0).toString(16).padStart(2, '0')}`),
      );
      expect(rows.map((row) => row[4])).toEqual(SENT.map(() => ''));
      expect(rows.map((row) => row[3]).filter((one) => one !== '')).toEqual(['8', '8', '8', '8', '7', '7', '7']);
      expect(rows.map((row) => row[2]).filter((one) => one !== '')).toEqual(['12', '12', '12', '14', '12']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('leave no timer of the library behind and are the same however often they are written', () => {
    const reference = { object: { type: 0, instance: 9 }, property: 85 };
    const first = writer.readProperty(7, reference);
    for (let at = 0; at < 1000; at += 1) expect(writer.readProperty(7, reference)).toEqual(first);
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBeLessThan(50);
  });
});

describe('messages that come in', () => {
  const apduOf = (name: string) => {
    const incoming = readIncoming(bytesOf(RECEIVED[name] ?? ''), from);
    return incoming.kind === 'message' ? incoming : undefined;
  };
  const bodyOf = (name: string) => {
    const apdu = apduOf(name)?.apdu;
    return apdu !== undefined && 'body' in apdu ? apdu.body : new Uint8Array();
  };

  it('I-Am, also forwarded and routed', () => {
    expect(readIAm(bodyOf('iAm'))).toEqual({ deviceId: 1234, maxApdu: 1476, segmentation: 'none', vendorId: 10 });
    expect(apduOf('iAm')?.address).toEqual(from);
    expect(apduOf('forwarded')).toMatchObject({ address: { host: '192.0.2.7', port: 47_808 }, via: from });
    expect(apduOf('routed')?.address).toEqual({ ...from, routed: { network: 5, mac: '05' } });
  });

  it('Error, Reject, Abort and BVLC-Result', () => {
    expect(apduOf('error')?.apdu).toMatchObject({ kind: 'error', invokeId: 5, errorClass: 2, errorCode: 32 });
    expect(apduOf('reject')?.apdu).toEqual({ kind: 'reject', invokeId: 1, reason: 9 });
    expect(apduOf('abort')?.apdu).toEqual({ kind: 'abort', invokeId: 1, reason: 4 });
    expect(readIncoming(bytesOf(RECEIVED['result'] ?? ''), from)).toEqual({ kind: 'result', code: 0x30 });
  });

  it('acknowledgements, with an error among the values', () => {
    const one = { object: { type: 0, instance: 1 }, property: 85 };
    const list = { object: { type: 8, instance: 1 }, property: 76 };
    expect(readPropertyAck(bodyOf('propertyAck'), one)).toEqual([{ kind: 'real', value: 230.5 }]);
    expect(readPropertyAck(bodyOf('propertyAck'), { ...one, arrayIndex: 1 })).toBe(
      'the answer is about another property',
    );
    expect(readPropertyAck(bodyOf('arrayAck'), list)).toHaveLength(2);
    const asked = [one, { ...one, property: 28 }, { object: { type: 0, instance: 2 }, property: 85 }];
    expect(readMultipleAck(bodyOf('multipleAck'), asked)).toEqual([
      { kind: 'values', values: [{ kind: 'real', value: 230.5 }] },
      { kind: 'error', errorClass: 2, errorCode: 32 },
      { kind: 'values', values: [{ kind: 'null' }] },
    ]);
    expect(typeof readMultipleAck(bodyOf('multipleAck'), asked.slice(1))).toBe('string');
    expect(typeof readMultipleAck(bodyOf('multipleAck'), [...asked, one])).toBe('string');
  });

  it('cut off anywhere are never taken for whole', () => {
    for (const [name, text] of Object.entries(RECEIVED)) {
      const whole = bytesOf(text);
      for (let length = 0; length < whole.length; length += 1) {
        expect(readIncoming(whole.slice(0, length), from).kind, `${name} cut at ${length}`).toBe('malformed');
      }
    }
  });

  it('bytes behind the stated length are padding', () => {
    expect(readIncoming(bytesOf(`${RECEIVED['iAm']}0000`), from)).toEqual(
      readIncoming(bytesOf(RECEIVED['iAm'] ?? ''), from),
    );
  });
});

describe('values', () => {
  it.each([
    ['00', [{ kind: 'null' }]],
    [
      '10 11',
      [
        { kind: 'boolean', value: false },
        { kind: 'boolean', value: true },
      ],
    ],
    ['2148', [{ kind: 'unsigned', value: 72 }]],
    ['2508ffffffffffffffff', [{ kind: 'unsigned', value: 0xffff_ffff_ffff_ffffn }]],
    ['31ff', [{ kind: 'signed', value: -1 }]],
    ['33800000', [{ kind: 'signed', value: -8_388_608 }]],
    ['4442900000', [{ kind: 'real', value: 72 }]],
    ['447fc00000', [{ kind: 'real', value: Number.NaN }]],
    ['5508 4052000000000000', [{ kind: 'double', value: 72 }]],
    ['63 1234ff', [{ kind: 'octets', bytes: Uint8Array.of(0x12, 0x34, 0xff) }]],
    ['8203 a8', [{ kind: 'bit-string', bits: [true, false, true, false, true] }]],
    ['9100', [{ kind: 'enumerated', value: 0 }]],
    // 24 January 1991 of Annex F, and a date of any month: neither is turned into an instant.
    ['a45b011804', [{ kind: 'date', bytes: Uint8Array.of(91, 1, 24, 4) }]],
    ['a4ffff ff ff', [{ kind: 'date', bytes: Uint8Array.of(255, 255, 255, 255) }]],
    ['b411232d11', [{ kind: 'time', bytes: Uint8Array.of(17, 35, 45, 17) }]],
    ['c400c0000f', [{ kind: 'object-id', object: { type: 3, instance: 15 } }]],
    [
      '7519 00 546869732069732061204241436e657420737472696e6721',
      [{ kind: 'string', text: 'This is a BACnet string!', charset: 0, exact: true }],
    ],
    ['7507 04 00c4 20ac 0041', [{ kind: 'string', text: 'Ä€A', charset: 4, exact: true }]],
    ['7505 03 000000c4', [{ kind: 'string', text: 'Ä', charset: 3, exact: true }]],
    ['72 05 c4', [{ kind: 'string', text: 'Ä', charset: 5, exact: true }]],
    ['72 00 c4', [{ kind: 'string', text: '\uFFFD', charset: 0, exact: false }]],
    ['73 01 0041', [{ kind: 'string', text: '\uFFFDA', charset: 1, exact: false }]],
    ['70', [{ kind: 'string', text: '', charset: 0, exact: false }]],
    ['0e 2148 0f', [{ kind: 'raw', bytes: Uint8Array.of(0x0e, 0x21, 0x48, 0x0f) }]],
    ['', []],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each(
    [
      '20',
      '2900',
      '21',
      '43 000000',
      '8108',
      '81',
      '8109',
      '9500',
      'a3 000000',
      'c3 000000',
      '12',
      '0e21',
      '0e1f',
      '0f',
      '6500',
      'f5',
      '75ff ffffffff',
      '2509 000000000000000000',
    ].filter((one) => one !== '2900' && one !== '6500'),
  )('%s is no value', (text) => {
    expect(typeof values(text)).toBe('string');
  });

  it('never throw and never read beyond their end, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(80), (bytes, cut) => {
        const to = Math.min(cut, bytes.length);
        const whole = readValues(bytes.slice(0, to), 0, to);
        expect(readValues(bytes, 0, to)).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  it('unsigned numbers that bacstack encodes in a request are read back', () => {
    fc.assert(
      fc.property(
        fc.nat(1023),
        fc.nat(4_194_303),
        fc.nat(4_194_303),
        fc.option(fc.integer({ min: 0, max: 0xffff_fffe }), { nil: undefined }),
        fc.integer({ min: 1, max: 255 }),
        (type, instance, property, arrayIndex, invokeId) => {
          const reference = {
            object: { type, instance },
            property,
            ...(arrayIndex === undefined ? {} : { arrayIndex }),
          };
          const apdu = writer.readProperty(invokeId, reference);
          expect([...apdu.subarray(0, 4)]).toEqual([0, 5, invokeId, 12]);
          const ack = Uint8Array.of(...apdu.subarray(4), 0x3e, 0x00, 0x3f);
          expect(readPropertyAck(ack, reference)).toEqual([{ kind: 'null' }]);
        },
      ),
    );
  });
});

describe('names', () => {
  it('agree with the tables of bacstack', () => {
    const library: unknown = createRequire(import.meta.url)('bacstack');
    const tables: unknown = Reflect.get(Object(library), 'enum');
    const table = (name: string): readonly (readonly [string, number])[] =>
      Object.entries(Reflect.get(Object(tables), name));
    const kebab = (name: string) => name.toLowerCase().replaceAll('_', '-');
    for (const [of, name] of [
      ['ErrorClass', errorClassName],
      ['ErrorCode', errorCodeName],
      ['RejectReason', rejectName],
      ['AbortReason', abortName],
    ] as const) {
      const named = table(of).filter(([, value]) => !/^(class|code|reason)-/.test(name(value)));
      expect(named.length).toBeGreaterThan(7);
      for (const [text, value] of named) expect(name(value)).toBe(kebab(text));
    }
  });
});

describe('adapters', () => {
  const lo = {
    address: '127.0.0.1',
    netmask: '255.0.0.0',
    family: 'IPv4' as const,
    mac: '',
    internal: true,
    cidr: null,
  };
  const adapters = ipv4Adapters({
    lo: [lo],
    site: [{ ...lo, address: '192.168.10.77', netmask: '255.255.254.0', internal: false }],
    office: [{ ...lo, address: '10.1.2.3', netmask: '255.0.0.0', internal: false }],
    vpn: [{ ...lo, address: '10.1.9.1', netmask: '255.255.255.255', internal: false }],
    six: [{ ...lo, address: 'fe80::1', netmask: 'ffff::', family: 'IPv6' as const, scopeid: 1 }],
  });

  it('broadcast into their own subnets', () => {
    expect(broadcastsFrom('0.0.0.0', adapters)).toEqual(['192.168.11.255', '10.255.255.255']);
    expect(broadcastsFrom('192.168.10.77', adapters)).toEqual(['192.168.11.255']);
    expect(broadcastsFrom('127.0.0.1', adapters)).toEqual(['127.255.255.255']);
    expect(broadcastsFrom('10.1.9.1', adapters)).toEqual([]);
  });

  it('are chosen by the narrowest subnet that leads to a host', () => {
    expect(adapterToward('192.168.11.5', adapters)?.name).toBe('site');
    expect(adapterToward('10.1.9.1', adapters)?.name).toBe('vpn');
    expect(adapterToward('8.8.8.8', adapters)).toBeUndefined();
  });
});
