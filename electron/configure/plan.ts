import type { Change, ConsequenceId, ErasedLog, Setting, SettingValue, SetupPlan } from '../../shared/domain/change.ts';
import { mayWrite } from '../../shared/domain/provenance.ts';
import { recordersAsRead } from '../../shared/domain/settings/as-read.ts';
import type { DeviceIdTaken } from '../../shared/domain/settings/bacnet-check.ts';
import { desiredSettings, recorderOf } from '../../shared/domain/settings/desired.ts';
import { RECOMMENDED_LENGTH } from '../../shared/domain/settings/passwords/policy.ts';
import { rightsNeededBy } from '../../shared/domain/settings/passwords/rights.ts';
import { planRules } from '../../shared/domain/settings/plan-rules.ts';
import { HEAVY_BELOW } from '../../shared/domain/settings/recorders/check.ts';
import { compareRecorder } from '../../shared/domain/settings/recorders/history.ts';
import { plannedRecorder } from '../../shared/domain/settings/recorders/plan.ts';
import { DLMS_COLUMNS, isEnergy } from '../../shared/domain/settings/recorders/recorder.ts';
import { handOffFor } from './hand-off.ts';
import type { ReadSetting, SetupArea } from './read.ts';
import { rightsOf } from './read.ts';
import type { PlanReview } from './types.ts';

/** What a plan is held against besides the meter. */
export interface PlanFacts {
  /** Whether another device on the network answered to the planned Device ID. */
  readonly deviceIdTaken: DeviceIdTaken;
  /** Whether a fresh and verified backup holds the log of a recorder as it is now. */
  readonly logBackup: (recorder: number) => ErasedLog['backup'];
  /** Logs that a person decided to give up, with the reason. */
  readonly givenUp: ReadonlyMap<number, string>;
}

/**
 * Holds a plan against a meter: every rule, every difference with the way it would go and what it destroys, and the change sheet for what
 * cannot be written. Nothing is sent to the meter.
 */
export function reviewPlan(plan: SetupPlan, area: SetupArea, facts: PlanFacts): PlanReview {
  const { reading } = area;
  const rules = planRules(plan, reading, facts.deviceIdTaken);
  const changes = [...desiredSettings(plan)].flatMap(([id, to]) => changeOf(plan, area, facts, id, to) ?? []);
  const ordered = inWritingOrder(changes, area.settings);
  const blocks = [
    // A default password has to be changed, and to wait for that with the policy would help nobody.
    ...rules
      .filter(({ verdict, rule }) => verdict === 'block' && rule !== 'password-to-change')
      .map(({ because }) => because),
    ...lostLogs(ordered, facts),
  ];
  const byHand = ordered.filter(({ channel }) => channel === 'hand-off');
  return {
    area: plan.area,
    plan,
    reading,
    rules,
    changes: ordered,
    targets: ordered.flatMap(({ id, channel }) => (channel === 'modbus' ? targetsOf(id, area) : [])),
    blocks: [...new Set(blocks)],
    handOff: byHand.length === 0 ? null : handOffFor(plan.area, byHand, reading.identity),
  };
}

function changeOf(
  plan: SetupPlan,
  area: SetupArea,
  facts: PlanFacts,
  id: string,
  to: SettingValue,
): Change | undefined {
  const read = area.settings.find(({ setting }) => setting.id === id);
  const from = read === undefined ? 'unread' : read.setting.value;
  if (from === to) return undefined;
  return {
    id,
    from,
    to,
    channel: read !== undefined && isWritable(read, area, to) ? 'modbus' : 'hand-off',
    destroys: erasedBy(id, area, facts),
    mayCutConnection: read?.definition.mayCutConnection ?? false,
    consequences: consequencesOf(plan, area, id, to),
  };
}

/** Whether this tool may and can write a setting over Modbus; whether the meter lets it is only known when it is tried. */
function isWritable({ definition, rows, setting }: ReadSetting, { reading }: SetupArea, to: SettingValue): boolean {
  const { map, confirmed, identity } = reading;
  if (map === null || !confirmed || setting.value === 'unread' || !mayWrite(map.provenance, identity)) return false;
  if (!definition.natural && map.provenance !== 'simulated') return false;
  const values = definition.write(to);
  // A register that the map does not have can only hold nothing.
  return values?.every((value, index) => rows[index]?.writable ?? value === 0) ?? false;
}

function targetsOf(id: string, { settings }: SetupArea): PlanReview['targets'] {
  const rows = settings.find(({ setting }) => setting.id === id)?.rows ?? [];
  return rows.flatMap((row) => (row === undefined ? [] : [{ id, name: row.name, register: row.register }]));
}

