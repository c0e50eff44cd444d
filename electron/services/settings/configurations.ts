import type { SettingArea, SetupPlan } from '../../../shared/domain/change.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { LARGEST_DEVICE_ID } from '../../../shared/domain/settings/bacnet.ts';
import type { DeviceIdTaken } from '../../../shared/domain/settings/bacnet-check.ts';
import { listLogs } from '../../backup/logs/in-bag.ts';
import type { LogSidecar } from '../../backup/logs/types.ts';
import { applyPlan, blockOf } from '../../configure/apply.ts';
import { type PlanFacts, reviewPlan } from '../../configure/plan.ts';
import type { SetupArea } from '../../configure/read.ts';
import type { ApplyOutcome, Bindings, PlanReview } from '../../configure/types.ts';
import { auditMark, recordAudit } from '../../inventory/audit.ts';
import type { SiteMap } from '../../meter/site-map/types.ts';
import type { Meter } from '../../meter/types.ts';
import { bagsOf } from '../backups.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';
import { type ConfigurationRecord, newRun, writeRecord } from './configuration-record.ts';
import { readSetupOf } from './setup-reading.ts';
import { confirmedBindings } from './site-maps.ts';

/** A backup that is older says nothing of the log as it is now. */
const FRESH_MS = 24 * 3_600_000;

/** What a person says about a plan besides the plan. */
export interface PlanWishes {
  /** Logs that are given up without a backup, with the reason. */
  readonly giveUp?: Readonly<Record<string, string>>;
  /** Look at the plan as if a person had confirmed the rows of its area: what would be written then. */
  readonly assumeConfirmed?: boolean;
  /** Whether another device answers to the planned Device ID, where somebody asked the network. */
  readonly deviceIdTaken?: DeviceIdTaken;
}

/** Reads an area of a meter's settings. */
export function readSettings(
  house: House,
  access: Access,
  area: Exclude<SettingArea, 'clock'>,
  signal?: AbortSignal,
): Promise<Result<SetupArea>> {
  return withMeter(house, access, (meter) => readSetupOf(house, meter, area, { signal }));
}

/** Reads the meter and holds a plan against it; nothing is written. */
export async function reviewSettings(
  house: House,
  access: Access,
  plan: SetupPlan,
  wishes: PlanWishes = {},
  signal?: AbortSignal,
): Promise<Result<PlanReview>> {
  return withMeter(house, access, (meter) => review(house, meter, plan, wishes, signal));
}

/**
 * Reviews and applies a plan. `expected` is the review that a person agreed to: when the meter would now need other changes, nothing is written
 * (`configure/changed-meanwhile` or `configure/blocked`). The record of it is on the disk before the first write and after the last.
 */
export async function applySettings(
  house: House,
  access: Access,
  plan: SetupPlan,
  options: PlanWishes & {
    readonly by: string;
    readonly expected?: Pick<PlanReview, 'changes'>;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, of: number, setting: string) => void;
  },
): Promise<Result<ApplyOutcome & { readonly review: PlanReview }>> {
  return withMeter(house, access, async (meter) => {
    const reviewed = await review(house, meter, plan, options, options.signal, options.expected !== undefined);
    if (!reviewed.ok) return reviewed;
    const block = blockOf(reviewed.value);
    if (block !== undefined) return { ok: false, problem: block };
    const changes = options.expected?.changes ?? reviewed.value.changes;
    const run = newRun(house, plan.area);
    const bindings = await confirmedBindings(house, reviewed.value.reading.identity);
    const record = recordOf(house, run, meter.address, options, { ...reviewed.value, changes }, bindings);
    const announced = await writeRecord(house, record);
    if (!announced.ok) return announced;
    const applied = await applyPlan(
      meter,
      { ...reviewed.value, changes },
      {
        run,
        by: options.by,
        bindingsOf: bindings,
        record: (events) => recordAudit(house.paths, events, house.now),
        now: house.now,
        signal: options.signal,
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      },
    );
    const outcome = applied.ok
      ? { results: applied.value.results, problem: applied.value.problem }
      : { results: [], problem: applied.problem };
    const kept = await writeRecord(house, { ...record, ...outcome, audit: await auditMark(house.paths) });
    if (!applied.ok) return applied;
    const problem = applied.value.problem ?? (kept.ok ? null : kept.problem);
    return ok({ ...applied.value, problem, review: reviewed.value });
  });
}

