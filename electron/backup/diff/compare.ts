import type { BackupItemId } from '../../../shared/domain/backup.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import type { RegisterGroup } from '../../meter/types.ts';
import type { FileIndex } from '../folder/file-index.ts';
import { type RegisterFile, registerText } from '../register-file.ts';
import type { BackupDiff } from '../types.ts';

/** Items that consist of files. */
export type FileItem = Extract<BackupItemId, 'comtrade' | 'documents' | 'web' | 'iec61850' | 'ion-setup-exports'>;
export const FILE_ITEMS: readonly FileItem[] = ['comtrade', 'documents', 'web', 'iec61850', 'ion-setup-exports'];

/** Items of which both sides may have something; of the others there is only the word that they were not compared. */
export const COMPARED_ITEMS: ReadonlySet<BackupItemId> = new Set<BackupItemId>([
  'identity',
  'clock',
  'registers',
  'energies',
  ...FILE_ITEMS,
  'recorder-logs',
  'event-log',
]);

const COMPARED_GROUPS: ReadonlySet<RegisterGroup> = new Set<RegisterGroup>(['identity', 'setup', 'io', 'energy']);

/** The hash of a file by its name on the meter; `sha256` is null where only its presence and size are known. */
export interface ComparedFile extends Pick<FileIndex['files'][number], 'original' | 'size'> {
  readonly sha256: string | null;
  /** Why it was not read. */
  readonly because?: string;
}

/** A log, as far as it is compared: rows are not, because a log goes on by itself. */
export interface ComparedLog extends Pick<RecorderInfo, 'kind' | 'name' | 'first' | 'last'> {
  readonly rows: number;
}

/** One of the two things that are compared. */
export interface ComparedSide {
  /** In sentences: "the first backup", "the meter". */
  readonly name: string;
  readonly identity: MeterIdentity;
  readonly registers: RegisterFile | undefined;
  readonly files: ReadonlyMap<FileItem, readonly ComparedFile[]>;
  /** Logs by their id: how many rows from when to when; undefined when this side has none at all. */
  readonly logs: ReadonlyMap<string, ComparedLog> | undefined;
  /** Items that this side does not have (or not wholly), and why. */
  readonly unread: ReadonlyMap<BackupItemId, string>;
}

interface Tally {
  compared: number;
  readonly different: BackupDiff['different'][number][];
  readonly unread: BackupDiff['unread'][number][];
}

/** Compares everything that both sides have, and names everything that only one of them has or none. */
export function compareAll(a: ComparedSide, b: ComparedSide): BackupDiff {
  const tally: Tally = { compared: 0, different: [], unread: [] };
  compareIdentity(a.identity, b.identity, tally);
  compareRegisters(a, b, tally);
  for (const item of FILE_ITEMS) compareFiles(item, a, b, tally);
  compareLogs(a, b, tally);
  for (const side of [a, b]) {
    for (const [item, because] of side.unread) {
      // The clock is not compared in any case.
      if (item !== 'clock') tally.unread.push({ id: item, label: `${item} of ${side.name}`, because });
    }
  }
  return tally;
}

const IDENTITY_LABELS: Readonly<Record<keyof MeterIdentity, string>> = {
  name: 'Name',
  model: 'Model',
  serial: 'Serial number',
  firmware: 'Firmware',
  productId: 'Product id',
  commercialReference: 'Commercial reference',
  manufacturer: 'Manufacturer',
  featureSet: 'Feature set',
  simulated: 'Simulated',
};

function compareIdentity(a: MeterIdentity, b: MeterIdentity, tally: Tally): void {
  const left = identityTexts(a);
  const right = identityTexts(b);
  for (const [field, label] of Object.entries(IDENTITY_LABELS)) {
    const id = `identity/${field}`;
    const [x, y] = [left.get(field), right.get(field)];
    if (x === undefined || y === undefined) {
      tally.unread.push({ id, label, because: x === y ? 'Neither side has it.' : 'Only one side has it.' });
      continue;
    }
    note(tally, id, label, x, y);
  }
}

function identityTexts(identity: MeterIdentity): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [field, value] of Object.entries({ ...identity, firmware: null })) {
    if (value !== null && value !== 'unknown') texts.set(field, String(value));
  }
  if (identity.firmware !== null) texts.set('firmware', formatFirmware(identity.firmware));
  return texts;
}

