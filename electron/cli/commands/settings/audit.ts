import { resolve } from 'node:path';
import { readAudit, subjectOf } from '../../../inventory/audit.ts';
import { exportAudit, verifyAudit } from '../../../services/reports/audit.ts';
import { type CommandContext, houseFor } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../../terminal.ts';

/** `audit list` */
export async function auditList(context: CommandContext): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const trail = await readAudit(house.value.paths.audit);
  if (!trail.ok) return failedOutcome(trail.problem);
  const entries = trail.value.map(({ seq, at, event }) => ({ seq, at, ...event }));
  const lines = table(
    ['When', 'Who', 'Meter', 'Setting', 'Outcome'],
    trail.value.map(({ at, event }) => [at, event.by, event.serial, subjectOf(event), event.outcome]),
  );
  return { exit: EXIT.done, document: { entries }, lines };
}

/** `audit verify`: the chain of the trail, and its length against every mark that was set while it grew. */
export async function auditVerify(context: CommandContext): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const trail = await verifyAudit(house.value);
  if (!trail.ok) {
    const document = { problem: trail.problem, verdict: 'mismatch' };
    return { exit: EXIT.failed, document, lines: ['Verdict: mismatch', ...problemLines(trail.problem)] };
  }
  const { entries, marks, otherTrail } = trail.value;
  const lines = [
    `Verified: ${entries} entries, one chain`,
    marks === 0 && entries > 0
      ? 'No mark says how long it was: whether last lines are missing is not known.'
      : `Held against ${marks} marks: no last line is missing.`,
    ...(otherTrail === 0 ? [] : [`${otherTrail} records name an earlier trail, which is not here.`]),
  ];
  return { exit: EXIT.done, document: { verdict: 'verified', entries, marks, otherTrail }, lines };
}

/** `audit export --out FILE`: the trail as CSV, after it was checked. */
export async function auditExport(context: CommandContext, { out }: { readonly out: string }): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const file = resolve(out);
  const written = await exportAudit(house.value, file);
  if (!written.ok) return failedOutcome(written.problem);
  const { entries } = written.value;
  return { exit: EXIT.done, document: { file, entries }, lines: [`${entries} entries  ${file}`] };
}
