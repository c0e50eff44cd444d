import type { Link, LinkParts } from './link.ts';

/** Version, source port, destination port and length, 16 bits each. Source: IEC 62056-47. */
const HEADER_SIZE = 8;
const VERSION = 1;
/** The management logical device, the only one. */
const SERVER = 1;
/** The longest APDU of the meter over TCP. Provenance: simulated. */
const MAX_PDU = 1024;

/** The TCP wrapper. A wrong version or a length that no APDU of a client has ends the connection: the boundaries are lost. */
export function createWrapperLink({ openSession, send }: LinkParts): Link {
  const session = openSession(() => MAX_PDU);
  let pending: Buffer = Buffer.alloc(0);
  return {
    async take(chunk) {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= HEADER_SIZE) {
        const length = pending.readUInt16BE(6);
        if (pending.readUInt16BE(0) !== VERSION || length === 0 || length > MAX_PDU) return false;
        const end = HEADER_SIZE + length;
        if (pending.length < end) break;
        const client = pending.readUInt16BE(2);
        const server = pending.readUInt16BE(4);
        const apdu = pending.subarray(HEADER_SIZE, end);
        pending = pending.subarray(end);
        // There is nobody else to answer.
        if (server !== SERVER) continue;
        const since = performance.now();
        const answer = await session.answer(apdu, client);
        const head = Buffer.alloc(HEADER_SIZE);
        head.writeUInt16BE(VERSION, 0);
        head.writeUInt16BE(SERVER, 2);
        head.writeUInt16BE(client, 4);
        head.writeUInt16BE(answer.apdu.length, 6);
        await send(Buffer.concat([head, answer.apdu]), answer.slow ? since : undefined);
      }
      return true;
    },
  };
}
