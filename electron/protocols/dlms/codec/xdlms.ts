import type { CosemAttribute, ProfileSelection } from '../types.ts';
import { encodeSelection, encodeValue, joined } from './axdr-write.ts';
import { AxdrFault, cursorOver, readLength, SHORT } from './cursor.ts';
import { obisBytes } from './obis.ts';
import { decodeServiceError, type ServiceError } from './service-error.ts';
import type { CosemValue } from './values.ts';

/** High priority and confirmed, in front of the four bits of the id. Green Book 9.3.6. */
const PRIORITY = 0xc0;

/** What an APDU of a meter says in answer to a GET or SET. Data are the bytes of the answer itself, not copies. */
export type Reply =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'block'; readonly last: boolean; readonly number: number; readonly data: Uint8Array }
  /** A data-access-result: 0 is success, which only a SET has. */
  | { readonly kind: 'result'; readonly result: number }
  | { readonly kind: 'exception'; readonly state: number; readonly service: number }
  | { readonly kind: 'service-error'; readonly error: ServiceError }
  | { readonly kind: 'malformed'; readonly because: string };

/** GET-Request-Normal, Green Book 9.5. Throws a RangeError when a number is out of range. */
export function encodeGet(id: number, attribute: CosemAttribute, selection: ProfileSelection): Uint8Array {
  return joined([Uint8Array.of(0xc0, 0x01, PRIORITY | id), attributeBytes(attribute), encodeSelection(selection)]);
}

/** GET-Request-Next: asks for the block after `block`. */
export function encodeGetNext(id: number, block: number): Uint8Array {
  const apdu = Uint8Array.of(0xc0, 0x02, PRIORITY | id, 0, 0, 0, 0);
  new DataView(apdu.buffer).setUint32(3, block);
  return apdu;
}

/** SET-Request-Normal without selective access. Throws a RangeError when a number is out of range. */
export function encodeSet(id: number, attribute: CosemAttribute, value: CosemValue): Uint8Array {
  const head = Uint8Array.of(0xc1, 0x01, PRIORITY | id);
  return joined([head, attributeBytes(attribute), Uint8Array.of(0), encodeValue(value)]);
}

/** Reads the answer to the request with this id. Never throws. */
export function decodeReply(apdu: Uint8Array, asked: 'get' | 'set', id: number): Reply {
  const [tag, choice, invoke] = apdu;
  if (tag === 0xd8) {
    if (apdu.length !== 3) return malformed('an exception response has a wrong length');
    return { kind: 'exception', state: choice ?? 0, service: invoke ?? 0 };
  }
  if (tag === 0x0e) {
    const error = decodeServiceError(apdu);
    return error === undefined ? malformed('a service error is cut') : { kind: 'service-error', error };
  }
  if (tag !== (asked === 'get' ? 0xc4 : 0xc5)) return malformed(`an answer has the tag ${tag ?? 'of nothing'}`);
  if (invoke === undefined || (invoke & 0x0f) !== id) return malformed('an answer belongs to another request');
  if (asked === 'set') {
    if (choice !== 1 || apdu.length !== 4) return malformed('the answer to a SET has another form');
    return { kind: 'result', result: apdu[3] ?? 0 };
  }
  if (choice === 1) return decodeNormal(apdu);
  return choice === 2 ? decodeBlock(apdu) : malformed('the answer to a GET has another form');
}

function decodeNormal(apdu: Uint8Array): Reply {
  if (apdu[3] === 0) return { kind: 'data', data: apdu.subarray(4) };
  return refusal(apdu, 3);
}

function decodeBlock(apdu: Uint8Array): Reply {
  if (apdu.length < 10) return malformed('a block is cut');
  if (apdu[8] !== 0) return refusal(apdu, 8);
  const number = new DataView(apdu.buffer, apdu.byteOffset, apdu.byteLength).getUint32(4);
  const cursor = cursorOver(apdu, 0);
  cursor.at = 9;
  try {
    const length = readLength(cursor);
    if (length !== apdu.length - cursor.at) return malformed('the length of a block is not that of its data');
  } catch (thrown) {
    if (thrown !== SHORT && !(thrown instanceof AxdrFault)) throw thrown;
    return malformed('the length of a block cannot be read');
  }
  return { kind: 'block', last: apdu[3] !== 0, number, data: apdu.subarray(cursor.at) };
}

/** `01` and the data-access-result, at the end of the APDU. */
function refusal(apdu: Uint8Array, at: number): Reply {
  const result = apdu[at + 1];
  if (apdu[at] !== 1 || result === undefined || result === 0 || apdu.length !== at + 2) {
    return malformed('a GET was answered neither with data nor with a reason');
  }
  return { kind: 'result', result };
}

function attributeBytes(attribute: CosemAttribute): Uint8Array {
  const { classId, attribute: number } = attribute;
  if (!Number.isInteger(classId) || classId < 0 || classId > 0xffff) throw new RangeError('a class id is 0 to 65535');
  if (!Number.isInteger(number) || number < -128 || number > 127) throw new RangeError('an attribute is -128 to 127');
  return joined([Uint8Array.of(classId >> 8, classId & 0xff), obisBytes(attribute.obis), Uint8Array.of(number & 0xff)]);
}

function malformed(because: string): Reply {
  return { kind: 'malformed', because };
}