async function review(
  house: House,
  meter: Meter,
  plan: SetupPlan,
  wishes: PlanWishes,
  signal: AbortSignal | undefined,
  agreed = false,
): Promise<Result<PlanReview>> {
  const area = await readSetupOf(house, meter, plan.area, { signal, assumeConfirmed: wishes.assumeConfirmed });
  if (!area.ok) return area;
  const { reading } = area.value;
  const logs = plan.area === 'recorders' ? await freshLogs(house, reading.identity) : [];
  const facts: PlanFacts = {
    deviceIdTaken:
      wishes.deviceIdTaken ?? (await askForDeviceId(house, meter.address, plan, reading, { agreed, signal })),
    logBackup: (recorder) => (holdsLog(logs, area.value, recorder, house.now()) ? 'fresh' : 'missing'),
    givenUp: new Map(Object.entries(wishes.giveUp ?? {}).map(([recorder, reason]) => [Number(recorder), reason])),
  };
  return ok(reviewPlan(plan, area.value, facts));
}

/**
 * Asks the network only where the answer matters: the meter gets another Device ID, or shows itself with the one that it has. The review that a person
 * agreed to has just asked, so it is not asked again.
 */
async function askForDeviceId(
  { freeDeviceIds }: House,
  address: Meter['address'],
  plan: SetupPlan,
  { settings, identity }: PlanReview['reading'],
  { agreed, signal }: { readonly agreed: boolean; readonly signal: AbortSignal | undefined },
): Promise<DeviceIdTaken> {
  if (plan.area !== 'bacnet') return null;
  const now = (id: string) => settings.find((setting) => setting.id === id)?.value;
  const wanted = plan.settings.deviceId ?? now('deviceId');
  const appears = plan.settings.enabled === true && now('enabled') !== true;
  if (typeof wanted !== 'number' || (wanted === now('deviceId') && !appears)) return null;
  // A firmware without BACnet/IP is refused by another rule, and a number out of range is no question for a network.
  if (identity.firmware === null || wanted < 0 || wanted > LARGEST_DEVICE_ID) return null;
  if (agreed && freeDeviceIds.isFree(address, wanted)) return false;
  const { deviceIdTaken } = await import('./bacnet.ts');
  const taken = await deviceIdTaken(address, wanted, signal);
  if (taken === false) freeDeviceIds.note(address, wanted);
  return taken;
}

/** The logs in verified backups of this meter that are not older than a day. */
async function freshLogs(house: House, { serial }: MeterIdentity): Promise<readonly LogSidecar[]> {
  if (serial === null) return [];
  const bags = await bagsOf(house, serial);
  const since = house.now().getTime() - FRESH_MS;
  const found: LogSidecar[] = [];
  for (const { bag, takenAt, check } of bags) {
    if (check?.verdict !== 'verified' || takenAt === null || Date.parse(takenAt) < since) continue;
    const logs = await listLogs(bag);
    if (logs.ok) found.push(...logs.value.logs.map(({ sidecar }) => sidecar));
  }
  return found;
}

/** Whether a backup has the log of a recorder: the one of its name, with all rows but those that came since. */
function holdsLog(logs: readonly LogSidecar[], { settings, reading }: SetupArea, recorder: number, now: Date): boolean {
  const value = (key: string) => settings.find(({ setting }) => setting.id === `${recorder}.${key}`)?.setting.value;
  const [name, interval, records] = [value('name'), value('interval'), reading.records.get(recorder)];
  if (typeof name !== 'string' || name === '' || name === 'unread' || records === undefined) return false;
  return logs.some((log) => {
    if (log.recorder.name !== name) return false;
    const elapsed = (now.getTime() - Date.parse(log.readAt)) / 1000;
    const since = typeof interval === 'number' && interval > 0 ? Math.ceil(elapsed / interval) + 1 : 0;
    return log.rows >= records - since;
  });
}

function recordOf(
  house: House,
  run: string,
  { host, ports, unit }: Meter['address'],
  { by, giveUp = {} }: PlanWishes & { readonly by: string },
  reviewed: PlanReview,
  bindings: (map: SiteMap) => Bindings,
): ConfigurationRecord {
  const { identity, map } = reviewed.reading;
  const stored = identity.firmware === null ? undefined : house.siteMapOf(identity.firmware);
  const confirmed = stored === undefined ? undefined : bindings(stored).confirmed[reviewed.area];
  return {
    format: 'meterwright-configuration/1',
    run,
    at: house.now().toISOString(),
    by,
    serial: identity.serial,
    meter: identity.name,
    firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
    simulated: identity.simulated,
    address: { host, modbusPort: ports.modbus, unit },
    area: reviewed.area,
    plan: reviewed.plan,
    map: map === null ? null : { ...map, confirmed: confirmed ?? null },
    targets: reviewed.targets,
    changes: reviewed.changes,
    givenUp: giveUp,
    results: [],
    problem: null,
    audit: null,
  };
}
