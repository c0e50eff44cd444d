import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ComtradeConfig } from '../../../shared/domain/comtrade/types.ts';
import { fail, METER_STATE, ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { localPath } from '../../backup/bag/read.ts';
import { notAsSealed, readSeals } from '../../backup/bag/seals.ts';
import { createLocalNames } from '../../backup/folder/local-names.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import { pathExists } from '../../backup/folder/place.ts';
import { METER_FOLDERS } from '../../backup/items/folders.ts';
import { listRemoteTree, type RemoteEntry } from '../../backup/items/remote-tree.ts';
import { pairsInBag, readWaveformIndex, WAVEFORM_INDEX } from '../../backup/waveforms/in-bag.ts';
import { checkPair, halvesOf, type NamedFile, pairsOf, type WaveformPair } from '../../backup/waveforms/pairs.ts';
import { diskProblem } from '../../inventory/durable.ts';
import { makeFolders } from '../../inventory/folders.ts';
import type { SftpClient } from '../../protocols/sftp/types.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';

/** The largest file that is taken from a meter. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** A waveform record for a list; what its configuration says is null where it was not read (a meter's are read when they are exported). */
export interface WaveformRecordLine {
  /** Name on the meter without extension. */
  readonly name: string;
  readonly trigger: string | null;
  readonly samples: number | null;
  readonly channels: number | null;
  readonly revision: number | null;
  /** Why the record is not whole; null where it is, or was not looked at. */
  readonly problem: Problem | null;
}

export interface ExportedWaveforms {
  readonly records: readonly WaveformRecordLine[];
  /** Paths of the files that were written; their bytes are those of the meter. */
  readonly files: readonly string[];
  /** Files that belong to no record, and files that could not be read, with the reason. */
  readonly left: readonly { readonly name: string; readonly because: string }[];
}

/**
 * The records of a bag, each held to what was sealed and to its configuration: one whose bytes are others is told with `backup/file-changed` and not looked
 * into. A bag without waveforms has an empty list.
 */
export async function waveformsOfBag(bag: string): Promise<Result<readonly WaveformRecordLine[]>> {
  const sealed = await sealedRecords(bag);
  if (!sealed.ok) return sealed;
  const lines: WaveformRecordLine[] = [...sealed.value.refused];
  for (const { name, cfg, dat } of sealed.value.pairs) {
    lines.push(lineOf(name, await checkPair(localPath(bag, `data/${cfg.local}`), localPath(bag, `data/${dat.local}`))));
  }
  return ok(lines.sort((a, b) => a.name.localeCompare(b.name)));
}

interface SealedRecords {
  readonly pairs: readonly WaveformPair[];
  /** Records of which a file is not the one that was sealed. */
  readonly refused: readonly WaveformRecordLine[];
  /** Every file that the backup took, records and others. */
  readonly files: readonly NamedFile[];
}

/** The records of a bag by its list of them, which has to be the one that was sealed as well. */
async function sealedRecords(bag: string): Promise<Result<SealedRecords>> {
  const seals = await readSeals(bag);
  if (!seals.ok) return seals;
  const index = await readWaveformIndex(bag);
  if (!index.ok) return index;
  if (index.value === undefined) return ok({ pairs: [], refused: [], files: [] });
  const changed = await notAsSealed(bag, seals.value, WAVEFORM_INDEX);
  if (changed !== undefined) return { ok: false, problem: changed };
  const pairs: WaveformPair[] = [];
  const refused: WaveformRecordLine[] = [];
  for (const pair of pairsInBag(index.value)) {
    const wrong =
      (await notAsSealed(bag, seals.value, `data/${pair.cfg.local}`)) ??
      (await notAsSealed(bag, seals.value, `data/${pair.dat.local}`));
    if (wrong === undefined) pairs.push(pair);
    else refused.push(lineOf(pair.name, { ok: false, problem: wrong }));
  }
  return ok({ pairs, refused, files: index.value.files });
}

/** The records that a meter shows in its folder now, by their names. */
export function waveformsOfMeter(
  house: House,
  access: Access,
  signal?: AbortSignal,
): Promise<Result<readonly WaveformRecordLine[]>> {
  return withMeter(house, access, async (meter) => {
    const listed = await remoteFiles(await meter.sftp(signal), signal);
    return listed.ok ? ok(pairsOf(listed.value.named).map(({ name }) => lineOf(name, undefined))) : listed;
  });
}

/**
 * Copies the records of a bag into a folder, untouched, and checks the copies. A record that is not the one that was sealed is not copied and says so; files
 * that are there are never replaced (`waveforms/file-exists`).
 */
export async function exportWaveformsOfBag(bag: string, out: string): Promise<Result<ExportedWaveforms>> {
  const sealed = await sealedRecords(bag);
  if (!sealed.ok) return sealed;
  const { pairs, refused, files } = sealed.value;
  const wanted = pairs.flatMap(({ cfg, dat }) => [cfg, dat]);
  const exported = await exportFiles(wanted, out, files, async (file, target) => {
    await copyFile(localPath(bag, `data/${file.local}`), target, constants.COPYFILE_EXCL);
    return ok(undefined);
  });
  if (!exported.ok) return exported;
  return ok({ ...exported.value, records: [...refused, ...exported.value.records] });
}

/** Takes the records of a meter into a folder, untouched, and checks them there. */
export function exportWaveformsOfMeter(
  house: House,
  access: Access,
  out: string,
  options: { readonly signal?: AbortSignal; readonly onFile?: (name: string) => void } = {},
): Promise<Result<ExportedWaveforms>> {
  const { signal } = options;
  return withMeter(house, access, async (meter) => {
    const session = await meter.sftp(signal);
    const listed = await remoteFiles(session, signal);
    if (!session.ok) return session;
    if (!listed.ok) return listed;
    const files = pairsOf(listed.value.named).flatMap(({ cfg, dat }) => [cfg, dat]);
    return exportFiles(files, out, listed.value.named, async (file, target) => {
      options.onFile?.(file.original);
      const got = await session.value.download(file.original, target, {
        maxBytes: MAX_FILE_BYTES,
        ...(signal === undefined ? {} : { signal }),
      });
      return got.ok ? ok(undefined) : got;
    });
  });
}

async function remoteFiles(
  session: Result<SftpClient>,
  signal: AbortSignal | undefined,
): Promise<Result<{ readonly named: readonly NamedFile[] }>> {
  if (!session.ok) return session;
  const tree = await listRemoteTree(session.value, METER_FOLDERS.comtrade, signal);
  if (!tree.ok) return tree;
  const named = tree.value.files.map(({ path }: RemoteEntry) => ({ original: path, local: path }));
  return ok({ named });
}

async function exportFiles(
  files: readonly NamedFile[],
  out: string,
  all: readonly Pick<NamedFile, 'original'>[],
  bring: (file: NamedFile, target: string) => Promise<Result<void>>,
): Promise<Result<ExportedWaveforms>> {
  const apart = await outsideBags(out);
  if (!apart.ok) return apart;
  const names = createLocalNames();
  const written: NamedFile[] = [];
  const left = halvesOf(all).map((name) => ({ name, because: 'The other half of the record is missing.' }));
  for (const file of files) {
    const target = join(out, ...names.allocate(file.original.split('/').slice(1)).split('/'));
    try {
      await makeFolders(dirname(target));
      // Taking a file from a meter would replace what is there.
      if (await pathExists(target)) return exists(target);
      const brought = await bring(file, target);
      if (!brought.ok) return brought;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return exists(target);
      return { ok: false, problem: diskProblem(thrown, target, 'written') };
    }
    written.push({ original: file.original, local: target });
  }
  const records: WaveformRecordLine[] = [];
  for (const { name, cfg, dat } of pairsOf(written)) records.push(lineOf(name, await checkPair(cfg.local, dat.local)));
  return ok({ records, files: written.map(({ local }) => local), left });
}

function lineOf(name: string, checked: Result<ComtradeConfig> | undefined): WaveformRecordLine {
  if (checked === undefined || !checked.ok) {
    const nothing = { trigger: null, samples: null, channels: null, revision: null };
    return { name, ...nothing, problem: checked === undefined ? null : checked.problem };
  }
  const { trigger, samples, analog, digital, revision } = checked.value;
  const at = new Date(trigger.time).toISOString();
  return { name, trigger: at, samples, channels: analog.length + digital.length, revision, problem: null };
}

function exists(target: string): Result<never> {
  return fail({
    code: 'waveforms/file-exists',
    title: 'A file of that name is there already',
    because: `${target} is not replaced.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Choose an empty folder.',
  });
}

/** The problem of an export of which something is not whole; undefined when everything is. */
export function notWhole({ records, left }: Pick<ExportedWaveforms, 'records' | 'left'>): Problem | undefined {
  const broken = records.filter((record) => record.problem !== null);
  if (broken.length === 0 && left.length === 0) return undefined;
  const [first] = [
    ...broken.map(({ name, problem: why }) => `${name}: ${why?.because ?? ''}`),
    ...left.map(({ name, because }) => `${name}: ${because}`),
  ];
  return problem({
    code: 'waveforms/not-whole',
    title: 'Not every waveform record is whole',
    because: `${broken.length} records are broken and ${left.length} files stand alone; the first is ${first ?? ''}`,
    nextStep: 'Take the records from the meter again while it still has them, or use another backup.',
  });
}
