import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KnownMeter, meterListText } from '../../../electron/inventory/meter-list.ts';

const AT = '2026-02-03T04:05:06.000Z';
/** Nothing listens on the lowest ports of this machine, so a connection to them is refused at once. */
const LOWEST_PORT = 1;

/** One of `benchMeters`, counted from 1. */
export function benchMeter(number: number): KnownMeter {
  const serial = `MW-2301A${String(number).padStart(4, '0')}-00`;
  const old = number % 3 !== 0;
  return {
    id: `bench-${number}`,
    address: {
      host: `127.${number >> 14}.${(number >> 7) & 127}.${1 + (number & 127)}`,
      ports: { modbus: LOWEST_PORT, sftp: LOWEST_PORT, dlms: LOWEST_PORT, bacnet: LOWEST_PORT },
      unit: 255,
      timeoutMs: 1_000,
    },
    site: '',
    note: number % 5 === 0 ? 'Feeder of the cooling plant' : '',
    addedAt: AT,
    lastSeen: AT,
    identity: {
      name: `Feeder ${number}`,
      model: 'ION7400',
      serial,
      firmware: old ? { major: 4, minor: 0, patch: 0 } : { major: 4, minor: 6, patch: 0 },
      productId: 18_000,
      commercialReference: null,
      manufacturer: 'Schneider Electric',
      featureSet: 'advanced',
      simulated: true,
    },
    clockOffsetSeconds: (number % 40) / 10 - 2,
    advisories: [],
    practice: false,
  };
}

/** Puts a list of so many meters into a data folder; none of them answers. */
export async function writeMeterList(home: string, count: number): Promise<void> {
  const meters = Array.from({ length: count }, (_, index) => benchMeter(index + 1));
  await mkdir(join(home, 'inventory'), { recursive: true });
  await writeFile(join(home, 'inventory', 'meters.json'), meterListText(meters));
}
