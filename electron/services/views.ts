import type { z } from 'zod';
import type {
  BackupProgressView,
  journalLineSchema,
  PackageView,
  Reading,
  ValueView,
} from '../../shared/contract/views.ts';
import { formatIonSetup } from '../../shared/domain/ion-setup-version.ts';
import type { BackupProgress } from '../backup/types.ts';
import type { FirmwarePackage } from '../firmware/types.ts';
import { describeValue } from '../meter/describe.ts';
import type { RegisterSnapshot, RegisterValue } from '../meter/types.ts';
import type { JournalEntry } from '../upgrade/journal.ts';

/** The details of an event are evidence in the journal; a list shows their beginning. */
const MAX_DETAIL = 4_000;

/** A snapshot as the page and the terminal see it. */
export function readingOf(snapshot: RegisterSnapshot): Reading {
  return {
    startedAt: snapshot.startedAt,
    endedAt: snapshot.endedAt,
    values: snapshot.values.map(valueView),
    unread: snapshot.unread.map(({ row, because }) => ({ id: row.id, register: row.register, because })),
  };
}

function valueView(read: RegisterValue): ValueView {
  const { row, value, unavailable } = read;
  return {
    id: row.id,
    register: row.register,
    type: row.type,
    label: row.label,
    group: row.group,
    value: typeof value === 'bigint' ? value.toString() : value,
    unavailable,
    unit: row.unit,
    text: describeValue(read),
    provenance: row.provenance,
  };
}

/** A package without its bytes. */
export function packageViewOf(found: FirmwarePackage): PackageView {
  return {
    file: found.file,
    format: found.format,
    sha256: found.sha256,
    members: found.members.map(({ path, role, size, sha256, listed }) => ({ path, role, size, sha256, listed })),
    targetVersion: found.targetVersion,
    targetVersionFrom: found.targetVersionFrom,
    model: found.model,
    minimumIonSetup: found.minimumIonSetup === null ? null : formatIonSetup(found.minimumIonSetup),
    signature: found.signature,
    simulated: found.simulated,
    problems: [...found.problems],
  };
}

/** Progress of a backup as the page sees it. */
export function backupProgressOf({ item, step, message, bytes, rows }: BackupProgress): BackupProgressView {
  return {
    item,
    message,
    done: step.index,
    total: step.count,
    ...(bytes === undefined ? {} : { bytes: { done: bytes.done, total: bytes.total, perSecond: bytes.perSecond } }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** A line of a journal for people: the type of the event, and what else it holds as JSON. */
export function journalLineOf({ seq, at, event }: JournalEntry): z.infer<typeof journalLineSchema> {
  const { type, ...rest } = event;
  const detail = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
  return { seq, at, type, detail: detail.slice(0, MAX_DETAIL) };
}
