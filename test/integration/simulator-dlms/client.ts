import type { SimulatedMeter } from '../../../simulator/types.ts';
import { type RawConnection, rawConnection } from '../simulator/bench.ts';

/** AARQ of a client without authentication; proposes everything the meter has and more. Source: Green Book, example. */
export const AARQ = '601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0';
/** The same with the secret "00000000". */
export const AARQ_LLS =
  '6036A1090607608574050801018A0207808B0760857405080201AC0A80083030303030303030BE10040E01000000065F1F0400007E1F04B0';

/** A decoded value: numbers, texts, lists, null; octet strings as hex. */
export type Decoded = number | bigint | string | boolean | null | readonly Decoded[];

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Decodes one value that fills the bytes; throws on anything else. */
export function decode(bytes: Buffer): Decoded {
  const { value, end } = decodeAt(bytes, 0);
  if (end !== bytes.length) throw new Error(`${bytes.length - end} bytes too many`);
  return value;
}

function lengthAt(bytes: Buffer, at: number): { readonly length: number; readonly end: number } {
  const first = bytes.readUInt8(at);
  if (first < 0x80) return { length: first, end: at + 1 };
  const size = first & 0x7f;
  return { length: bytes.readUIntBE(at + 1, size), end: at + 1 + size };
}

function decodeAt(bytes: Buffer, at: number): { readonly value: Decoded; readonly end: number } {
  const tag = bytes.readUInt8(at);
  const start = at + 1;
  switch (tag) {
    case 0:
      return { value: null, end: start };
    case 1:
    case 2: {
      const { length, end } = lengthAt(bytes, start);
      const items: Decoded[] = [];
      let position = end;
      for (let index = 0; index < length; index += 1) {
        const item = decodeAt(bytes, position);
        items.push(item.value);
        position = item.end;
      }
      return { value: items, end: position };
    }
    case 3:
      return { value: bytes.readUInt8(start) !== 0, end: start + 1 };
    case 4: {
      const { length, end } = lengthAt(bytes, start);
      const size = Math.ceil(length / 8);
      return { value: hex(bytes.subarray(end, end + size)), end: end + size };
    }
    case 5:
      return { value: bytes.readInt32BE(start), end: start + 4 };
    case 6:
      return { value: bytes.readUInt32BE(start), end: start + 4 };
    case 9:
    case 10: {
      const { length, end } = lengthAt(bytes, start);
      const content = bytes.subarray(end, end + length);
      return { value: tag === 9 ? hex(content) : content.toString('latin1'), end: end + length };
    }
    case 15:
      return { value: bytes.readInt8(start), end: start + 1 };
    case 16:
      return { value: bytes.readInt16BE(start), end: start + 2 };
    case 17:
    case 22:
      return { value: bytes.readUInt8(start), end: start + 1 };
    case 18:
      return { value: bytes.readUInt16BE(start), end: start + 2 };
    case 23:
      return { value: bytes.readFloatBE(start), end: start + 4 };
    default:
      throw new Error(`Unexpected tag ${tag} at ${at}`);
  }
}

/** Six bytes of "1-0:99.1.0*255" as hex. */
export function obisHex(text: string): string {
  return hex(Buffer.from((text.match(/\d+/g) ?? []).map(Number)));
}

/** GET-request-normal. */
export function getRequest(classId: number, name: string, attribute: number, selection = ''): string {
  const head = Buffer.from([0xc0, 1, 0xc1, classId >> 8, classId & 0xff]).toString('hex');
  const number = Buffer.from([attribute]).toString('hex');
  return `${head}${obisHex(name)}${number}${selection === '' ? '00' : `01${selection}`}`;
}

export function nextRequest(block: number): string {
  return `c002c1${block.toString(16).padStart(8, '0')}`;
}

/** Selector 2. */
export function entries(from: number, to: number, fromColumn = 1, toColumn = 0): string {
  const long = (value: number): string => `06${value.toString(16).padStart(8, '0')}`;
  const short = (value: number): string => `12${value.toString(16).padStart(4, '0')}`;
  return `020204${long(from)}${long(to)}${short(fromColumn)}${short(toColumn)}`;
}

