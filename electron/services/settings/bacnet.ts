import { lookup } from 'node:dns/promises';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import type { DeviceIdTaken } from '../../../shared/domain/settings/bacnet-check.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import { writeFileDurably } from '../../inventory/durable.ts';
import { commissioningCheck } from '../../meter/bacnet/commissioning.ts';
import { findConflicts, type InstanceRange, isInstanceFree } from '../../meter/bacnet/network.ts';
import { bacnetSheetCsv } from '../../meter/bacnet/sheet-csv.ts';
import type { BacnetSearch, BacnetSheet } from '../../meter/bacnet/types.ts';
import type { MeterAddress } from '../../meter/types.ts';
import { openBacnet } from '../../protocols/bacnet/client.ts';
import { adapterToward, ipv4Adapters } from '../../protocols/bacnet/network/adapters.ts';
import type { BacnetBinding, BacnetClient, BacnetPeer, IAm } from '../../protocols/bacnet/types.ts';

/** How long answers of a network are waited for, in milliseconds; on the loopback nobody is further away than the second. */
const WAIT_MS = 2000;
const LOOPBACK_WAIT_MS = 300;
/** Cap on each request and how often it is sent again. Source: defaults of ANSI/ASHRAE 135, APDU_Timeout and Number_Of_APDU_Retries. */
const LONGEST_TRY_MS = 3000;
const RETRIES = 3;
/** Seconds for which this PC registers with a BBMD; it signs off at the end of the check. */
const FOREIGN_TTL = 60;

export interface BacnetCheckOptions {
  /** What was configured; what is left out is only shown. */
  readonly expected: { readonly deviceId?: number; readonly deviceName?: string };
  /** Also looks at the way over this BBMD. */
  readonly foreign?: BacnetPeer;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** A client that is bound toward a meter. */
interface Place {
  readonly client: BacnetClient;
  readonly device: BacnetPeer;
  readonly search: BacnetSearch;
  /** Whether the broadcasts of this PC reach the network of the meter. */
  readonly sameSubnet: boolean;
}

/** Looks at a meter over BACnet/IP; see {@link commissioningCheck}. Needs no login, changes nothing. */
export function checkBacnet(address: MeterAddress, options: BacnetCheckOptions): Promise<Result<BacnetSheet>> {
  const { expected, foreign, now, signal, onProgress } = options;
  return withBacnet(address, signal, ({ client, device, search }) =>
    commissioningCheck({
      client,
      device,
      search,
      expected,
      now,
      ...(foreign === undefined ? {} : { foreign: { ...foreign, ttlSeconds: FOREIGN_TTL } }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    }),
  );
}

/**
 * Asks the network of a meter whether another device has a Device ID: one Who-Is for that instance, about two seconds. Whatever stands in the way of an
 * answer that can be relied on is told in place of one: a port that cannot be bound, a meter in another subnet.
 *
 * @param elsewhere further places to ask, where broadcasts do not reach them
 */
export async function deviceIdTaken(
  address: MeterAddress,
  deviceId: number,
  signal?: AbortSignal,
  elsewhere: NonNullable<BacnetSearch['targets']> = [],
): Promise<DeviceIdTaken> {
  const asked = await withBacnet(address, signal, async ({ client, device, search, sameSubnet }) => {
    const targets = [...(search.targets ?? []), ...elsewhere];
    const stop = signal === undefined ? {} : { signal };
    const free = await isInstanceFree({ client, search: { ...search, targets }, deviceId, except: device, ...stop });
    return free.ok ? ok({ ...free.value, sameSubnet }) : free;
  });
  if (!asked.ok) return { unknown: asked.problem.because };
  const { finding, sameSubnet } = asked.value;
  if (finding.verdict === 'block') return true;
  if (finding.verdict !== 'pass') return { unknown: finding.because };
  return sameSubnet
    ? false
    : {
        unknown:
          'Nobody answered, but the meter is in another subnet than this PC, and a search by broadcast does not get there.',
      };
}

/** What a search of the networks around this PC found. */
export interface BacnetDevices {
  readonly devices: readonly IAm[];
  /** Devices that share a Device ID, each group with at least two addresses. */
  readonly conflicts: readonly (readonly IAm[])[];
  readonly binding: BacnetBinding;
}

/** Who-Is by broadcast on the subnets of this PC, or of the one adapter whose IPv4 address is given. */
export async function discoverBacnet(options: {
  readonly port: number;
  readonly range?: InstanceRange;
  readonly adapter?: string;
  readonly signal?: AbortSignal;
}): Promise<Result<BacnetDevices>> {
  const { port, range, adapter, signal } = options;
  const stop = signal === undefined ? {} : { signal };
  const bind = { address: adapter ?? '0.0.0.0', port };
  const opened = await openBacnet({ bind, timeoutMs: LONGEST_TRY_MS, retries: RETRIES, ...stop });
  if (!opened.ok) return opened;
  const client = opened.value;
  try {
    const search = { targets: [{ kind: 'broadcast', port } as const], waitMs: WAIT_MS };
    const found = await findConflicts({ client, search, ...(range === undefined ? {} : { range }), ...stop });
    return found.ok ? ok({ ...found.value, binding: client.binding }) : found;
  } finally {
    await client.close();
  }
}

/** Writes the sheet of a check as CSV for the colleague of the building automation; an existing file is replaced. */
export async function exportBacnetSheet(file: string, sheet: BacnetSheet): Promise<Result<void>> {
  const apart = await outsideBags(file);
  return apart.ok ? writeFileDurably(file, bacnetSheetCsv(sheet)) : apart;
}

/** Binds toward the meter, for as long as the work takes. */
async function withBacnet<T>(
  address: MeterAddress,
  signal: AbortSignal | undefined,
  work: (place: Place) => Promise<Result<T>>,
): Promise<Result<T>> {
  const host = await ipv4Of(address.host);
  if (!host.ok) return host;
  const adapter = adapterToward(host.value, ipv4Adapters());
  const port = address.ports.bacnet;
  const opened = await openBacnet({
    // Answers by broadcast come to the port of the network; the loopback has none, and the port there belongs to a simulated meter.
    bind: adapter?.internal ? { address: adapter.address, port: 0 } : { address: adapter?.address ?? '0.0.0.0', port },
    timeoutMs: Math.min(address.timeoutMs, LONGEST_TRY_MS),
    retries: RETRIES,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!opened.ok) return opened;
  try {
    return await work({
      client: opened.value,
      device: { host: host.value, port },
      search: {
        targets: [{ kind: 'broadcast', port }],
        waitMs: adapter?.internal ? LOOPBACK_WAIT_MS : WAIT_MS,
      },
      sameSubnet: adapter !== undefined,
    });
  } finally {
    await opened.value.close();
  }
}

async function ipv4Of(host: string): Promise<Result<string>> {
  try {
    return ok((await lookup(host, { family: 4 })).address);
  } catch (thrown) {
    return fail({
      code: 'bacnet/unreachable',
      title: 'The meter cannot be asked over BACnet',
      because: `"${host}" has no IPv4 address (${reasonOf(thrown)}), and BACnet/IP needs one.`,
      meterState: METER_STATE.untouched,
      nextStep: 'Give the IPv4 address of the meter.',
    });
  }
}
