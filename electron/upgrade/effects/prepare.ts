import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { METER_STATE, problem } from '../../../shared/domain/problem.ts';
import { diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import { makeFolders } from '../../inventory/folders.ts';
import { folderOf, remotePath } from '../destination.ts';
import type { UpgradeEvent } from '../machine.ts';
import type { EffectContext, EffectRun } from '../session.ts';
import { readSnapshot } from '../snapshot.ts';

/** Logs in where the job will need it, and runs every gate on facts that are read now. A login is tried once, and before anything takes time. */
export const evaluateGates: EffectRun = async ({ job, ports, signal, note }) => {
  note({ message: 'Checking the meter, the package and this laptop' });
  if (job.plan.channel === 'sftp-direct') {
    const session = await ports.meter.sftp(signal);
    if (!session.ok) return { type: 'failed', problem: session.problem };
  }
  const gates = await ports.evaluateGates(signal);
  return gates.ok ? { type: 'gates-evaluated', gates: gates.value } : { type: 'failed', problem: gates.problem };
};

/** Makes sure that a verified, fresh backup of this meter lies on the disk. */
export const secureBackup: EffectRun = async ({ ports, signal, note }) => {
  note({ message: 'Securing the backup' });
  const secured = await ports.secureBackup(signal, note);
  if (!secured.ok) return { type: 'failed', problem: secured.problem };
  const { bag, fingerprint, gate } = secured.value;
  return { type: 'backup-verified', bag, fingerprint, gate };
};

/**
 * Writes what the verification will be compared with, and a copy of the remote file that the transfer would replace. On disk and fsynced before
 * the first byte is sent.
 */
export const saveBefore: EffectRun = async (context) => {
  const { ports, signal, note } = context;
  note({ message: 'Writing the state before the upgrade to disk' });
  const existing = await saveExisting(context);
  if (existing !== undefined) return existing;
  const snapshot = await readSnapshot(ports.meter, signal);
  if (!snapshot.ok) return { type: 'failed', problem: snapshot.problem };
  const text = `${JSON.stringify(snapshot.value, null, 2)}\n`;
  const file = join(ports.folder, 'before.json');
  const written = await writeFileDurably(file, text);
  if (!written.ok) return { type: 'failed', problem: written.problem };
  return { type: 'before-saved', file, sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
};

/** For files that go into a documented folder: what lies there under the same name is downloaded and hashed first. */
async function saveExisting({ job, ports, signal }: EffectContext): Promise<UpgradeEvent | undefined> {
  if (job.plan.target === 'main') return undefined;
  const sftp = await ports.meter.sftp(signal);
  if (!sftp.ok) return { type: 'failed', problem: sftp.problem };
  const path = remotePath(job.plan);
  const found = await sftp.value.stat(path, signal);
  if (!found.ok) return { type: 'failed', problem: found.problem };
  if (found.value === undefined) return undefined;
  if (found.value.kind !== 'file') {
    return {
      type: 'failed',
      problem: problem({
        code: 'upgrade/not-a-file',
        title: 'A folder has the name of the file to send',
        because: `${path} is not a file.`,
        meterState: METER_STATE.untouched,
        nextStep: 'Rename the file that you want to send.',
      }),
    };
  }
  const folder = join(ports.folder, 'replaced');
  try {
    await makeFolders(folder);
  } catch (thrown) {
    return { type: 'failed', problem: diskProblem(thrown, folder, 'written') };
  }
  const saved = await sftp.value.download(path, join(folder, job.plan.image.name), { signal });
  if (!saved.ok) return { type: 'failed', problem: saved.problem };
  const remote = await sftp.value.hash(path, { signal });
  if (!remote.ok) return { type: 'failed', problem: remote.problem };
  if (remote.value === saved.value.sha256) return undefined;
  return {
    type: 'failed',
    problem: problem({
      code: 'upgrade/replaced-file-unstable',
      title: 'The file that would be replaced could not be saved',
      because: `Two reads of ${path} in ${folderOf(job.plan)} gave different contents.`,
      meterState: METER_STATE.untouched,
      nextStep: 'Make sure that nobody else writes to the meter, then try again.',
    }),
  };
}
