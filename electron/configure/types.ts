import type { Change, ChangeResult, Plan, Setting, SettingArea, SettingValue } from '../../shared/domain/change.ts';
import type { HandOff } from '../../shared/domain/hand-off.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import type { Problem } from '../../shared/domain/problem.ts';
import type { MeterUser } from '../../shared/domain/settings/passwords/users.ts';
import type { RuleRow } from '../../shared/domain/settings/rule-row.ts';
import type { SetupValue } from '../meter/setup/types.ts';
import type { SiteMap, SiteMapRow } from '../meter/site-map/types.ts';

/**
 * How a setting stands in the registers of a Modbus map. `natural`: the register holds the value itself (a number with its unit, a text), as any map
 * would have it. The codes of the others (which number is "Foreign", which bit is a right) are in no document: they are those of simulated meters,
 * and such a setting is handed off on a real one.
 */
export interface SettingDefinition {
  /** {@link Setting.id}. */
  readonly id: string;
  readonly area: SettingArea;
  /** {@link Setting.label}. */
  readonly label: string;
  readonly unit?: string;
  readonly natural: boolean;
  /** The way to the meter may be gone after a change. */
  readonly mayCutConnection: boolean;
  /** Names of its rows in a map, in the order in which `read` and `write` take them. */
  readonly rows: readonly string[];
  /** The value of the registers; `unread` where they hold none. */
  read(values: readonly SetupValue['value'][]): SettingValue | 'unread';
  /** What the registers have to hold; undefined for a value that they cannot. */
  write(value: SettingValue): readonly (number | bigint | string)[] | undefined;
}

/** Which row of a map stands for which name of ours, and who said that it does. */
export interface Bindings {
  /** SHA-256 of the workbook, hex: another map needs another confirmation. */
  readonly mapSha256: string;
  /** Names that the technician bound to a row of another name; null: bound to none. */
  readonly names: Readonly<Record<string, string | null>>;
  /** By area. Nothing is written through rows that nobody has confirmed. */
  readonly confirmed: Readonly<Partial<Record<SettingArea, { readonly by: string; readonly at: string }>>>;
}

/** A name of ours and the row that was found for it. */
export interface BoundRow {
  readonly name: string;
  readonly row: SiteMapRow | undefined;
}

/** What an area of a meter says now. */
export interface AreaReading {
  readonly area: SettingArea;
  readonly identity: MeterIdentity;
  /** ISO 8601 UTC, by the clock of this PC. */
  readonly readAt: string;
  /** The map that it was read through; null without one. */
  readonly map: Pick<SiteMap, 'fileName' | 'sha256' | 'provenance'> | null;
  /** Whether the rows of this area were confirmed by a person. */
  readonly confirmed: boolean;
  readonly settings: readonly Setting[];
  /** Why nothing could be read, where that is so; the settings then say `unread`. */
  readonly trouble: Problem | null;
  /** MAC address as the meter writes it, area `bacnet`; null where it does not say. */
  readonly mac: string | null;
  /** Users with their rights, area `security`. */
  readonly users: readonly MeterUser[];
  /** Labels of the sources that a recorder can be given, area `recorders`; empty where the meter does not say. */
  readonly sources: readonly string[];
  /** Records that each Data Recorder holds now, by number, area `recorders`. */
  readonly records: ReadonlyMap<number, number>;
}

/** A plan against a meter, for a person to look at before anything is written. */
export interface PlanReview {
  readonly area: SettingArea;
  readonly plan: Plan;
  readonly reading: AreaReading;
  readonly rules: readonly RuleRow[];
  readonly changes: readonly Change[];
  /** The rows of the map that each change is written to, by setting. */
  readonly targets: readonly { readonly id: string; readonly name: string; readonly register: number }[];
  /** What is in the way, in words; empty when the plan can be applied. */
  readonly blocks: readonly string[];
  /** The change sheet for everything that this tool cannot write; null when there is nothing of the kind. */
  readonly handOff: HandOff | null;
}

/** What applying a plan came to. */
export interface ApplyOutcome {
  /** Name of this application of the plan, in the audit trail and of its record. */
  readonly run: string;
  readonly results: readonly ChangeResult[];
  /** What is left to do by hand. */
  readonly handOff: HandOff | null;
  /** The area read again after the last write; null when the meter did not answer any more. */
  readonly after: AreaReading | null;
  /** What ended it early, if anything did. */
  readonly problem: Problem | null;
}
