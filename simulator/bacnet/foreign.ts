import { FOREIGN_STATUS, type ForeignStatus } from '../settings/types.ts';
import { BVLC, bvlc, type Peer } from './frame.ts';

/** A BBMD that does not answer is asked again after so long, milliseconds. */
const RETRY_MS = 2000;

export interface ForeignParts {
  /** Time-to-live that is asked for, seconds 2..65,535. */
  readonly seconds: number;
  send(frame: Buffer, to: Peer): void;
  /** Called when the first registration with a BBMD has succeeded. */
  registered(): void;
}

/** Registration of the meter with a BBMD as a foreign device. Source: ANSI/ASHRAE 135, Annex J.5. */
export interface ForeignRegistration {
  readonly status: ForeignStatus;
  /** The BBMD that the meter registers with; undefined = none, which ends a registration by letting it run out. */
  start(bbmd: Peer | undefined): void;
  /** A BVLC-Result came. */
  result(code: Buffer, from: Peer): void;
}

export function createForeignRegistration({ seconds, send, registered }: ForeignParts): ForeignRegistration {
  let bbmd: Peer | undefined;
  let status: ForeignStatus = FOREIGN_STATUS.off;
  let timer: NodeJS.Timeout | undefined;

  function ask(): void {
    if (bbmd === undefined) return;
    send(bvlc(BVLC.registerForeign, Buffer.from([seconds >> 8, seconds & 0xff])), bbmd);
    again(RETRY_MS);
  }

  function again(milliseconds: number): void {
    clearTimeout(timer);
    timer = setTimeout(ask, milliseconds);
    timer.unref();
  }

  return {
    get status() {
      return status;
    },
    start(to) {
      clearTimeout(timer);
      bbmd = to;
      status = to === undefined ? FOREIGN_STATUS.off : FOREIGN_STATUS.waiting;
      ask();
    },
    result(code, from) {
      if (bbmd === undefined || from.address !== bbmd.address || from.port !== bbmd.port || code.length !== 2) return;
      if (code.readUInt16BE() !== 0) {
        status = FOREIGN_STATUS.refused;
        return;
      }
      const first = status !== FOREIGN_STATUS.registered;
      status = FOREIGN_STATUS.registered;
      again(seconds * 500);
      if (first) registered();
    },
  };
}
