import { z } from 'zod';
import { problemSchema, verdictSchema } from '../../shared/contract/domain.ts';
import {
  CHANGE_CHANNELS,
  CHANGE_OUTCOMES,
  type Change,
  type ChangeResult,
  SETTING_AREAS,
  type SettingArea,
  type SettingValue,
} from '../../shared/domain/change.ts';
import type { Problem } from '../../shared/domain/problem.ts';
import { overallVerdict, type Verdict } from '../../shared/domain/verdict.ts';
import { type AuditMark, auditMarkSchema } from '../inventory/audit-mark.ts';
import { type ReportSignature, signature } from './schema.ts';

const text = z.string();
const utc = z.iso.datetime();
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const bounded = z.string().max(100_000);

/** The Modbus map that settings were read and written through, and who confirmed its rows. */
export const usedMapSchema = z.object({
  fileName: bounded,
  sha256: bounded,
  provenance: bounded,
  confirmed: z.object({ by: bounded, at: bounded }).nullable(),
});

/**
 * One application of a plan as a file for other programs and for auditors: what each setting was, what was written and where, what was read again, by whom
 * and when. It holds no secret. Times are UTC (ISO 8601).
 */
export const runReportSchema = z.object({
  format: z.literal('meterwright-configuration-report/1'),
  headline: text,
  run: text,
  area: z.enum(SETTING_AREAS),
  at: utc,
  by: text,
  tool: z.object({ name: z.literal('Meterwright'), version: text }),
  writtenAt: utc,
  simulated: z.boolean(),
  meter: z.object({
    name: text.nullable(),
    serial: text.nullable(),
    firmware: text.nullable(),
    address: z.object({ host: text, modbusPort: count, unit: count }).nullable(),
  }),
  /** Verified: every setting was written, and is as planned when it was read again. Null where nothing was to be changed. */
  verdict: verdictSchema.nullable(),
  /** The Modbus map that the settings were read and written through; null without one. */
  map: usedMapSchema.nullable(),
  settings: z.array(
    z.object({
      id: text,
      before: text,
      planned: text,
      /** As the meter gave it after the last write. */
      readBack: text,
      channel: z.enum(CHANGE_CHANNELS),
      rows: z.array(z.object({ name: text, register: count })),
      /** `unknown` where the record ends before the outcome: the program was ended in between. */
      outcome: z.enum([...CHANGE_OUTCOMES, 'unknown']),
      because: text,
    }),
  ),
  /** Logs that the changes erased. */
  erased: z.array(
    z.object({
      recorder: count,
      records: count.nullable(),
      backup: z.enum(['fresh', 'missing']),
      givenUp: text.nullable(),
    }),
  ),
  plan: z.unknown(),
  problem: problemSchema.omit({ details: true }).nullable(),
  /** The audit trail after the last line of this run. A trail that is shorter, or has another line there, has lost lines. */
  audit: auditMarkSchema.extend({ check: text }).nullable(),
  signature,
});
export type RunReport = z.infer<typeof runReportSchema>;

/** What was kept of an application of a plan. */
export interface RunFacts extends Pick<RunReport, 'run' | 'area' | 'at' | 'by' | 'simulated' | 'map' | 'plan'> {
  readonly area: SettingArea;
  readonly meter: string | null;
  readonly serial: string | null;
  readonly firmware: string | null;
  readonly address: RunReport['meter']['address'];
  readonly targets: readonly { readonly id: string; readonly name: string; readonly register: number }[];
  readonly changes: readonly Change[];
  readonly givenUp: Readonly<Record<string, string>>;
  readonly results: readonly ChangeResult[];
  readonly problem: Problem | null;
  readonly audit: AuditMark | null;
}

/** One application of a plan as a report. Pure: every outcome in it is the one that was recorded then. */
export function runReportOf(
  facts: RunFacts,
  context: { readonly toolVersion: string; readonly now: Date; readonly signature: ReportSignature },
): RunReport {
  const { run, area, at, by, simulated, map, plan, meter, serial, firmware, address, problem, audit } = facts;
  const settings = facts.changes.map((change) => settingOf(change, facts));
  const verdict =
    settings.length === 0 ? null : overallVerdict(settings.map(({ outcome }) => ({ verdict: VERDICT[outcome] })));
  return {
    format: 'meterwright-configuration-report/1',
    headline: headlineOf(settings),
    ...{ run, area, at, by, simulated, map, plan },
    tool: { name: 'Meterwright', version: context.toolVersion },
    writtenAt: context.now.toISOString(),
    meter: { name: meter, serial, firmware, address },
    verdict,
    settings,
    erased: erasedLogs(facts),
    problem: problem === null ? null : withoutDetails(problem),
    audit: audit === null ? null : { ...audit, check: auditCheck(audit.lines) },
    signature: context.signature,
  };
}

type Outcome = RunReport['settings'][number]['outcome'];

const VERDICT: Readonly<Record<Outcome, Verdict>> = {
  written: 'verified',
  failed: 'mismatch',
  skipped: 'unknown',
  'cannot-be-read-back': 'unknown',
  unknown: 'unknown',
};

function settingOf(
  { id, from, to, channel }: Change,
  { results, targets, problem }: RunFacts,
): RunReport['settings'][number] {
  const rows = targets.filter((target) => target.id === id).map(({ name, register }) => ({ name, register }));
  const common = { id, before: valueText(from), planned: valueText(to), channel, rows };
  const result = results.find((one) => one.id === id);
  if (result !== undefined) {
    const { outcome, because, after } = result;
    return { ...common, readBack: valueText(after), outcome, because };
  }
  // A run without results failed as a whole, and then before anything was written.
  return problem === null
    ? { ...common, readBack: 'unread', outcome: 'unknown', because: 'The record ends before the outcome.' }
    : { ...common, readBack: 'unread', outcome: 'skipped', because: `Nothing was sent: ${problem.title}.` };
}

function headlineOf(settings: RunReport['settings']): string {
  if (settings.length === 0) return 'Nothing was to be changed.';
  const written = settings.filter(({ outcome }) => outcome === 'written').length;
  const settingsText = settings.length === 1 ? 'the setting was' : `the ${settings.length} settings were`;
  if (written === settings.length) {
    return `${settings.length === 1 ? 'The setting was' : `All ${settings.length} settings were`} written, and read again as planned.`;
  }
  return `${written === 0 ? 'None' : written} of ${settingsText} written and read again as planned.`;
}

function erasedLogs({ changes, givenUp }: RunFacts): RunReport['erased'] {
  const found = new Map<number, RunReport['erased'][number]>();
  for (const { recorder, records, backup } of changes.flatMap(({ destroys }) => destroys)) {
    found.set(recorder, { recorder, records, backup, givenUp: givenUp[String(recorder)] ?? null });
  }
  return [...found.values()];
}

/** A value of a setting in one line. */
export function valueText(value: SettingValue): string {
  if (value === null) return 'none';
  return String(value).split('\n').join(', ');
}

function withoutDetails({ code, title, because, meterState, nextStep }: Problem): NonNullable<RunReport['problem']> {
  return { code, title, because, meterState, nextStep };
}

function auditCheck(lines: number): string {
  return `SHA-256 of line ${lines} of audit.jsonl without its line break. With GNU tools: head -n ${lines} audit.jsonl | tail -n 1 | tr -d '\\n' | sha256sum`;
}