type Row = RegisterFile['values'][number];

function compareRegisters(a: ComparedSide, b: ComparedSide, tally: Tally): void {
  const left = byId(a.registers);
  const right = byId(b.registers);
  if (a.registers === undefined || b.registers === undefined) return;
  for (const id of new Set([...left.keys(), ...right.keys()])) {
    const [x, y] = [left.get(id), right.get(id)];
    const label = x?.label ?? y?.label ?? id;
    if (x === undefined || y === undefined) {
      const side = x === undefined ? a : b;
      const because =
        side.registers?.unread.find((row) => row.id === id)?.because ?? `${side.name} has no such register.`;
      tally.unread.push({ id: `register/${id}`, label, because });
    } else {
      const energy = x.group === 'energy' && !x.unavailable && !y.unavailable;
      note(
        tally,
        `register/${id}`,
        energy ? `${label} (counts on by itself)` : label,
        registerText(x),
        registerText(y),
      );
    }
  }
  for (const row of a.registers.unread) {
    if (COMPARED_GROUPS.has(row.group) && !left.has(row.id) && !right.has(row.id)) {
      tally.unread.push({ id: `register/${row.id}`, label: row.label, because: row.because });
    }
  }
}

function byId(file: RegisterFile | undefined): ReadonlyMap<string, Row> {
  return new Map((file?.values ?? []).filter((row) => COMPARED_GROUPS.has(row.group)).map((row) => [row.id, row]));
}

function compareFiles(item: FileItem, a: ComparedSide, b: ComparedSide, tally: Tally): void {
  const left = a.files.get(item);
  const right = b.files.get(item);
  if (left === undefined || right === undefined) return;
  const [ours, theirs] = [byName(left), byName(right)];
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const [x, y] = [ours.get(name), theirs.get(name)];
    const id = `file/${name}`;
    const unknown = x?.because ?? y?.because;
    if (unknown !== undefined) tally.unread.push({ id, label: name, because: unknown });
    else if (x === undefined && a.unread.has(item))
      tally.unread.push({
        id,
        label: name,
        because: `It may be missing in ${a.name} only because not everything was read there.`,
      });
    else if (y === undefined && b.unread.has(item))
      tally.unread.push({
        id,
        label: name,
        because: `It may be missing in ${b.name} only because not everything was read there.`,
      });
    else note(tally, id, name, fileText(x, y), fileText(y, x));
  }
}

function byName(files: readonly ComparedFile[]): ReadonlyMap<string, ComparedFile> {
  return new Map(files.map((file) => [file.original, file]));
}

/** Logs by number of rows, first and last: between two moments they differ, and a log that lost rows shows it. */
function compareLogs(a: ComparedSide, b: ComparedSide, tally: Tally): void {
  if (a.logs === undefined || b.logs === undefined) return;
  for (const log of new Set([...a.logs.keys(), ...b.logs.keys()])) {
    const [x, y] = [a.logs.get(log), b.logs.get(log)];
    const item: BackupItemId = (x ?? y)?.kind === 'events' ? 'event-log' : 'recorder-logs';
    const id = `log/${log}`;
    const label = `${x?.name ?? y?.name ?? log} (goes on by itself)`;
    const lacking = x === undefined ? a : b;
    if ((x === undefined || y === undefined) && lacking.unread.has(item)) {
      tally.unread.push({ id, label, because: `It is not in ${lacking.name}: ${lacking.unread.get(item) ?? ''}` });
    } else note(tally, id, label, logText(x), logText(y));
  }
}

function logText(log: ComparedLog | undefined): string {
  if (log === undefined) return 'not there';
  if (log.rows === 0) return 'no rows';
  return `${log.rows} rows, ${log.first ?? 'no time'} to ${log.last ?? 'no time'}`;
}

function fileText(file: ComparedFile | undefined, other: ComparedFile | undefined): string {
  if (file === undefined) return 'not there';
  const size = `${file.size} bytes`;
  // Sizes that differ say enough: one of the two was not hashed then.
  return file.sha256 === null || other?.sha256 === null ? size : `${size}, SHA-256 ${file.sha256}`;
}

function note(tally: Tally, id: string, label: string, a: string, b: string): void {
  tally.compared += 1;
  if (a !== b) tally.different.push({ id, label, a, b });
}
