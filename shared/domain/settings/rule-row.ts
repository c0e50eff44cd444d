import type { GateVerdict } from '../gate.ts';

/**
 * What one rule says of one field of a plan. A `block` must be corrected; a `warn` is for the person to decide; `unknown` is what this
 * tool cannot find out.
 */
export interface RuleRow {
  /** The setting it is about, as {@link Setting.id} spells it. */
  readonly field: string;
  /** Key of the rule's text within `rules:rule`. */
  readonly rule: RuleId;
  readonly verdict: GateVerdict;
  /** One English sentence, for every verdict. */
  readonly because: string;
  /** The limit that was applied, as people write it ("0 to 4194302"); empty where the rule has none. */
  readonly limit: string;
}

/** Every rule that settings are held to; each has a text. */
export const RULE_IDS = [
  'firmware',
  'device-id-range',
  'device-id-default',
  'device-id-unique',
  'bbmd-needed',
  'bbmd-address',
  'bbmd-port',
  'device-name-length',
  'device-name-characters',
  'device-name-shared',
  'enable',
  'minimum-length',
  'recommended-length',
  'user-name',
  'right-implied',
  'full-config-user',
  'security-user',
  'password-to-change',
  'recorder-number',
  'sources',
  'interval',
  'heavy-logging',
  'burst',
  'depth',
  'buffer-depth',
  'burst-multiple',
  'outage-count',
  'zero-fill',
  'dlms-columns',
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/** True when no row stops the plan. */
export function allowsPlan(rows: readonly Pick<RuleRow, 'verdict'>[]): boolean {
  return rows.every(({ verdict }) => verdict !== 'block');
}