function erasedBy(id: string, { reading }: SetupArea, facts: PlanFacts): readonly ErasedLog[] {
  const recorder = reading.area === 'recorders' ? recorderOf(id) : undefined;
  // The label is no setup register of the recorder. Source: ION Reference, Data Recorder module.
  if (recorder === undefined || recorder.key === 'name') return [];
  const records = reading.records.get(recorder.number) ?? null;
  if (records === 0) return [];
  return [{ recorder: recorder.number, records, backup: facts.logBackup(recorder.number) }];
}

function lostLogs(changes: readonly Change[], { givenUp }: PlanFacts): readonly string[] {
  const lost = changes.flatMap(({ destroys }) => destroys).filter(({ backup }) => backup === 'missing');
  return lost
    .filter(({ recorder }) => !givenUp.has(recorder))
    .map(
      ({ recorder, records }) =>
        `The change erases the log of Data Recorder ${recorder} (${records === null ? 'its number of records is not known' : `${records} records`}), and no fresh, verified backup holds it.`,
    );
}

function consequencesOf(
  plan: SetupPlan,
  { reading }: SetupArea,
  id: string,
  to: SettingValue,
): readonly ConsequenceId[] {
  switch (plan.area) {
    case 'bacnet':
      return bacnetConsequences(id, to, reading.settings);
    case 'security':
      if (id.endsWith('.rights')) return losesFullConfig(reading, id, to) ? ['rights-may-lock-out'] : [];
      return [
        'policy-for-new-passwords-only',
        ...(id === 'minimumLength' && Number(to) < RECOMMENDED_LENGTH
          ? (['policy-below-recommended-length'] as const)
          : []),
      ];
    case 'recorders':
      return recorderConsequences(plan, reading.settings, reading.records, id);
  }
}

function bacnetConsequences(id: string, to: SettingValue, now: readonly Setting[]): readonly ConsequenceId[] {
  const enabled = now.find((setting) => setting.id === 'enabled')?.value === true;
  switch (id) {
    case 'enabled':
      return to === true ? ['bacnet-no-authentication'] : ['bacnet-off-for-clients'];
    case 'deviceId':
      return ['bacnet-id-must-be-unique', ...(enabled ? (['bacnet-clients-lose-device'] as const) : [])];
    case 'ethernetDeviceName':
      return ['bacnet-name-changes-dhcp-dns-dpws'];
    case 'deviceMode':
      return to === 'foreign' ? ['bacnet-registers-with-bbmd'] : [];
    default:
      return [];
  }
}

function losesFullConfig(reading: SetupArea['reading'], id: string, to: SettingValue): boolean {
  const before = reading.users.find(({ name }) => id === `${name}.rights`)?.rights ?? [];
  const after = typeof to === 'string' ? rightsOf(to) : [];
  const kept = new Set(after.flatMap((right) => [right, ...rightsNeededBy(right)]));
  return before.some((right) => !kept.has(right));
}

function recorderConsequences(
  plan: Extract<SetupPlan, { readonly area: 'recorders' }>,
  now: readonly Setting[],
  records: ReadonlyMap<number, number>,
  id: string,
): readonly ConsequenceId[] {
  const recorder = recorderOf(id);
  if (recorder === undefined || recorder.key === 'name') return [];
  const before = recordersAsRead(now).get(recorder.number) ?? null;
  const planned = plannedRecorder(plan.settings.recorders[String(recorder.number)] ?? {}, before);
  const found: ConsequenceId[] = records.get(recorder.number) === 0 ? [] : ['recorder-log-erased'];
  if (!planned.complete) return found;
  const after = planned.recorder;
  if (before !== null && compareRecorder(before, after).lessHistory) found.push('recorder-less-history');
  if (recorder.key === 'interval' && after.interval !== null && after.interval < HEAVY_BELOW) {
    found.push('recorder-heavy-logging');
  }
  if (recorder.key === 'insertOutageRecords' && after.insertOutageRecords && after.sources.some(isEnergy)) {
    found.push('recorder-zero-filled-energy');
  }
  if (recorder.key === 'sources' && after.sources.length > DLMS_COLUMNS) found.push('recorder-dlms-shows-16');
  return found;
}

/** Settings are written in the order of their definitions, and one that may cut the connection last. */
function inWritingOrder(changes: readonly Change[], settings: readonly ReadSetting[]): readonly Change[] {
  const place = new Map(settings.map(({ setting }, index) => [setting.id, index]));
  const rank = ({ id, mayCutConnection }: Change): number =>
    (place.get(id) ?? settings.length) + (mayCutConnection ? settings.length + 1 : 0);
  return [...changes].sort((a, b) => rank(a) - rank(b));
}
