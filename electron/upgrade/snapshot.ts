import { z } from 'zod';
import { clockSchema, identitySchema } from '../../shared/contract/domain.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import type { Meter, RegisterGroup, RegisterSnapshot } from '../meter/types.ts';

/** The groups whose values are compared before and after. Live values and the clock move by themselves. */
const COMPARED: readonly RegisterGroup[] = ['energy', 'setup', 'identity'];

const valueSchema = z.object({
  id: z.string(),
  label: z.string(),
  group: z.enum(['identity', 'clock', 'live', 'energy', 'io', 'setup']),
  type: z.string(),
  /** Decimal text for integers of 64 bits; null when the meter said "not available". */
  value: z.union([z.string(), z.number(), z.null()]),
});

/** What an upgrade is compared with; `before.json` in the folder of a job. */
export const snapshotSchema = z.object({
  format: z.literal('meterwright-snapshot/1'),
  takenAt: z.iso.datetime(),
  identity: identitySchema,
  clock: clockSchema,
  values: z.array(valueSchema),
  unread: z.array(z.object({ id: z.string(), label: z.string(), because: z.string() })),
});
export type UpgradeSnapshot = z.infer<typeof snapshotSchema>;
export type SnapshotValue = z.infer<typeof valueSchema>;

/** Reads identity, clock and the compared groups afresh; fails only when the meter cannot be identified. */
export async function readSnapshot(meter: Meter, signal?: AbortSignal): Promise<Result<UpgradeSnapshot>> {
  const identity = await meter.identify(signal);
  if (!identity.ok) return identity;
  const clock = await meter.readClock(signal);
  if (!clock.ok) return clock;
  const values: SnapshotValue[] = [];
  const unread: UpgradeSnapshot['unread'] = [];
  let takenAt = clock.value.pcUtc;
  for (const group of COMPARED) {
    const read = await meter.readGroup(group, signal);
    if (!read.ok) return read;
    takenAt = read.value.endedAt;
    values.push(...read.value.values.map(toValue));
    unread.push(...read.value.unread.map(({ row, because }) => ({ id: row.id, label: row.label, because })));
  }
  return ok({
    format: 'meterwright-snapshot/1',
    takenAt,
    identity: identity.value,
    clock: clock.value,
    values,
    unread,
  });
}

function toValue({ row, value, unavailable }: RegisterSnapshot['values'][number]): SnapshotValue {
  const plain = unavailable ? null : typeof value === 'bigint' ? value.toString() : value;
  return { id: row.id, label: row.label, group: row.group, type: row.type, value: plain };
}
