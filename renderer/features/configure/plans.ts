import type {
  Change,
  ErasedLog,
  RecordersPlan,
  Setting,
  SettingValue,
  SetupPlan,
} from '../../../shared/domain/change.ts';
import type { GateVerdict } from '../../../shared/domain/gate.ts';
import type { BacnetSettings } from '../../../shared/domain/settings/bacnet.ts';
import { desiredSettings } from '../../../shared/domain/settings/desired.ts';
import type { RecorderSettings } from '../../../shared/domain/settings/recorders/recorder.ts';
import type { RuleRow } from '../../../shared/domain/settings/rule-row.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';

/** An area that stands in setup registers. */
export type SetupAreaName = SetupPlan['area'];

/** A plan that wants nothing. */
export function emptyPlan(area: SetupAreaName): SetupPlan {
  return area === 'recorders' ? { area, settings: { recorders: {} } } : { area, settings: {} };
}

/** True for a plan that leaves everything as it is. */
export function wantsNothing(plan: SetupPlan): boolean {
  return desiredSettings(plan).size === 0;
}

/** BACnet/IP settings in any part. */
type Bacnet = Partial<BacnetSettings>;

/**
 * The plan with one more wish. What the meter has already is no wish, and `undefined` takes the wish back, so that the plan holds what is to become
 * different and nothing else.
 */
export function wishBacnet<Key extends keyof BacnetSettings>(
  plan: Bacnet,
  now: Bacnet,
  key: Key,
  value: BacnetSettings[Key] | undefined,
): Bacnet {
  const { [key]: _, ...rest } = plan;
  return value === undefined || value === now[key] ? rest : { ...rest, [key]: value };
}

/** As {@link wishBacnet}, for a Data Recorder; one that wants nothing leaves the plan. */
export function wishRecorder<Key extends keyof RecorderSettings>(
  plan: RecordersPlan,
  now: RecorderSettings | null,
  number: number,
  key: Key,
  value: RecorderSettings[Key] | undefined,
): RecordersPlan {
  const { [String(number)]: before = {}, ...others } = plan.recorders;
  const { [key]: _, ...rest } = before;
  const own: Partial<RecorderSettings> =
    value === undefined || sameValue(value, now?.[key]) ? rest : { ...rest, [key]: value };
  return { recorders: Object.keys(own).length === 0 ? others : { ...others, [String(number)]: own } };
}

function sameValue(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((item, index) => item === b[index])
    : a === b;
}

/** The plan without its wishes for one recorder. */
export function leaveRecorder(plan: RecordersPlan, number: number): RecordersPlan {
  const { [String(number)]: _, ...others } = plan.recorders;
  return { recorders: others };
}

const WEIGHT: Readonly<Record<GateVerdict, number>> = { pass: 0, unknown: 1, warn: 2, block: 3 };

/** What is to be said of a field: what stands in the way first; where nothing does, the first good word. */
export function sayingOf(rules: readonly RuleRow[], field: string): readonly RuleRow[] {
  const own = rules.filter((row) => row.field === field);
  const open = own.filter(({ verdict }) => verdict !== 'pass');
  return open.length > 0 ? open.sort((a, b) => WEIGHT[b.verdict] - WEIGHT[a.verdict]) : own.slice(0, 1);
}

/** The worst verdict among the rules of fields; null where no rule is about them. */
export function worstOf(rules: readonly RuleRow[], isOwn: (field: string) => boolean): GateVerdict | null {
  return rules
    .filter(({ field }) => isOwn(field))
    .reduce<GateVerdict | null>(
      (worst, { verdict }) => (worst === null || WEIGHT[verdict] > WEIGHT[worst] ? verdict : worst),
      null,
    );
}

/** Every log that changes erase, once. */
export function erasedLogs(changes: readonly Change[]): readonly ErasedLog[] {
  const byRecorder = new Map(changes.flatMap(({ destroys }) => destroys.map((log) => [log.recorder, log])));
  return [...byRecorder.values()].sort((a, b) => a.recorder - b.recorder);
}

/** One wish of a plan held against a reading. */
export interface CheckedWish {
  readonly id: string;
  readonly wanted: SettingValue;
  readonly now: Setting['value'];
  /** `unknown`: nothing could be read, so nothing is confirmed. */
  readonly verdict: Extract<Verdict, 'verified' | 'mismatch'> | 'unknown';
  readonly because: string;
}

/** What of a plan the meter has now, wish by wish, from a fresh reading. */
export function checkWishes(plan: SetupPlan, settings: readonly Setting[]): readonly CheckedWish[] {
  const byId = new Map(settings.map((setting) => [setting.id, setting]));
  return [...desiredSettings(plan)].map(([id, wanted]): CheckedWish => {
    const found = byId.get(id);
    const now = found === undefined ? 'unread' : found.value;
    const verdict = now === 'unread' ? 'unknown' : now === wanted ? 'verified' : 'mismatch';
    return { id, wanted, now, verdict, because: found?.because ?? '' };
  });
}

/** Settings that belong to one meter only, so that a plan for many must not have them. */
export function ownToOneMeter(plan: SetupPlan): readonly string[] {
  if (plan.area !== 'bacnet') return [];
  return (['deviceId', 'ethernetDeviceName'] as const).filter((key) => plan.settings[key] !== undefined);
}

/** The plan without what belongs to one meter only. */
export function forManyMeters(plan: SetupPlan): SetupPlan {
  if (plan.area !== 'bacnet') return plan;
  const { deviceId: _id, ethernetDeviceName: _name, ...settings } = plan.settings;
  return { area: 'bacnet', settings };
}
