import type { PduHandler } from './pdu.ts';

const BROADCAST = 0;
const WRITE_MULTIPLE = 0x10;
/** The meter itself: 255 over TCP, 1 as the default unit of a serial port. */
const OWN_UNITS: ReadonlySet<number> = new Set([1, 255]);

/**
 * What the meter answers to a PDU for a unit: units 1 and 255 are the meter, unit 0 (broadcast) carries out function code 16 without an
 * answer, all others are silent.
 */
export function answerUnit(handle: PduHandler, unit: number, request: Buffer): Buffer | undefined {
  if (OWN_UNITS.has(unit)) return handle(request);
  if (unit === BROADCAST && request[0] === WRITE_MULTIPLE) handle(request);
  return undefined;
}
