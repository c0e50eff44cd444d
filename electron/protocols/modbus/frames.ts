import { meterText } from './text.ts';

/** The three requests this client sends; addresses are wire addresses. */
export type ModbusRequest =
  | { readonly fc: 3; readonly address: number; readonly count: number }
  | { readonly fc: 16; readonly address: number; readonly values: readonly number[] }
  | { readonly fc: 43; readonly objectId: number };

/** What an answer is worth once it was checked against the request it claims to answer. */
export type Checked =
  | { readonly kind: 'good' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'malformed'; readonly because: string };

const GOOD: Checked = { kind: 'good' };
const MEI_IDENTIFICATION = 0x0e;
const READ_CODE_SINGLE = 0x04;
const HIGHEST_EXCEPTION = 0x0b;
/** Unit, function code, MEI type, read code, conformity, more follows, next object id, number of objects. */
const IDENTIFICATION_HEADER = 8;
/** Largest RTU frame: unit, PDU of 253 bytes, CRC. Modbus over Serial Line 1.02, 2.5.1. */
const LARGEST_RTU = 256;

/**
 * Checks an answer `body` (unit id, function code, data; no MBAP header, no CRC) byte by byte against its request.
 * Source: Modbus Application Protocol 1.1b3, 6.3, 6.12, 6.21 and 7.
 */
export function checkAnswer(request: ModbusRequest, unit: number, body: Uint8Array): Checked {
  if (body.length < 3) return malformed(`the answer has only ${body.length} bytes`);
  if (body[0] !== unit) return malformed(`unit ${body[0]} answered instead of unit ${unit}`);
  const fc = body[1];
  if (fc === (request.fc | 0x80)) return checkException(body);
  if (fc !== request.fc) return malformed(`the answer has function code ${fc} instead of ${request.fc}`);
  if (request.fc === 3) return checkRead(request.count, body);
  if (request.fc === 16) return checkWrite(request.address, request.values.length, body);
  return checkIdentification(request.objectId, body);
}

/**
 * Length of the RTU frame (CRC included) that starts in `bytes`, as far as the request and the bytes so far tell:
 * `undefined` means more bytes are needed, a text says why this cannot be the answer.
 */
export function rtuAnswerLength(request: ModbusRequest, unit: number, bytes: Uint8Array): number | string | undefined {
  if (bytes.length < 2) return undefined;
  if (bytes[0] !== unit) return `unit ${bytes[0]} answered instead of unit ${unit}`;
  if (bytes[1] === (request.fc | 0x80)) return 5;
  if (bytes[1] !== request.fc) return `the answer has function code ${bytes[1]} instead of ${request.fc}`;
  if (request.fc === 16) return 8;
  if (request.fc === 43) return rtuIdentificationLength(bytes);
  const size = bytes[2];
  if (size === undefined) return undefined;
  return size === request.count * 2 ? 5 + size : wrongByteCount(size, request.count);
}

function checkException(body: Uint8Array): Checked {
  const code = body[2] ?? 0;
  if (body.length !== 3) return malformed(`an exception answer has ${body.length} bytes instead of 3`);
  if (code < 1 || code > HIGHEST_EXCEPTION) return malformed(`exception code ${code} does not exist`);
  return { kind: 'exception', code };
}

function checkRead(count: number, body: Uint8Array): Checked {
  if (body[2] !== count * 2) return malformed(wrongByteCount(body[2] ?? 0, count));
  if (body.length !== 3 + count * 2) {
    return malformed(`the answer has ${body.length - 3} data bytes and announces ${count * 2}`);
  }
  return GOOD;
}

function checkWrite(address: number, count: number, body: Uint8Array): Checked {
  if (body.length !== 6) return malformed(`the answer to a write has ${body.length} bytes instead of 6`);
  if (word(body, 2) !== address || word(body, 4) !== count) {
    return malformed(`${word(body, 4)} registers from ${word(body, 2)} were confirmed, not ${count} from ${address}`);
  }
  return GOOD;
}

/** One object was asked for by read code 04; `more follows` is not followed, because one object cannot go on. */
function checkIdentification(objectId: number, body: Uint8Array): Checked {
  if (body.length < IDENTIFICATION_HEADER) return malformed('the identification ends inside its header');
  if (body[2] !== MEI_IDENTIFICATION) return malformed(`the answer has MEI type ${body[2]} instead of 14`);
  if (body[3] !== READ_CODE_SINGLE) return malformed(`the answer has read code ${body[3]} instead of 4`);
  if (body[7] !== 1) return malformed(`${body[7]} objects came although one was asked for`);
  if (body[8] !== objectId) return malformed(`object ${body[8] ?? 'none'} came instead of object ${objectId}`);
  const size = body[9] ?? 0;
  const start = IDENTIFICATION_HEADER + 2;
  if (body.length !== start + size) {
    return malformed(`object ${objectId} announces ${size} bytes and has ${Math.max(0, body.length - start)}`);
  }
  return { kind: 'text', text: meterText(body.subarray(start)) };
}

/** RTU frames carry no length, so the objects have to be walked before the CRC can be found. */
function rtuIdentificationLength(bytes: Uint8Array): number | string | undefined {
  const objects = bytes[7];
  if (objects === undefined) return undefined;
  let end = IDENTIFICATION_HEADER;
  for (let index = 0; index < objects; index += 1) {
    const size = bytes[end + 1];
    if (size === undefined) return undefined;
    end += 2 + size;
    if (end + 2 > LARGEST_RTU) return 'the identification is longer than a frame';
  }
  return end + 2;
}

function wrongByteCount(size: number, count: number): string {
  return `the answer announces ${size} data bytes, ${count} registers have ${count * 2}`;
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

function malformed(because: string): Checked {
  return { kind: 'malformed', because };
}
