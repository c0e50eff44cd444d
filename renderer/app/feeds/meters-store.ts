import { create } from 'zustand';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { FirmwareVersion } from '../../../shared/domain/firmware-version.ts';

interface MetersState {
  readonly meters: readonly ListedMeter[];
  /** False until the engine has sent the list over the present connection. */
  readonly known: boolean;
  /** The newest firmware that the engine knows of. */
  readonly newestFirmware: FirmwareVersion | null;
}

/** The meters that this laptop knows, as the engine tells it. */
export const useMeters = create<MetersState>(() => ({ meters: [], known: false, newestFirmware: null }));

/** What a meter is called: its own name, else its serial number, else its address. */
export function nameOf(meter: ListedMeter): string {
  const { identity, address } = meter;
  return identity?.name || identity?.serial || `${address.host}:${address.ports.modbus}`;
}

/** "10.0.0.7:502 · unit 1" without the words, for tables. */
export function placeOf({ address }: Pick<ListedMeter, 'address'>): string {
  return `${address.host}:${address.ports.modbus}/${address.unit}`;
}
