import type { ClockOutcome, ClockReview, ClockState } from '../../../shared/contract/clock-calls.ts';
import type { Change, ChangeResult, ClockPlan } from '../../../shared/domain/change.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { ClockReading } from '../../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { clockConsequences, isClockWrong } from '../../../shared/domain/settings/clock.ts';
import { createBinder, proposedBindings } from '../../configure/bindings.ts';
import { clockHandOff } from '../../configure/hand-off.ts';
import { auditMark, recordAudit, type SettingEvent } from '../../inventory/audit.ts';
import type { ClockSet, ClockSource } from '../../meter/logs/set-clock.ts';
import { PUBLIC_DLMS } from '../../meter/logs/types.ts';
import type { Meter } from '../../meter/types.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';
import { type ConfigurationRecord, newRun, writeRecord } from './configuration-record.ts';

const ROW = 'Time Sync Source';
/** What the codes of this row mean on a simulated meter; no document says what those of a real one are. Provenance: simulated. */
const SIMULATED_SOURCES: readonly NonNullable<ClockState['syncSource']>[] = [
  'none',
  'COM1',
  'ETHERNET - ION',
  'ETHERNET',
];
const TIME = 'time';

/** Reads the clock and what it takes its time from. Sets nothing. */
export function readClock(house: House, access: Access, signal?: AbortSignal): Promise<Result<ClockState>> {
  return withMeter(house, access, (meter) => stateOf(meter, access, signal));
}

/** Holds a plan against the clock: what it would be set to, by which way, and what that brings about. Sets nothing. */
export function planClock(
  house: House,
  access: Access,
  settings: ClockPlan,
  signal?: AbortSignal,
): Promise<Result<ClockReview>> {
  return withMeter(house, access, (meter) => review(house, meter, access, settings, signal));
}

/**
 * Sets the clock over DLMS where a DLMS login was given that may do so, and reads it again over both protocols; else the change sheet says how. The audit
 * trail has a line before anything is sent and one after. `clock/right-already` where the clock is right within its uncertainty. A meter that refuses is an
 * outcome with its problem and the change sheet, not a failure of the call.
 */
export function setClock(
  house: House,
  access: Access,
  settings: ClockPlan,
  { by, signal }: { readonly by: string; readonly signal?: AbortSignal },
): Promise<Result<ClockOutcome>> {
  return withMeter(house, access, async (meter) => {
    const reviewed = await review(house, meter, access, settings, signal);
    if (!reviewed.ok) return reviewed;
    const [change] = reviewed.value.changes;
    if (change === undefined) return rightAlready(reviewed.value.state.clock);
    const record = recordOf(house, meter.address, by, reviewed.value);
    const note = (outcome: SettingEvent['outcome'], because: string): Promise<Result<void>> =>
      recordAudit(house.paths, [eventOf(record, change, outcome, because)], house.now);
    const begun = await writeRecord(house, record);
    if (!begun.ok) return begun;
    const announced = await note('announced', '');
    if (!announced.ok) return announced;
    const set = change.channel === 'dlms' ? await meter.setClock(sourceOf(house, settings), signal) : undefined;
    const after = set === undefined ? undefined : await meter.readClock(signal);
    const result = resultOf(change, set);
    const recorded = await note(result.outcome, result.because);
    const problem = problemOf(set) ?? problemOf(recorded) ?? null;
    const kept = await writeRecord(house, {
      ...record,
      results: [result],
      problem,
      audit: await auditMark(house.paths),
    });
    const { identity, clock } = reviewed.value.state;
    return ok({
      run: record.run,
      results: [result],
      before: clock,
      after: after === undefined ? clock : after.ok ? after.value : null,
      handOff: result.outcome === 'written' ? null : plainHandOff(identity),
      problem: problem ?? problemOf(kept) ?? null,
    });
  });
}

async function stateOf(meter: Meter, access: Access, signal: AbortSignal | undefined): Promise<Result<ClockState>> {
  const identity = await meter.identify(signal);
  if (!identity.ok) return identity;
  const clock = await meter.readClock(signal);
  if (!clock.ok) return clock;
  const sync = await syncSourceOf(meter, signal);
  if (!sync.ok) return sync;
  const { offsetSeconds, uncertaintySeconds } = clock.value;
  const known = offsetSeconds !== null && uncertaintySeconds !== null;
  return ok({
    identity: identity.value,
    clock: clock.value,
    ...sync.value,
    wrong: known ? isClockWrong({ offsetSeconds, uncertaintySeconds }) : null,
    channel: mayGrantSet(access) ? 'dlms' : 'hand-off',
    consequences: [...clockConsequences(offsetSeconds ?? 0, sync.value.syncSource)],
  });
}

/** The public client may only read. Whether another one may set is only seen when the association is made, and a login is not tried just to look. */
function mayGrantSet({ dlms }: Access): boolean {
  return dlms !== undefined && (dlms.password !== undefined || dlms.clientSap !== PUBLIC_DLMS.clientSap);
}

type Sync = Pick<ClockState, 'syncSource' | 'syncBecause'>;

