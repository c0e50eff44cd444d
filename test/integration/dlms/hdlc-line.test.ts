import { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { connectDlmsOver } from '../../../electron/protocols/dlms/client.ts';
import {
  crcX25,
  createDeframer,
  encodeFrame,
  type HdlcFrame,
} from '../../../electron/protocols/dlms/link/hdlc-frame.ts';
import type { DlmsClient, DlmsSettings } from '../../../electron/protocols/dlms/types.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { bytesOf, hex, toHex } from '../../unit/dlms/encode.ts';
import { GRANTED, RELEASED } from './scripted-meter.ts';
import { CLOCK, codeOf, createBench, granted } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

const SETTINGS: DlmsSettings = { kind: 'hdlc', clientSap: 16, serverSap: 1, physicalAddress: 17, timeoutMs: 600 };
const SERVER = hex('00020023');
const CLIENT = hex('21');
const UA_INFO = '818012050180060180070400000001080400000001';

interface Serial {
  readonly stream: Duplex;
  /** Control bytes of the client, hex. */
  readonly controls: string[];
  /** Sends a frame of the meter. */
  send(control: number, info?: Uint8Array): void;
  raw(bytes: Uint8Array): void;
}

/** A serial line without a port: what the client writes goes to the script frame by frame. */
function serialLine(script: (frame: HdlcFrame, line: Serial, count: number) => void): Serial {
  const deframer = createDeframer();
  const controls: string[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      for (const frame of deframer.take(chunk)) {
        controls.push(toHex(Uint8Array.of(frame.control)));
        script(frame, line, controls.length);
      }
      done();
    },
  });
  const raw = (bytes: Uint8Array): void => void (stream.destroyed || stream.push(Buffer.from(bytes)));
  const line: Serial = {
    stream,
    controls,
    raw,
    send: (control, info = hex('')) => raw(encodeFrame({ destination: CLIENT, source: SERVER, control, info })),
  };
  return line;
}

const apduOf = (frame: HdlcFrame): string => toHex(frame.info.subarray(3));
const response = (apdu: string): Uint8Array => bytesOf(hex('E6E700'), hex(apdu));

/** I frame with these numbers and the final bit. */
const information = (sent: number, expected: number): number => (expected << 5) | 0x10 | (sent << 1);

/** Connects and disconnects as a good meter, associates with number 0, and leaves the rest to the script. */
function wellBehaved(script: (frame: HdlcFrame, line: Serial) => void): Serial {
  return serialLine((frame, line) => {
    if (frame.control === 0x93) line.send(0x73, hex(UA_INFO));
    else if (frame.control === 0x53) line.send(0x73);
    else if (apduOf(frame).startsWith('60')) line.send(information(0, 1), response(GRANTED));
    else if (apduOf(frame).startsWith('62')) line.send(information(2, 3), response(RELEASED));
    else script(frame, line);
  });
}

function connectTo(line: Serial, settings: Partial<DlmsSettings> = {}): Promise<Result<DlmsClient>> {
  return connectDlmsOver(line.stream, 'COM3', { ...SETTINGS, ...settings });
}

async function connected(line: Serial): Promise<DlmsClient> {
  const client = granted(await connectTo(line));
  bench.later(() => client.close());
  return client;
}

const ANSWER = response('C401C1001107');

