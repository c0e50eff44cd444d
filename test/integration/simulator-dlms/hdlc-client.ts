import { fcs16 } from '../../../simulator/dlms/hdlc-frame.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { type RawConnection, rawConnection } from '../simulator/bench.ts';
import { AARQ, hex } from './client.ts';

/** A frame of the meter, checked: format 3, no segmentation, both check sequences, the addresses of the answer to us. */
export interface MeterFrame {
  readonly control: number;
  readonly information: Buffer;
}

/** Logical device 1, unit 1; client 16. */
const METER = '00020003';
const CLIENT = '21';

export interface HdlcClient {
  readonly raw: RawConnection;
  send(control: number, information?: string, to?: string): void;
  receive(): Promise<MeterFrame>;
  /** Sends an APDU in an I-frame and gives the answer to it; keeps the counters. */
  ask(apdu: string): Promise<Buffer>;
}

/** A frame built by hand, with flags. */
export function frameOf(control: number, information = '', to = METER, format = 0xa0): Buffer {
  const body = Buffer.from(information, 'hex');
  const head = Buffer.from(`0000${to}${CLIENT}00`, 'hex');
  const length = head.length + (body.length > 0 ? body.length + 2 : 0) + 2;
  head.writeUInt16BE((format << 8) | length);
  head.writeUInt8(control, head.length - 1);
  const checked = (bytes: Buffer): Buffer => {
    const fcs = Buffer.alloc(2);
    fcs.writeUInt16LE(fcs16(bytes));
    return Buffer.concat([bytes, fcs]);
  };
  const content = body.length > 0 ? checked(Buffer.concat([checked(head), body])) : checked(head);
  return Buffer.concat([Buffer.from([0x7e]), content, Buffer.from([0x7e])]);
}

/** Connects; sets the link up and associates unless told not to. */
export async function hdlcClient(meter: SimulatedMeter, associate = true): Promise<HdlcClient> {
  const raw = await rawConnection(meter.address.ports.dlms);
  let sent = 0;
  let received = 0;

  async function receive(): Promise<MeterFrame> {
    const head = await raw.read(3);
    if (head[0] !== 0x7e || (head.readUInt16BE(1) & 0xf800) !== 0xa000) throw new Error(`Not a frame: ${hex(head)}`);
    const length = head.readUInt16BE(1) & 0x7ff;
    const rest = await raw.read(length - 2 + 1);
    const frame = Buffer.concat([head.subarray(1), rest.subarray(0, -1)]);
    if (rest.at(-1) !== 0x7e || frame.readUInt16LE(length - 2) !== fcs16(frame.subarray(0, -2))) throw new Error('FCS');
    if (hex(frame.subarray(2, 7)) !== `${CLIENT}${METER}`) throw new Error(`Not for us: ${hex(frame)}`);
    const information = length > 10 ? frame.subarray(10, -2) : Buffer.alloc(0);
    if (length > 10 && frame.readUInt16LE(8) !== fcs16(frame.subarray(0, 8))) throw new Error('HCS');
    if (information.length > 128) throw new Error(`${information.length} bytes of information`);
    return { control: frame.readUInt8(7), information };
  }

  const client: HdlcClient = {
    raw,
    send: (control, information, to) => raw.send(frameOf(control, information, to)),
    receive,
    async ask(apdu) {
      client.send((received << 5) | 0x10 | (sent << 1), `e6e600${apdu}`);
      sent = (sent + 1) & 7;
      const { control, information } = await receive();
      const expected = (sent << 5) | 0x10 | (received << 1);
      if (control !== expected) throw new Error(`Control ${control.toString(16)}, not ${expected.toString(16)}`);
      received = (received + 1) & 7;
      if (hex(information.subarray(0, 3)) !== 'e6e700') throw new Error(`No LLC: ${hex(information)}`);
      return information.subarray(3);
    },
  };
  if (associate) {
    client.send(0x93);
    const { control } = await receive();
    if (control !== 0x73) throw new Error(`No UA: ${control.toString(16)}`);
    await client.ask(AARQ);
  }
  return client;
}
