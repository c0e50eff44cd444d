import type { SecurityPlan, Setting, SetupPlan } from '../change.ts';
import { firmwareVersion } from '../firmware-version.ts';
import type { MeterIdentity } from '../identity.ts';
import { bacnetAsRead, policyAsRead, recordersAsRead } from './as-read.ts';
import { checkBacnet, type DeviceIdTaken } from './bacnet-check.ts';
import { checkPolicy } from './passwords/policy.ts';
import { checkUsers, type MeterUser } from './passwords/users.ts';
import { plannedRecorder } from './recorders/plan.ts';
import type { RecorderSettings } from './recorders/recorder.ts';
import { checkRecorders } from './recorders/recorders-check.ts';
import type { RuleRow } from './rule-row.ts';

/** What was read of an area, as far as the rules need it. */
interface ReadArea {
  readonly identity: Pick<MeterIdentity, 'firmware' | 'featureSet'>;
  readonly settings: readonly Setting[];
  /** Users with their rights, area `security`. */
  readonly users: readonly MeterUser[];
  /** MAC address as the meter writes it, area `bacnet`; null where it does not say. */
  readonly mac: string | null;
}

/** No firmware of this family is older; rules are asked with it where a meter does not say what it runs. */
const UNKNOWN_FIRMWARE = firmwareVersion('0.0.0');

/**
 * Every rule that a plan is held to, over what the meter says now. Settings that are neither planned nor read are not judged.
 *
 * @param deviceIdTaken whether another device answered to the planned Device ID
 */
export function planRules(plan: SetupPlan, reading: ReadArea, deviceIdTaken: DeviceIdTaken): readonly RuleRow[] {
  const firmware = reading.identity.firmware ?? UNKNOWN_FIRMWARE;
  switch (plan.area) {
    case 'bacnet': {
      const before = bacnetAsRead(reading.settings);
      const rows = checkBacnet(
        {
          enabled: false,
          deviceId: 0,
          deviceMode: 'normal',
          bbmdAddress: null,
          bbmdPort: null,
          ethernetDeviceName: 'unknown',
          ...before,
          ...plan.settings,
        },
        { firmware, mac: reading.mac, deviceIdTaken, before },
      );
      // Rules of settings that are neither planned nor read would judge values that nobody named.
      const known = new Set([...Object.keys(before), ...Object.keys(plan.settings)]);
      return rows.filter(({ field, rule }) => rule === 'firmware' || known.has(field));
    }
    case 'security': {
      const { users = {}, ...policy } = plan.settings;
      const wanted = { ...policyAsRead(reading.settings), ...policy };
      const { complexity, minimumLength } = wanted;
      const policyRows =
        complexity === undefined || minimumLength === undefined
          ? policyGaps(wanted)
          : checkPolicy({ complexity, minimumLength }, firmware);
      return [...policyRows, ...checkUsers(plannedUsers(reading.users, users), reading.users.length > 0)].filter(
        ({ rule }) => rule !== 'security-user' || reading.users.length > 0,
      );
    }
    case 'recorders': {
      const before = recordersAsRead(reading.settings);
      const planned = Object.entries(plan.settings.recorders).map(
        ([number, wanted]) => [Number(number), plannedRecorder(wanted, before.get(Number(number)) ?? null)] as const,
      );
      const complete = planned.flatMap(([number, result]): [number, RecorderSettings][] =>
        result.complete ? [[number, result.recorder]] : [],
      );
      const missing = planned.flatMap(([number, result]) =>
        result.complete ? [] : missingRow(number, result.missing),
      );
      const { featureSet } = reading.identity;
      const own = new Set(planned.map(([number]) => String(number)));
      const rows = checkRecorders(new Map([...before, ...complete]), { firmware, featureSet }, before.size > 0);
      // What the plan does not touch was there before, and is not this plan's to correct.
      return [...missing, ...rows.filter(({ field }) => !/^\d/.test(field) || own.has(field.split('.')[0] ?? ''))];
    }
  }
}

function policyGaps(policy: { readonly complexity?: unknown; readonly minimumLength?: unknown }): readonly RuleRow[] {
  const named = Object.keys(policy);
  if (named.length === 0) return [];
  return [
    {
      field: named.includes('complexity') ? 'minimumLength' : 'complexity',
      rule: 'minimum-length',
      verdict: 'block',
      because: 'What the meter has now could not be read, so the plan has to name both complexity and minimumLength.',
      limit: '',
    },
  ];
}

function missingRow(number: number, missing: readonly string[]): RuleRow {
  return {
    field: `${number}.${missing[0] ?? 'depth'}`,
    rule: 'depth',
    verdict: 'block',
    because: `Data Recorder ${number} could not be read, so the plan has to name ${missing.join(', ')}.`,
    limit: '',
  };
}

function plannedUsers(now: readonly MeterUser[], planned: NonNullable<SecurityPlan['users']>): readonly MeterUser[] {
  const changed = now.map((user) => {
    const wanted = planned[user.name];
    return wanted === undefined ? user : { ...user, rights: wanted.rights };
  });
  const others = Object.entries(planned).filter(([name]) => !now.some((user) => user.name === name));
  return [...changed, ...others.map(([name, { rights }]): MeterUser => ({ name, rights, password: 'unknown' }))];
}
