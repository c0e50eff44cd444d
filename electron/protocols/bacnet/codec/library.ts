import { EventEmitter } from 'node:events';
import type Bacstack from 'bacstack';
import type { PropertyReference } from '../types.ts';

/** Writes the requests that bacstack writes well, as bare APDUs. Invoke ids are 1..255, because 0 cannot be handed to the library. */
export interface RequestWriter {
  whoIs(limits: { readonly low: number; readonly high: number } | undefined): Uint8Array;
  readProperty(invokeId: number, reference: PropertyReference): Uint8Array;
  /** References of one object that follow each other share its name. Throws a RangeError beyond {@link LARGEST_APDU} bytes. */
  readMultiple(invokeId: number, references: readonly PropertyReference[]): Uint8Array;
}

/** Bytes; what Annex J carries in one datagram. */
export const LARGEST_APDU = 1476;
/** BVLC and NPDU as the library writes them; its own BVLC says unicast even for a broadcast, so both are written anew. */
const HEADERS = 6;
const FIRST_BYTE = 0;
const LIMITS_BYTE = 1;
/** No segments, answers of up to 1476 bytes. Source: ANSI/ASHRAE 135, clause 20.1.2.4 and 20.1.2.5. */
const NO_SEGMENTS_1476 = 0x05;
/** "I take segmented answers", which the library always says and cannot do for two devices at once. */
const SEGMENTED_ACCEPTED = 0x02;

/**
 * bacstack behind a transport that keeps what it would send. It is used for what it does right, the encoding of Who-Is, ReadProperty and
 * ReadPropertyMultiple, and it never sees a byte from the network: its decoders throw on lengths they do not expect and shift dates, it
 * pairs answers by invoke id alone, mixes the segments of two devices, and hands out the address of the BBMD for that of the device. For the same
 * reason its record of each request is closed at once, with an Abort made here; time-outs and retries are kept by this client.
 */
function createRequestWriter(Library: typeof Bacstack): RequestWriter {
  let caught: Uint8Array | undefined;
  const transport = Object.assign(new EventEmitter(), {
    getBroadcastAddress: () => '',
    getMaxPayload: () => HEADERS + LARGEST_APDU,
    send(buffer: Uint8Array, length: number) {
      caught = Uint8Array.prototype.slice.call(buffer, HEADERS, length);
    },
    open() {
      // There is nothing to open.
    },
    close() {
      // There is nothing to close.
    },
  });
  const library = new Library({ transport });

  function written(write: () => void): Uint8Array {
    caught = undefined;
    write();
    if (caught === undefined) throw new Error('bacstack wrote nothing');
    return caught;
  }

  function confirmed(invokeId: number, write: () => void): Uint8Array {
    const apdu = written(write);
    transport.emit('message', abortOf(invokeId), '');
    apdu[FIRST_BYTE] = (apdu[FIRST_BYTE] ?? 0) & ~SEGMENTED_ACCEPTED;
    apdu[LIMITS_BYTE] = NO_SEGMENTS_1476;
    return apdu;
  }

  return {
    whoIs: (limits) =>
      written(() => library.whoIs(limits === undefined ? {} : { lowLimit: limits.low, highLimit: limits.high })),
    readProperty: (invokeId, { object, property, arrayIndex }) =>
      confirmed(invokeId, () => {
        const options = arrayIndex === undefined ? { invokeId } : { invokeId, arrayIndex: indexOf(arrayIndex) };
        library.readProperty('', object, property, options, ignored);
      }),
    readMultiple: (invokeId, references) =>
      confirmed(invokeId, () => library.readPropertyMultiple('', grouped(references), { invokeId }, ignored)),
  };
}

/** Loads the library with the first client, because it brings tables of character sets along. */
export async function loadRequestWriter(): Promise<RequestWriter> {
  const { default: Library } = await import('bacstack');
  return createRequestWriter(Library);
}

/** The library calls back with the Abort that closes its record. */
function ignored(): void {
  // The answer of the device goes another way.
}

/** An Abort by the server, as a whole frame. */
function abortOf(invokeId: number): Buffer {
  return Buffer.from([0x81, 0x0a, 0, 9, 1, 0, 0x71, invokeId, 0]);
}

/** `0 || everything` is everything, so a zero goes in as a text. */
function indexOf(index: number): number | '0' {
  return index === 0 ? '0' : index;
}

function grouped(references: readonly PropertyReference[]) {
  const groups: {
    readonly objectId: PropertyReference['object'];
    readonly properties: { readonly id: number; readonly index?: number | '0' }[];
  }[] = [];
  for (const { object, property, arrayIndex } of references) {
    let group = groups.at(-1);
    if (group?.objectId.type !== object.type || group.objectId.instance !== object.instance) {
      group = { objectId: object, properties: [] };
      groups.push(group);
    }
    group.properties.push(arrayIndex === undefined ? { id: property } : { id: property, index: indexOf(arrayIndex) });
  }
  return groups;
}
