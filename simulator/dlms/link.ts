import type { Session } from './session.ts';

/** A framing on a connection. */
export interface Link {
  /** Takes bytes as they come; false ends the connection. Calls must not overlap. */
  take(chunk: Buffer): Promise<boolean>;
}

export interface LinkParts {
  /** Makes the application layer; `maxPdu`: the longest APDU in either direction. */
  openSession(maxPdu: () => number): Session;
  /** Sends a frame, late when it is a block of a log: `since` is when its request came. Settles when more may be sent. */
  send(frame: Buffer, since?: number): Promise<void>;
}