async function syncSourceOf(meter: Meter, signal: AbortSignal | undefined): Promise<Result<Sync>> {
  const read = await meter.withSetup<Sync>(async (session) => {
    const { row } = createBinder(session.map, proposedBindings(session.map))(ROW);
    if (row === undefined) return ok(unknownSource(`The imported map has no row "${ROW}".`));
    if (session.map.provenance !== 'simulated') {
      return ok(unknownSource(`Row "${ROW}" holds a code, and no document says which code means what.`));
    }
    const values = await session.read([row]);
    if (!values.ok) return values;
    const code = values.value[0]?.value;
    const source = typeof code === 'number' ? SIMULATED_SOURCES[code] : undefined;
    return ok(
      source === undefined
        ? unknownSource(`Register ${row.register} holds ${String(code)}, which means nothing that is known.`)
        : { syncSource: source, syncBecause: `Read from register ${row.register} of the imported map.` },
    );
  }, signal);
  if (read.ok || (read.problem.code !== 'setup/no-map' && read.problem.code !== 'setup/not-permitted')) return read;
  return ok(unknownSource(read.problem.because));
}

function unknownSource(because: string): Sync {
  return { syncSource: null, syncBecause: because };
}

async function review(
  house: House,
  meter: Meter,
  access: Access,
  settings: ClockPlan,
  signal: AbortSignal | undefined,
): Promise<Result<ClockReview>> {
  const read = await stateOf(meter, access, signal);
  if (!read.ok) return read;
  const { clock, syncSource, channel, identity } = read.value;
  const away = secondsAway(clock, settings);
  const consequences = [...clockConsequences(away ?? 0, syncSource)];
  const state: ClockState = { ...read.value, consequences };
  const right =
    away !== null &&
    clock.uncertaintySeconds !== null &&
    !isClockWrong({ offsetSeconds: away, uncertaintySeconds: clock.uncertaintySeconds });
  if (right) return ok({ state, plan: settings, changes: [], handOff: null });
  const to = new Date(sourceOf(house, settings)()).toISOString();
  const change = {
    id: TIME,
    from: clock.meterUtc ?? 'unread',
    to,
    channel,
    destroys: [],
    mayCutConnection: false,
    consequences,
  };
  return ok({
    state,
    plan: settings,
    changes: [change],
    handOff: channel === 'hand-off' ? plainHandOff(identity) : null,
  });
}

/** Meter minus what it is to show, at the moment of the reading. */
function secondsAway({ meterUtc, offsetSeconds }: ClockReading, { set }: ClockPlan): number | null {
  if (meterUtc === null) return null;
  return set === true ? offsetSeconds : (Date.parse(meterUtc) - Date.parse(set)) / 1000;
}

/** The time of this PC, or a clock that starts now with the time that a plan names. */
function sourceOf({ now }: House, { set }: ClockPlan): ClockSource {
  if (set === true) return () => now().getTime();
  const started = now().getTime();
  return () => Date.parse(set) + now().getTime() - started;
}

function resultOf(change: Change, set: Result<ClockSet> | undefined): ChangeResult {
  const { id, from: before } = change;
  const said = (outcome: ChangeResult['outcome'], because: string, after: ChangeResult['after']): ChangeResult => ({
    id,
    outcome,
    because,
    before,
    after,
  });
  if (set === undefined) return said('skipped', 'It is on the change sheet: this tool cannot set it.', before);
  if (!set.ok) {
    const { title, because, meterState } = set.problem;
    return meterState !== METER_STATE.unknown
      ? said('failed', `${title}: ${because}`, before)
      : said('cannot-be-read-back', `${title}: ${because}`, 'unread');
  }
  const { after, verdict } = set.value;
  const off = `${(after.offsetMs / 1000).toFixed(3)} s off, ± ${(after.uncertaintyMs / 1000).toFixed(3)} s`;
  return verdict === 'verified'
    ? said('written', `It was read again over DLMS: ${off}.`, after.meterUtc)
    : said('failed', `It was sent, and read again over DLMS it is ${off}.`, after.meterUtc);
}

function recordOf(
  house: House,
  { host, ports, unit }: Meter['address'],
  by: string,
  { state, plan, changes }: ClockReview,
): ConfigurationRecord {
  const { identity } = state;
  return {
    format: 'meterwright-configuration/1',
    run: newRun(house, 'clock'),
    at: house.now().toISOString(),
    by,
    serial: identity.serial,
    meter: identity.name,
    firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
    simulated: identity.simulated,
    address: { host, modbusPort: ports.modbus, unit },
    area: 'clock',
    map: null,
    targets: [],
    audit: null,
    plan: { area: 'clock', settings: plan },
    changes,
    givenUp: {},
    results: [],
    problem: null,
  };
}

function eventOf(
  { run, by, serial }: ConfigurationRecord,
  { from, to, channel }: Change,
  outcome: SettingEvent['outcome'],
  because: string,
): SettingEvent {
  return {
    kind: 'setting',
    run,
    by,
    serial: serial ?? '',
    area: 'clock',
    setting: TIME,
    from,
    to,
    channel,
    outcome,
    because,
  };
}

function plainHandOff(identity: Parameters<typeof clockHandOff>[0]): ClockReview['handOff'] {
  const { title, steps, watch } = clockHandOff(identity);
  return { title, watch, steps: steps.map(({ text, values }) => ({ text, values: [...values] })) };
}

function problemOf(result: Result<unknown> | undefined): Problem | undefined {
  return result?.ok === false ? result.problem : undefined;
}

function rightAlready({ offsetSeconds, uncertaintySeconds }: ClockReading): Result<never> {
  const off = offsetSeconds === null ? '' : ` It is ${offsetSeconds.toFixed(3)} s off`;
  const within = uncertaintySeconds === null ? '' : `, measured within ± ${uncertaintySeconds.toFixed(3)} s.`;
  return fail({
    code: 'clock/right-already',
    title: 'The clock is right already',
    because: `The clock differs by no more than the measurement may be wrong.${off}${within}`,
    meterState: METER_STATE.untouched,
    nextStep: 'Leave it: setting a clock splits an interval and is in the event log.',
  });
}