describe('HDLC over any stream', () => {
  it('connects, asks, releases and disconnects, with rising numbers', async () => {
    const line = wellBehaved((_, { send }) => send(information(1, 2), ANSWER));
    const client = await connected(line);
    expect(client.endpoint).toBe('COM3 client 16 server 1');
    expect(await client.get(CLOCK)).toEqual({ ok: true, value: { type: 'uint8', value: 7 } });
    await client.close();
    expect(line.controls).toEqual(['93', '10', '32', '54', '53']);
    expect(line.stream.destroyed).toBe(true);
  });

  it('asks what became of a lost request, and sends it again when the meter never had it', async () => {
    let lost = true;
    const line = wellBehaved((frame, { send }) => {
      if ((frame.control & 0x0f) === 0x01) send(0x31);
      else if (lost) lost = false;
      else send(information(1, 2), ANSWER);
    });
    expect(codeOf(await (await connected(line)).get(CLOCK))).toBe('ok');
    expect(line.controls).toEqual(['93', '10', '32', '31', '32']);
  });

  it('asks for a lost answer, and takes it once when it comes twice', async () => {
    const line = wellBehaved((frame, { send, raw }) => {
      if ((frame.control & 0x0f) !== 0x01) return raw(hex('7EA00A21000200233211227E'));
      send(information(1, 2), ANSWER);
      send(information(1, 2), ANSWER);
    });
    expect(codeOf(await (await connected(line)).get(CLOCK))).toBe('ok');
    expect(line.controls).toEqual(['93', '10', '32', '31']);
  });

  it('waits for a meter that has the request and works on it', async () => {
    const line = wellBehaved((frame, { send }) => {
      if ((frame.control & 0x0f) !== 0x01) return;
      send(0x51);
      if (line.controls.length === 5) send(information(1, 2), ANSWER);
    });
    expect(codeOf(await (await connected(line)).get(CLOCK))).toBe('ok');
    expect(line.controls).toEqual(['93', '10', '32', '31', '31']);
  });

  it('does not send a request again because of a receipt that it did not ask for', async () => {
    const line = wellBehaved((_, { send }) => {
      send(0x31);
      send(information(1, 2), ANSWER);
    });
    expect(codeOf(await (await connected(line)).get(CLOCK))).toBe('ok');
    expect(line.controls).toEqual(['93', '10', '32']);
  });

  it('repeats the call to a meter that was asleep', async () => {
    const line = serialLine((frame, { send }, count) => {
      if (count === 1) return;
      if (frame.control !== 0x93) send(0x73);
      else send(0x73, hex(UA_INFO));
    });
    expect(codeOf(await connectTo(line))).toBe('dlms/timeout');
    expect(line.controls.slice(0, 3)).toEqual(['93', '93', '10']);
    expect(line.controls.at(-1)).toBe('53');
  });

  it.each([
    ['dlms/closed', 'leaves the data link', 0x1f, hex('')],
    ['dlms/malformed', 'rejects a frame', 0x97, hex('000000')],
    ['dlms/malformed', 'sends no LLC header', information(1, 2), hex('C401C1001107')],
  ])('ends with %s when the meter %s', async (code, _, control, info) => {
    const line = wellBehaved((_frame, { send }) => send(control, info));
    const client = await connected(line);
    expect(codeOf(await client.get(CLOCK))).toBe(code);
    await client.close();
    expect(line.stream.destroyed).toBe(true);
  });

  it('takes no segments', async () => {
    const line = wellBehaved((_, { raw }) => {
      const frame = encodeFrame({ destination: CLIENT, source: SERVER, control: information(1, 2), info: ANSWER });
      raw(segmented(frame));
    });
    expect(codeOf(await (await connected(line)).get(CLOCK))).toBe('dlms/malformed');
  });

  it('gives up on noise without end', async () => {
    const line = serialLine((_, { raw }) => raw(new Uint8Array(70_000).fill(0x55)));
    expect(codeOf(await connectTo(line, { timeoutMs: 60_000 }))).toBe('dlms/malformed');
    expect(line.stream.destroyed).toBe(true);
  });

  it('never sends an APDU that one frame cannot hold', async () => {
    const line = wellBehaved(() => undefined);
    const client = await connected(line);
    const large = { type: 'octets', value: new Uint8Array(120) } as const;
    expect(codeOf(await client.set(CLOCK, large))).toBe('dlms/too-large');
  });

  it('gives back a port once, after the data link was left, and does not wait for a driver that hangs', async () => {
    const line = wellBehaved((_, { send }) => send(information(1, 2), ANSWER));
    const released: string[] = [];
    const hanging = (): Promise<void> => {
      released.push(line.controls.at(-1) ?? '');
      return new Promise(() => undefined);
    };
    const client = granted(await connectDlmsOver(line.stream, 'COM3', SETTINGS, { release: hanging }));
    await Promise.all([client.close(), client.close()]);
    expect(released).toEqual(['53']);
    const refused = connectDlmsOver(
      line.stream,
      'COM3',
      { ...SETTINGS, clientSap: 0 },
      { release: () => Promise.reject() },
    );
    expect(codeOf(await refused)).toBe('dlms/bad-request');
  });

  it('releases a stream that it is not allowed to use', async () => {
    const line = serialLine(() => undefined);
    expect(codeOf(await connectTo(line, { clientSap: 0 }))).toBe('dlms/bad-request');
    expect(line.stream.destroyed).toBe(true);
  });
});

/** Sets the segmentation bit and makes both checks right again. */
function segmented(frame: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(frame);
  changed[1] = (changed[1] ?? 0) | 0x08;
  for (const check of [9, changed.length - 3]) {
    const crc = crcX25(changed, 1, check);
    changed.set([crc & 0xff, crc >> 8], check);
  }
  return changed;
}
