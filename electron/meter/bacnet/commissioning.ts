import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { BacnetAddress, BacnetObjectId, BacnetPeer, BacnetValue, IAm } from '../../protocols/bacnet/types.ts';
import {
  answersFinding,
  deviceIdFinding,
  deviceNameFinding,
  namesFinding,
  objectListFinding,
  revisionFinding,
  valuesFinding,
  vendorFinding,
  whoHasFinding,
} from './findings.ts';
import { foreignFinding } from './foreign-path.ts';
import { conflictFinding } from './network.ts';
import { isLost, readObjectList, readObjects } from './read-objects.ts';
import type { BacnetFinding, BacnetSheet, CommissioningOptions } from './types.ts';
import { numberOf, textOf } from './value-text.ts';

/** Properties of the device object, ANSI/ASHRAE 135, clause 12.11, in the order in which they are asked for. */
const SELF = {
  id: 75,
  name: 77,
  vendorName: 121,
  vendorId: 120,
  model: 70,
  firmware: 44,
  software: 12,
  revision: 139,
  description: 28,
  location: 58,
} as const;
type SelfName = keyof typeof SELF;

const DEVICE = 8;
/** The number of a device that answers whichever it is. */
const ANY = 4_194_303;

/**
 * Looks at a meter over BACnet after its settings were made: Who-Is, identity, every object with its present value, Who-Has, other devices with the same
 * instance, and the way over a BBMD if one is given. Reads only. Fails with the problem of the client when the meter does not answer at all, stops
 * answering, or the check is stopped; everything else is a finding.
 */
export async function commissioningCheck(options: CommissioningOptions): Promise<Result<BacnetSheet>> {
  const { client, search, signal, expected } = options;
  const stop = signal === undefined ? {} : { signal };
  const target = { kind: 'device', address: options.device } as const;
  const announced = await client.whoIs({ target, waitMs: search.waitMs, enough: 1, ...stop });
  if (!announced.ok) return announced;
  const iAm = announced.value[0];
  // From here on by the address that answered, so that a host name means the same device all the time.
  const device: BacnetAddress = iAm?.address ?? options.device;
  const identity = await readSelf(options, device, iAm);
  if (!identity.ok) return identity;
  const { read, self } = identity.value;

  const place = { client, device, self, signal };
  const list = await readObjectList(place);
  if (!list.ok && isLost(list.problem)) return list;
  const rows = await readObjects(place, list.ok ? list.value.objects : [], options.onProgress);
  if (!rows.ok) return rows;
  const deviceId = iAm?.deviceId ?? idOf(read('id'));
  const deviceName = textOf(read('name'));
  const vendorId = iAm?.vendorId ?? numberOf(read('vendorId'));
  const protocolRevision = numberOf(read('revision'));
  const findings: BacnetFinding[] = [
    answersFinding(iAm),
    deviceIdFinding(deviceId, idOf(read('id')), expected.deviceId),
    deviceNameFinding(deviceName, expected.deviceName),
    vendorFinding(vendorId),
    revisionFinding(protocolRevision),
    objectListFinding(list),
    namesFinding(rows.value, deviceName),
    valuesFinding(rows.value),
  ];
  for (const look of [
    () => whoHas(options, device, rows.value[0] ?? { object: self, name: deviceName }, deviceId),
    () => conflicts(options, device, deviceId),
    () => (options.foreign === undefined ? undefined : foreignFinding(options, options.foreign, deviceId, device)),
  ]) {
    const finding = await look();
    if (finding === undefined) continue;
    if (!finding.ok) return finding;
    findings.push(finding.value);
  }
  return ok({
    takenAt: options.now().toISOString(),
    address: { host: device.host, port: device.port },
    deviceId,
    deviceName,
    vendorId,
    vendorName: textOf(read('vendorName')),
    model: textOf(read('model')),
    firmware: textOf(read('firmware')),
    applicationSoftware: textOf(read('software')),
    description: textOf(read('description')),
    location: textOf(read('location')),
    protocolRevision,
    maxApdu: iAm?.maxApdu ?? null,
    segmentation: iAm?.segmentation ?? null,
    objectCount: list.ok ? list.value.count : null,
    objects: rows.value,
    findings,
  });
}

interface Self {
  /** The device object by its true number where it is known. */
  readonly self: BacnetObjectId;
  read(name: SelfName): BacnetValue | undefined;
}

async function readSelf(
  { client, signal }: CommissioningOptions,
  device: BacnetPeer,
  iAm: IAm | undefined,
): Promise<Result<Self>> {
  const self = { type: DEVICE, instance: iAm?.deviceId ?? ANY };
  const references = Object.values(SELF).map((property) => ({ object: self, property }));
  const readings = await client.readMultiple(device, references, signal === undefined ? {} : { signal });
  if (!readings.ok) return readings;
  const values = new Map(
    readings.value.map(({ reference, result }) => [reference.property, result.ok ? result.value[0] : undefined]),
  );
  const read = (name: SelfName): BacnetValue | undefined => values.get(SELF[name]);
  return ok({ self: { type: DEVICE, instance: idOf(read('id')) ?? self.instance }, read });
}

function idOf(value: BacnetValue | undefined): number | null {
  return value?.kind === 'object-id' && value.object.type === DEVICE ? value.object.instance : null;
}

async function whoHas(
  { client, search, signal }: CommissioningOptions,
  device: BacnetAddress,
  asked: { readonly object: BacnetObjectId; readonly name: string | null },
  deviceId: number | null,
): Promise<Result<BacnetFinding>> {
  const round = {
    target: { kind: 'device', address: device } as const,
    waitMs: search.waitMs,
    enough: 1,
    ...(signal === undefined ? {} : { signal }),
  };
  const byId = await client.whoHas({ ...round, what: { object: asked.object } });
  if (!byId.ok) return byId;
  const name = asked.name ?? '';
  const byName = name === '' ? undefined : await client.whoHas({ ...round, what: { name } });
  // A name that is too long to be asked for is not asked for; everything else ends the check.
  if (byName !== undefined && !byName.ok && byName.problem.code !== 'bacnet/bad-request') return byName;
  const answers = { byId: byId.value[0], byName: byName?.ok === true ? byName.value[0] : undefined };
  return ok(whoHasFinding({ ...asked, deviceId, nameAsked: byName?.ok === true, ...answers }));
}

async function conflicts(
  { client, search, signal }: CommissioningOptions,
  device: BacnetPeer,
  deviceId: number | null,
): Promise<Result<BacnetFinding>> {
  const id = 'conflicts';
  if (deviceId === null) {
    return ok({
      id,
      verdict: 'unknown',
      because: 'The device id of this meter is not known, so it cannot be searched for.',
    });
  }
  const stop = signal === undefined ? {} : { signal };
  const finding = await conflictFinding({ client, search, deviceId, device, ...stop });
  if (finding.ok || isStop(finding.problem)) return finding;
  return ok({ id, verdict: 'unknown', because: `The network could not be searched: ${finding.problem.because}` });
}

/** Where the search fails, the meter is still there; only a stop ends the check. */
function isStop({ code }: Problem): boolean {
  return code === 'aborted' || code === 'bacnet/closed';
}
