/** How something failed below the meaning of a request. `sent`: at least part of it was on its way. */
export interface Failure {
  readonly kind: 'timeout' | 'closed' | 'malformed' | 'aborted';
  readonly because: string;
  readonly sent: boolean;
}

/** Carries whole APDUs between one client and one logical device, over a line that it owns. */
export interface Link {
  /** Largest APDU that fits, in bytes. Known once the link is open. */
  largestApdu(): number;
  /** Makes the data link, where there is one to make: SNRM and UA. Resolves with why it was not made. Called once, before `send`. */
  open(signal: AbortSignal | undefined): Promise<Failure | undefined>;
  /** One APDU; the next one only after an answer was reported. */
  send(apdu: Uint8Array): void;
  /** Idempotent; leaves the data link (DISC), then releases the line. Nothing is reported any more. */
  close(): Promise<void>;
}

export interface LinkHandlers {
  /** The bytes are valid until the handler returns to the event loop and are not written to afterwards. */
  apdu(apdu: Uint8Array): void;
  /** Called at most once. */
  broken(kind: 'closed' | 'malformed', because: string): void;
}
