import type { MapView } from '../modbus/row.ts';
import { type BacnetObject, NO_SEGMENTATION, SERVICE, VENDOR_ID } from './objects.ts';
import {
  createObjectTable,
  type ObjectTable,
  REJECT,
  readProperty,
  readPropertyMultiple,
  type ServiceResult,
} from './read.ts';
import { enumerated, numberOf, objectId, objectIdOf, readTag, type Tag, text, textOf, unsigned } from './tags.ts';

/** Types of APDUs. Source: ANSI/ASHRAE 135, 20.1. */
const PDU = { confirmed: 0, unconfirmed: 1, complexAck: 3, error: 5, reject: 6, abort: 7 } as const;
const SEGMENTED = 0x08;
const FROM_SERVER = 1;
/** Source: ANSI/ASHRAE 135, BACnetAbortReason. */
const SEGMENTATION_NOT_SUPPORTED = 4;
/** Numbers of unconfirmed services. Source: ANSI/ASHRAE 135, 21. */
const UNCONFIRMED = { iAm: 0, iHave: 1, whoHas: 7, whoIs: 8 } as const;
/** Octets that a client accepts, by the low half of the second octet. Source: ANSI/ASHRAE 135, 20.1.2.5. */
const SIZES = [50, 128, 206, 480, 1024, 1476] as const;
/** The longest APDU of BACnet/IP. Source: ANSI/ASHRAE 135, Annex J. */
export const LARGEST_APDU = 1476;

export interface DeviceParts {
  readonly objects: () => readonly [BacnetObject, ...BacnetObject[]];
  readonly view: () => MapView;
  readonly readMultiple: boolean;
  readonly maxApdu: number;
}

/** The application layer of the meter. */
export interface Device {
  /** The answer to an APDU; undefined when there is none. `broadcast` is true when it was sent to everybody: confirmed requests are then none of it. */
  answer(apdu: Buffer, broadcast: boolean): Buffer | undefined;
  /** The I-Am of this device. */
  iAm(): Buffer;
}

export function createDevice({ objects, view, readMultiple, maxApdu }: DeviceParts): Device {
  let table: (ObjectTable & { readonly objects: readonly BacnetObject[] }) | undefined;

  function iAm(): Buffer {
    const [device] = objects();
    return Buffer.concat([
      Buffer.from([PDU.unconfirmed << 4, UNCONFIRMED.iAm]),
      objectId(device.id),
      unsigned(maxApdu),
      enumerated(NO_SEGMENTATION),
      unsigned(VENDOR_ID),
    ]);
  }

  function whoIs(content: Buffer): Buffer | undefined {
    const [device] = objects();
    const range = readRange(content);
    return range?.rest.length === 0 && range.covers(device.id.instance) ? iAm() : undefined;
  }

  function whoHas(content: Buffer): Buffer | undefined {
    const [device, ...others] = objects();
    const range = readRange(content);
    if (range === undefined || !range.covers(device.id.instance)) return undefined;
    const tag = readTag(range.rest, 0);
    if (tag?.kind !== 'context' || tag.next !== range.rest.length) return undefined;
    const found = [device, ...others].find((object) => isMeant(object, tag));
    if (found === undefined) return undefined;
    return Buffer.concat([
      Buffer.from([PDU.unconfirmed << 4, UNCONFIRMED.iHave]),
      objectId(device.id),
      objectId(found.id),
      text(found.name),
    ]);
  }

  function confirmed(apdu: Buffer): Buffer | undefined {
    const [first = 0, limits = 0, invokeId] = apdu;
    if (invokeId === undefined) return undefined;
    const abort = Buffer.from([(PDU.abort << 4) | FROM_SERVER, invokeId, SEGMENTATION_NOT_SUPPORTED]);
    if ((first & SEGMENTED) !== 0) return abort;
    const service = apdu[3];
    if (service === undefined) return undefined;
    const result = execute(service, apdu.subarray(4));
    switch (result.kind) {
      case 'reject':
        return Buffer.from([PDU.reject << 4, invokeId, result.reason]);
      case 'error':
        return Buffer.concat([
          Buffer.from([PDU.error << 4, invokeId, service]),
          enumerated(result.error.class),
          enumerated(result.error.code),
        ]);
      case 'ack': {
        const answer = Buffer.concat([Buffer.from([PDU.complexAck << 4, invokeId, service]), result.content]);
        return answer.length > Math.min(maxApdu, SIZES[limits & 0x0f] ?? LARGEST_APDU) ? abort : answer;
      }
    }
  }

  function execute(service: number, request: Buffer): ServiceResult {
    const now = objects();
    if (table?.objects !== now) table = { objects: now, ...createObjectTable(now, now[0]) };
    if (service === SERVICE.readProperty) return readProperty(request, table, view);
    if (service === SERVICE.readPropertyMultiple && readMultiple) return readPropertyMultiple(request, table, view);
    return { kind: 'reject', reason: REJECT.unrecognizedService };
  }

  return {
    iAm,
    answer(apdu, broadcast) {
      const type = (apdu[0] ?? 0) >> 4;
      if (type === PDU.confirmed) return broadcast ? undefined : confirmed(apdu);
      if (type !== PDU.unconfirmed) return undefined;
      if (apdu[1] === UNCONFIRMED.whoIs) return whoIs(apdu.subarray(2));
      if (apdu[1] === UNCONFIRMED.whoHas) return whoHas(apdu.subarray(2));
      return undefined;
    },
  };
}

/** Context tags 0 and 1, both or none: lowest and highest device instance. Undefined when they are not in order. */
function readRange(
  content: Buffer,
): { readonly rest: Buffer; readonly covers: (instance: number) => boolean } | undefined {
  const low = readTag(content, 0);
  if (low?.kind !== 'context' || low.number !== 0) return { rest: content, covers: () => true };
  const high = readTag(content, low.next);
  if (high?.kind !== 'context' || high.number !== 1) return undefined;
  const least = numberOf(low.content);
  const most = numberOf(high.content);
  if (least === undefined || most === undefined || least > most) return undefined;
  return { rest: content.subarray(high.next), covers: (instance) => instance >= least && instance <= most };
}

/** Who-Has names an object by its identifier (context tag 2) or by its name (3). */
function isMeant({ id, name }: BacnetObject, tag: Tag): boolean {
  if (tag.number === 3) return textOf(tag.content) === name;
  if (tag.number !== 2) return false;
  const wanted = objectIdOf(tag.content);
  return wanted?.type === id.type && wanted.instance === id.instance;
}
