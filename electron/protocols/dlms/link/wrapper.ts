import type { Line } from './line.ts';
import type { Link, LinkHandlers } from './link.ts';

/** Version, source wPort, destination wPort, length: two bytes each. IEC 62056-47, 5.2. */
const HEADER = 8;
const VERSION = 1;
const LARGEST = 65_535;

/** An APDU behind its wrapper header. */
export function wrap(source: number, destination: number, apdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER + apdu.length);
  const view = new DataView(frame.buffer);
  view.setUint16(0, VERSION);
  view.setUint16(2, source);
  view.setUint16(4, destination);
  view.setUint16(6, apdu.length);
  frame.set(apdu, HEADER);
  return frame;
}

/** The TCP wrapper of IEC 62056-47: there is nothing to open, and every byte has to be as expected. */
export function createWrapperLink(options: {
  readonly line: Line;
  readonly clientSap: number;
  readonly serverSap: number;
  readonly handlers: LinkHandlers;
}): Link {
  const { line, clientSap, serverSap, handlers } = options;
  let over = false;
  let pieces: Uint8Array[] = [];
  let held = 0;
  let needed = HEADER;

  function breakOff(kind: 'closed' | 'malformed', because: string): void {
    if (over) return;
    over = true;
    pieces = [];
    handlers.broken(kind, because);
  }

  /** Pieces are put together only once the frame is whole, so that a slow sender costs nothing. */
  function take(chunk: Uint8Array): void {
    pieces.push(chunk);
    held += chunk.length;
    while (!over && held >= needed) {
      const bytes = pieces.length === 1 ? (pieces[0] ?? chunk) : Buffer.concat(pieces);
      const fault = headerFault(bytes, clientSap, serverSap);
      if (fault !== undefined) {
        breakOff('malformed', fault);
        return;
      }
      const end = HEADER + uint16(bytes, 6);
      pieces = [bytes];
      needed = end;
      if (held < end) return;
      handlers.apdu(bytes.subarray(HEADER, end));
      held -= end;
      pieces = held === 0 ? [] : [bytes.subarray(end)];
      needed = HEADER;
    }
  }

  line.start({ data: (chunk) => !over && take(chunk), ended: (because) => breakOff('closed', because) });

  return {
    largestApdu: () => LARGEST,
    open: () => Promise.resolve(undefined),
    send: (apdu) => line.write(wrap(clientSap, serverSap, apdu)),
    close() {
      over = true;
      pieces = [];
      return line.close();
    },
  };
}

function headerFault(bytes: Uint8Array, clientSap: number, serverSap: number): string | undefined {
  if (uint16(bytes, 0) !== VERSION)
    return `a frame starts with version ${uint16(bytes, 0)}, which is not the TCP wrapper`;
  if (uint16(bytes, 2) !== serverSap || uint16(bytes, 4) !== clientSap) {
    return `a frame goes from ${uint16(bytes, 2)} to ${uint16(bytes, 4)}, not from ${serverSap} to ${clientSap}`;
  }
  return uint16(bytes, 6) === 0 ? 'a frame is empty' : undefined;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
