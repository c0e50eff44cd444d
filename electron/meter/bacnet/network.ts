import { ok, type Result } from '../../../shared/domain/problem.ts';
import { LARGEST_DEVICE_ID } from '../../../shared/domain/settings/bacnet.ts';
import type { BacnetAddress, BacnetClient, BacnetPeer, BacnetTarget, IAm } from '../../protocols/bacnet/types.ts';
import type { BacnetFinding, BacnetSearch } from './types.ts';

interface NetworkOptions {
  readonly client: BacnetClient;
  readonly search: BacnetSearch;
  readonly signal?: AbortSignal;
}

/** Device instances 0..4194303, both ends included. */
export interface InstanceRange {
  readonly low: number;
  readonly high: number;
}

/** Addresses that are named in a sentence. */
const NAMED = 5;

/** Who holds a device instance, as far as the search reaches. */
interface Holders {
  readonly holders: readonly IAm[];
  /** Why the answer may be incomplete; undefined where nothing speaks for that. */
  readonly doubt: string | undefined;
}

/**
 * Whether a device instance is free on the networks that are searched, by a Who-Is of that instance: `pass` when nobody but `except` (the meter that is
 * to get it) answers, `block` with who has it, `unknown` where this PC cannot hear everybody. Silence of a device that is switched off looks
 * like a free number. Fails with the problems of the client, or `bacnet/bad-request` beyond 0..4194302.
 */
export async function isInstanceFree(
  options: NetworkOptions & { readonly deviceId: number; readonly except?: BacnetPeer },
): Promise<Result<{ readonly finding: BacnetFinding; readonly holders: readonly IAm[] }>> {
  const { deviceId, except } = options;
  const found = await holdersOf(options, deviceId);
  if (!found.ok) return found;
  const others = found.value.holders.filter(({ address }) => except === undefined || !isAt(address, except));
  return ok({ holders: others, finding: freeFinding(deviceId, others, found.value.doubt) });
}

function freeFinding(deviceId: number, others: readonly IAm[], doubt: string | undefined): BacnetFinding {
  const id = 'instance-free';
  if (deviceId > LARGEST_DEVICE_ID) {
    return { id, verdict: 'block', because: `${deviceId} is no device id: they go from 0 to ${LARGEST_DEVICE_ID}.` };
  }
  if (others.length > 0) {
    return { id, verdict: 'block', because: `Device id ${deviceId} is taken by ${placesOf(others)}.` };
  }
  if (doubt !== undefined) {
    return { id, verdict: 'unknown', because: `Nobody answered for device id ${deviceId}, but ${doubt}.` };
  }
  return {
    id,
    verdict: 'pass',
    because: `Nobody else answered for device id ${deviceId} on the networks that were searched. A device that is switched off cannot answer.`,
  };
}

/** Whether another device has the instance of this meter. The meter itself has to answer too, else the search proves nothing. */
export async function conflictFinding(
  options: NetworkOptions & { readonly deviceId: number; readonly device: BacnetPeer },
): Promise<Result<BacnetFinding>> {
  const id = 'conflicts';
  const { deviceId } = options;
  const found = await holdersOf(options, deviceId);
  if (!found.ok) return found;
  const { holders, doubt } = found.value;
  if (holders.length > 1) {
    const because = `${holders.length} devices have the id ${deviceId}: ${placesOf(holders)}. Each needs its own.`;
    return ok({ id, verdict: 'block', because });
  }
  const [only] = holders;
  if (only !== undefined && !isAt(only.address, options.device)) {
    const because = `Device id ${deviceId} was answered by ${placesOf(holders)} and not by the address of this meter: either another device has the same id, or the meter has two addresses.`;
    return ok({ id, verdict: 'warn', because });
  }
  if (doubt !== undefined) return ok({ id, verdict: 'unknown', because: `No second device answered, but ${doubt}.` });
  if (only === undefined) {
    const because = `Not even this meter answered a search for device id ${deviceId} by broadcast: it is in another subnet, or broadcasts do not get through. A second device would not have been found either.`;
    return ok({ id, verdict: 'unknown', because });
  }
  return ok({ id, verdict: 'pass', because: `Only this meter answered for device id ${deviceId}.` });
}

/**
 * Devices of the searched networks, and those of them that share an instance, each group with at least two addresses. One Who-Is that every device of
 * `range` (of all instances without it) answers: use it sparingly.
 */
export async function findConflicts(
  options: NetworkOptions & { readonly range?: InstanceRange },
): Promise<Result<{ readonly devices: readonly IAm[]; readonly conflicts: readonly (readonly IAm[])[] }>> {
  const devices = await searchAll(options, options.range);
  if (!devices.ok) return devices;
  const groups = new Map<number, IAm[]>();
  for (const device of devices.value) {
    const group = groups.get(device.deviceId);
    if (group === undefined) groups.set(device.deviceId, [device]);
    else group.push(device);
  }
  return ok({ devices: devices.value, conflicts: [...groups.values()].filter(({ length }) => length > 1) });
}

async function holdersOf(options: NetworkOptions, deviceId: number): Promise<Result<Holders>> {
  const holders = await searchAll(options, { low: deviceId, high: deviceId });
  if (!holders.ok) return holders;
  const { warning } = options.client.binding;
  const doubt =
    warning === undefined
      ? undefined
      : `${warning.title.charAt(0).toLowerCase()}${warning.title.slice(1)}, so some devices are not heard`;
  return ok({ holders: holders.value, doubt });
}

/** One network after the other; the same device on two of them counts once. */
async function searchAll(
  { client, search, signal }: NetworkOptions,
  range: InstanceRange | undefined,
): Promise<Result<readonly IAm[]>> {
  const found = new Map<string, IAm>();
  const targets: readonly BacnetTarget[] = search.targets ?? [{ kind: 'broadcast' }];
  for (const target of targets) {
    const answers = await client.whoIs({
      target,
      waitMs: search.waitMs,
      ...range,
      ...(signal === undefined ? {} : { signal }),
    });
    if (!answers.ok) return answers;
    for (const iAm of answers.value) found.set(`${iAm.deviceId} ${placeOf(iAm.address)}`, iAm);
  }
  return ok([...found.values()]);
}

function placesOf(devices: readonly IAm[]): string {
  const places = devices.slice(0, NAMED).map(({ address, vendorId }) => `${placeOf(address)} (vendor ${vendorId})`);
  const more = devices.length - places.length;
  return `${places.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function placeOf({ host, port, routed }: BacnetAddress): string {
  return `${host}:${port}${routed === undefined ? '' : ` network ${routed.network} address ${routed.mac}`}`;
}

function isAt(address: BacnetAddress, peer: BacnetPeer): boolean {
  return address.host === peer.host && address.port === peer.port && address.routed === undefined;
}
