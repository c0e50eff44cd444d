import { EXCEPTION, exception } from './exception.ts';

/** Objects of Read Device Identification: id 0..255 -> text. */
export type Identification = ReadonlyMap<number, string>;

const FUNCTION_CODE = 0x2b;
const MEI_TYPE = 0x0e;
/** Highest object id of the basic (01) and regular (02) categories. Source: Modbus Application Protocol 1.1b3, 6.21. */
const BASIC_LAST = 0x02;
const REGULAR_LAST = 0x7f;
const INDIVIDUAL = 0x04;
/** Regular identification, stream and individual access. */
const CONFORMITY = 0x82;
const MAX_PDU = 253;
const HEADER_SIZE = 7;

/**
 * Function code 43/14 (Modbus Application Protocol 1.1b3, 6.21). Stream access (codes 01, 02; 03 is answered as 02 because that is the
 * conformity level) gives whole objects from the asked id on, or from the first when that id is not there, and says what follows when they
 * do not fit into `maxPdu` bytes. Individual access (04) to an object that is not there is exception 02; another code is 03; another MEI type 01.
 */
export function readIdentification(request: Buffer, objects: Identification, maxPdu = MAX_PDU): Buffer {
  if (request[1] !== MEI_TYPE) return exception(FUNCTION_CODE, EXCEPTION.illegalFunction);
  const [, , code = 0, asked = 0] = request;
  if (request.length !== 4 || code < 1 || code > INDIVIDUAL) return exception(FUNCTION_CODE, EXCEPTION.illegalValue);
  if (code === INDIVIDUAL) {
    const text = objects.get(asked);
    if (text === undefined) return exception(FUNCTION_CODE, EXCEPTION.illegalAddress);
    return response(code, undefined, [[asked, text]], maxPdu);
  }
  const last = code === 1 ? BASIC_LAST : REGULAR_LAST;
  const category = [...objects].filter(([id]) => id <= last).sort(([a], [b]) => a - b);
  const from = Math.max(
    category.findIndex(([id]) => id === asked),
    0,
  );
  const fitting: [number, string][] = [];
  let size = HEADER_SIZE;
  for (const [id, text] of category.slice(from)) {
    const objectSize = 2 + Buffer.byteLength(text);
    if (fitting.length > 0 && size + objectSize > maxPdu) break;
    fitting.push([id, text]);
    size += objectSize;
  }
  return response(code, category[from + fitting.length]?.[0], fitting, maxPdu);
}

function response(
  code: number,
  next: number | undefined,
  objects: readonly (readonly [number, string])[],
  maxPdu: number,
): Buffer {
  const head = [FUNCTION_CODE, MEI_TYPE, code, CONFORMITY, next === undefined ? 0 : 0xff, next ?? 0, objects.length];
  const body = objects.map(([id, text]) => {
    const bytes = Buffer.from(text, 'utf8').subarray(0, maxPdu - HEADER_SIZE - 2);
    return Buffer.concat([Buffer.from([id, bytes.length]), bytes]);
  });
  return Buffer.concat([Buffer.from(head), ...body]);
}
