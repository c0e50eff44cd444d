import type { MeterAddress } from '../../meter/types.ts';

/** An answer of the network that is older is asked for again. */
const GOOD_FOR_MS = 120_000;

/** Device IDs that a review found free on the network of a meter: who agrees to that review soon is not made to wait for the same answer again. */
export interface FreeDeviceIds {
  note(address: MeterAddress, deviceId: number): void;
  /** True within two minutes of the answer. */
  isFree(address: MeterAddress, deviceId: number): boolean;
}

/** Remembers only that a number was free: one that was taken, or could not be asked for, is worth another question. */
export function createFreeDeviceIds(now: () => Date): FreeDeviceIds {
  const answers = new Map<string, number>();
  const key = ({ host, ports }: MeterAddress, deviceId: number): string => `${host} ${ports.bacnet} ${deviceId}`;
  return {
    note(address, deviceId) {
      answers.set(key(address, deviceId), now().getTime());
    },
    isFree(address, deviceId) {
      const at = answers.get(key(address, deviceId));
      if (at === undefined) return false;
      const age = now().getTime() - at;
      return age >= 0 && age <= GOOD_FOR_MS;
    },
  };
}