/** A capture object as a value. */
export function captureHex(classId: number, name: string, attribute = 2): string {
  const number = classId.toString(16).padStart(4, '0');
  return `020412${number}0906${obisHex(name)}0f${attribute.toString(16).padStart(2, '0')}120000`;
}

/** Selector 1 on the clock; `columns` are capture objects, none = all. */
export function range(from: Date, to: Date, columns: readonly string[] = []): string {
  const clock = captureHex(8, '0-0:1.0.0*255');
  const list = `01${columns.length.toString(16).padStart(2, '0')}${columns.join('')}`;
  return `010204${clock}090c${dateTimeHex(from)}090c${dateTimeHex(to)}${list}`;
}

export function dateTimeHex(date: Date, deviation = '0000'): string {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt16BE(date.getUTCFullYear());
  bytes.set([date.getUTCMonth() + 1, date.getUTCDate(), 0xff], 2);
  bytes.set([date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), 0xff], 5);
  return `${hex(bytes)}${deviation}00`;
}

/** Milliseconds since 1970 of 12 bytes in UTC. */
export function timeOf(value: Decoded | undefined): number {
  const bytes = Buffer.from(String(value), 'hex');
  if (bytes.length !== 12) throw new Error(`Not a time: ${String(value)}`);
  const [month = 0, day = 0, , hour = 0, minute = 0, second = 0, hundredths = 0] = bytes.subarray(2);
  return Date.UTC(bytes.readUInt16BE(), month - 1, day, hour, minute, second, hundredths * 10);
}

/** A connection with the TCP wrapper. */
export interface TestClient {
  readonly raw: RawConnection;
  /** Sends an APDU (hex) and gives the answer. */
  ask(apdu: string): Promise<Buffer>;
  /** GET, with all its blocks; `blocks` gets the size of each raw block. */
  get(classId: number, name: string, attribute: number, selection?: string, blocks?: number[]): Promise<Decoded>;
}

/** Connects, and associates with `aarq` unless it is empty. */
export async function wrapperClient(meter: SimulatedMeter, client = 16, aarq = AARQ): Promise<TestClient> {
  const raw = await rawConnection(meter.address.ports.dlms);
  const ask = async (apdu: string): Promise<Buffer> => {
    raw.send(wrapped(apdu, client));
    const head = await raw.read(8);
    const expected = `00010001${client.toString(16).padStart(4, '0')}`;
    if (hex(head.subarray(0, 6)) !== expected) throw new Error(`Not a header for this client: ${hex(head)}`);
    return raw.read(head.readUInt16BE(6));
  };
  const get: TestClient['get'] = async (classId, name, attribute, selection, blocks) =>
    decode(await collect(ask, getRequest(classId, name, attribute, selection), blocks));
  if (aarq !== '') {
    const answer = await ask(aarq);
    if (!hex(answer).includes('a203020100a305a103020100')) throw new Error(`Refused: ${hex(answer)}`);
  }
  return { raw, ask, get };
}

export function wrapped(apdu: string, client = 16, server = 1): Buffer {
  const body = Buffer.from(apdu, 'hex');
  const head = Buffer.alloc(8);
  head.writeUInt16BE(1, 0);
  head.writeUInt16BE(client, 2);
  head.writeUInt16BE(server, 4);
  head.writeUInt16BE(body.length, 6);
  return Buffer.concat([head, body]);
}

/** The value of a GET as bytes; throws on a result other than data. */
export async function collect(
  ask: (apdu: string) => Promise<Buffer>,
  request: string,
  blocks: number[] = [],
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let answer = await ask(request);
  for (let number = 1; ; number += 1) {
    if (hex(answer.subarray(0, 4)) === 'c401c100') return answer.subarray(4);
    const head = hex(answer.subarray(0, 3));
    if (head !== 'c402c1' || answer.readUInt32BE(4) !== number || answer[8] !== 0) throw new Error(hex(answer));
    const { length, end } = lengthAt(answer, 9);
    if (answer.length !== end + length) throw new Error('The length of the block is wrong');
    blocks.push(length);
    pieces.push(answer.subarray(end));
    if (answer[3] === 1) return Buffer.concat(pieces);
    answer = await ask(nextRequest(number));
  }
}

/** The slot of the connection before is free as soon as the meter saw its end. */
export async function connectAgain<T>(connect: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await connect();
    } catch (thrown) {
      if (attempt === 50) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
