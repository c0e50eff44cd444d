import { isBracket, readTag, smallUnsigned } from './tags.ts';

/** What a device sends, as far as a reader has to do with it. Source: ANSI/ASHRAE 135, clause 20.1. */
export type Apdu =
  | { readonly kind: 'unconfirmed'; readonly service: number; readonly body: Uint8Array }
  | Reply
  | { readonly kind: 'other' };

/** Ends a confirmed request. */
export type Reply =
  | { readonly kind: 'simple-ack'; readonly invokeId: number; readonly service: number }
  | {
      readonly kind: 'ack';
      readonly invokeId: number;
      readonly service: number;
      readonly segmented: boolean;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'error';
      readonly invokeId: number;
      readonly service: number;
      readonly errorClass: number;
      readonly errorCode: number;
    }
  | { readonly kind: 'reject'; readonly invokeId: number; readonly reason: number }
  | { readonly kind: 'abort'; readonly invokeId: number; readonly reason: number };

/** Takes an APDU apart, or says what is wrong with it. Reject and Abort stay apart: their reasons have the same numbers. */
export function readApdu(bytes: Uint8Array): Apdu | string {
  const [first = 0, second, third] = bytes;
  const cutOff = `a message of ${bytes.length} bytes is cut off`;
  switch (first >> 4) {
    case 1:
      return second === undefined ? cutOff : { kind: 'unconfirmed', service: second, body: bytes.subarray(2) };
    case 2:
      if (second === undefined || third === undefined) return cutOff;
      return { kind: 'simple-ack', invokeId: second, service: third };
    case 3: {
      const segmented = (first & 0x08) !== 0;
      const service = bytes[segmented ? 4 : 2];
      if (second === undefined || service === undefined) return cutOff;
      return { kind: 'ack', invokeId: second, service, segmented, body: bytes.subarray(segmented ? 5 : 3) };
    }
    case 5: {
      if (second === undefined || third === undefined) return cutOff;
      const error = readError(bytes, 3) ?? readWrappedError(bytes, 3);
      return error === undefined
        ? 'an error without its class and code'
        : { kind: 'error', invokeId: second, service: third, ...error };
    }
    case 6:
      return second === undefined || third === undefined ? cutOff : { kind: 'reject', invokeId: second, reason: third };
    case 7:
      return second === undefined || third === undefined ? cutOff : { kind: 'abort', invokeId: second, reason: third };
    case 0:
    case 4:
      // Requests to us and acknowledgements of segments, of which this reader sends none: somebody else's business.
      return { kind: 'other' };
    default:
      return `PDU type ${first >> 4} does not exist`;
  }
}

export interface BacnetFault {
  readonly errorClass: number;
  readonly errorCode: number;
}

/** Class and code at `at`, both enumerated. */
export function readError(bytes: Uint8Array, at: number): BacnetFault | undefined {
  const first = readTag(bytes, at);
  const second = first === undefined ? undefined : readTag(bytes, first.end);
  if (first?.form !== 'application' || first.number !== 9) return undefined;
  if (second?.form !== 'application' || second.number !== 9) return undefined;
  const errorClass = smallUnsigned(bytes, first);
  const errorCode = smallUnsigned(bytes, second);
  return errorClass === undefined || errorCode === undefined ? undefined : { errorClass, errorCode };
}

/** Some services put their error into the brackets of a context tag 0, 135, clause 21. */
function readWrappedError(bytes: Uint8Array, at: number): BacnetFault | undefined {
  return isBracket(bytes, at, 'opening', 0) ? readError(bytes, at + 1) : undefined;
}
