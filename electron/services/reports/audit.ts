import { ok, type Result } from '../../../shared/domain/problem.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import { type AuditEntry, type CheckedTrail, checkAudit, readAudit, subjectOf } from '../../inventory/audit.ts';
import { writeFileDurably } from '../../inventory/durable.ts';
import { csvText } from '../../report/formats/csv-text.ts';
import type { House } from '../house.ts';
import { listConfigurations } from '../settings/configuration-record.ts';

const COLUMNS = ['seq', 'at', 'run', 'by', 'serial', 'what', 'from', 'to', 'channel', 'outcome', 'because', 'previous'];

/** Checks the audit trail against its own end and against the marks in the records of all runs; see `checkAudit`. */
export async function verifyAudit({ paths }: Pick<House, 'paths'>): Promise<Result<CheckedTrail>> {
  const records = await listConfigurations({ paths });
  return checkAudit(
    paths,
    records.flatMap(({ audit }) => audit ?? []),
  );
}

/** Writes the trail as CSV, oldest first; one that is damaged is not exported. An existing file is replaced, and nothing is written inside a backup. */
export async function exportAudit(
  { paths }: Pick<House, 'paths'>,
  file: string,
): Promise<Result<{ readonly entries: number }>> {
  const apart = await outsideBags(file);
  if (!apart.ok) return apart;
  const trail = await readAudit(paths.audit);
  if (!trail.ok) return trail;
  const written = await writeFileDurably(file, csvText([COLUMNS, ...trail.value.map(rowOf)]));
  return written.ok ? ok({ entries: trail.value.length }) : written;
}

function rowOf({ seq, at, event, previous }: AuditEntry): readonly string[] {
  const { run, by, serial, channel, outcome, because } = event;
  const [from, to] = event.kind === 'password' ? ['', ''] : [String(event.from ?? 'none'), String(event.to ?? 'none')];
  return [String(seq), at, run, by, serial, subjectOf(event), from, to, channel, outcome, because, previous];
}
