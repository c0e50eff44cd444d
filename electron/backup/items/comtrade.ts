import { ok, problem } from '../../../shared/domain/problem.ts';
import { createLocalNames } from '../folder/local-names.ts';
import { brokenPairs } from '../waveforms/in-bag.ts';
import { halvesOf } from '../waveforms/pairs.ts';
import { downloadAll } from './download.ts';
import { METER_FOLDERS, openTree, writeIndex } from './folders.ts';
import { type ItemSource, nothingSaved } from './item.ts';
import { listRemoteTree, type Missed } from './remote-tree.ts';

/**
 * Waveform records. A firmware upgrade deletes them (vendor's COMTRADE overview), so this comes early. A record is a pair of .cfg and .dat, and each is
 * held to its own configuration; the folder is listed again at the end, because the meter goes on recording while it is read.
 */
export const comtradeItem: ItemSource = {
  id: 'comtrade',
  async save(context) {
    const folder = METER_FOLDERS.comtrade;
    const opened = await openTree(context, folder);
    if ('outcome' in opened) return opened.outcome;
    const { sftp, tree } = opened;
    if (!tree.exists) return ok(nothingSaved('unreachable', noFolder(folder)));
    const target = { folder: 'comtrade/files', names: createLocalNames() };
    const first = await downloadAll(context, sftp, tree.files, target);
    if (!first.ok) return first;
    const late = await lateFiles(context, new Set(tree.files.map((file) => file.path)));
    const second = await downloadAll(context, late.sftp ?? sftp, late.files, target);
    if (!second.ok) return second;
    const saved = [...first.value.saved, ...second.value.saved];
    const downloads = {
      saved,
      missed: [...tree.missed, ...first.value.missed, ...second.value.missed, ...late.missed],
      problem: first.value.problem ?? second.value.problem,
    };
    const broken = await brokenPairs(context.bag.folder, { files: saved });
    const doubt = [
      doubtAbout('Half of a record only', halvesOf(saved)),
      doubtAbout(
        'Not what their own configuration says',
        broken.map(({ original, because }) => `${original} (${because})`),
      ),
    ].filter((text) => text !== undefined);
    const facts = broken.length === 0 ? {} : { broken };
    return writeIndex(
      context,
      'comtrade',
      downloads,
      doubt.length === 0 ? facts : { ...facts, doubt: doubt.join(' ') },
    );
  },
};

/** What was recorded while the first pass ran. */
async function lateFiles(context: Parameters<ItemSource['save']>[0], known: ReadonlySet<string>) {
  const session = await context.meter.sftp(context.signal);
  const again = session.ok ? await listRemoteTree(session.value, METER_FOLDERS.comtrade, context.signal) : session;
  if (!session.ok || !again.ok) {
    const missed: Missed[] = [
      {
        original: METER_FOLDERS.comtrade,
        because: 'The folder could not be listed again after the files were read, so a newer record may be missing.',
      },
    ];
    return { files: [], missed };
  }
  return { sftp: session.value, files: again.value.files.filter((file) => !known.has(file.path)), missed: [] };
}

function doubtAbout(what: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return `${what}: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`;
}

function noFolder(folder: string) {
  return problem({
    code: 'backup/no-waveform-folder',
    title: 'The meter shows no folder with waveforms',
    because: `Its file server lists no ${folder}, so it is not known whether the meter holds waveform records.`,
    nextStep:
      'Save the waveforms with ION Setup and attach the file, or waive this item with the reason that there are none.',
  });
}
