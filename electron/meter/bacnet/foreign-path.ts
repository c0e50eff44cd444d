import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { BacnetPeer } from '../../protocols/bacnet/types.ts';
import type { BacnetFinding, CommissioningOptions } from './types.ts';

/**
 * The way over a BBMD: this PC registers as a foreign device, asks for the instance through the BBMD, and the meter answers. Fails only when the check is stopped
 * or the client was closed. The registration stays until the client is closed.
 */
export async function foreignFinding(
  { client, search, signal }: CommissioningOptions,
  bbmd: BacnetPeer & { readonly ttlSeconds: number },
  deviceId: number | null,
  device: BacnetPeer,
): Promise<Result<BacnetFinding>> {
  const id = 'foreign';
  const stop = signal === undefined ? {} : { signal };
  const registration = await client.registerForeignDevice(bbmd, signal);
  const place = `${bbmd.host}:${bbmd.port}`;
  if (!registration.ok) {
    const { code, because } = registration.problem;
    if (code === 'aborted' || code === 'bacnet/closed') return registration;
    return ok({ id, verdict: code === 'bacnet/foreign-refused' ? 'block' : 'warn', because });
  }
  if (deviceId === null) {
    return ok({
      id,
      verdict: 'unknown',
      because: `The BBMD ${place} registers this PC, but the device id is not known.`,
    });
  }
  const round = { low: deviceId, high: deviceId, waitMs: search.waitMs, enough: 1 };
  const found = await client.whoIs({ ...round, target: { kind: 'foreign' }, ...stop });
  if (!found.ok) {
    const { code, because } = found.problem;
    return code === 'aborted' || code === 'bacnet/closed' ? found : ok({ id, verdict: 'unknown', because });
  }
  const [answer] = found.value;
  if (answer === undefined) {
    const because = `The BBMD ${place} registers this PC, but device ${deviceId} did not answer a search through it within ${search.waitMs} ms: its subnet may have no BBMD that this one knows, or the meter is not registered with one.`;
    return ok({ id, verdict: 'warn', because });
  }
  if (answer.address.host !== device.host || answer.address.port !== device.port) {
    const because = `A search through the BBMD ${place} found device ${deviceId} at ${answer.address.host}:${answer.address.port}, not at ${device.host}:${device.port}: address translation between the subnets, or another device.`;
    return ok({ id, verdict: 'warn', because });
  }
  return ok({ id, verdict: 'pass', because: `Device ${deviceId} is found through the BBMD ${place}.` });
}
