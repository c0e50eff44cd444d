import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { METER_STATE, type Problem, problem, reasonOf } from '../../../shared/domain/problem.ts';
import { type Finding, overallVerdict } from '../../../shared/domain/verdict.ts';
import { compareSnapshots } from '../compare.ts';
import { remotePath } from '../destination.ts';
import type { UpgradeEvent, UpgradeJob } from '../machine.ts';
import type { EffectContext, EffectRun } from '../session.ts';
import { readSnapshot, snapshotSchema, type UpgradeSnapshot } from '../snapshot.ts';
import { imageStatus } from './await-return.ts';

/** Reads the meter again and compares; the verdict comes from this read and nothing else. */
export const verify: EffectRun = async (context) => {
  const { ports, signal, note } = context;
  const job = await context.emit({ type: 'verification-started' });
  note({ message: 'Reading the meter again and comparing' });
  const before = await loadBefore(job);
  if ('problem' in before)
    return { type: 'interrupted', because: 'The snapshot before is missing.', problem: before.problem };
  const after = await readSnapshot(ports.meter, signal);
  if (!after.ok) {
    return { type: 'interrupted', because: 'The meter could not be read again.', problem: after.problem };
  }
  const target = job.plan.target === 'main' ? job.plan.targetVersion : before.snapshot.identity.firmware;
  const findings = [...compareSnapshots(before.snapshot, after.value, target), ...(await fileFinding(context))];
  return { type: 'compared', findings, verdict: overallVerdict(findings), after: after.value.identity };
};

const WHAT_THE_METER_DOES = 'What the meter makes of the file is not readable over open protocols.';

/** For a file in a documented folder: read back whole and hashed. */
async function fileFinding({ job, ports, signal, note }: EffectContext): Promise<readonly Finding[]> {
  if (job.plan.target === 'main') return [];
  const path = remotePath(job.plan);
  note({ message: 'Reading the file back from the meter' });
  const shared = { id: 'file', before: job.plan.image.sha256 };
  const sftp = await ports.meter.sftp(signal);
  const hash = sftp.ok ? await sftp.value.hash(path, { signal }) : sftp;
  if (!hash.ok) {
    return [{ ...shared, verdict: 'unknown', after: 'not readable', because: `${path}: ${hash.problem.because}` }];
  }
  return hash.value === job.plan.image.sha256
    ? [
        {
          ...shared,
          verdict: 'verified',
          after: hash.value,
          because: `${path} was read back and has the same SHA-256. ${WHAT_THE_METER_DOES}`,
        },
      ]
    : [{ ...shared, verdict: 'mismatch', after: hash.value, because: `${path} was read back and differs.` }];
}

async function loadBefore(job: UpgradeJob): Promise<{ snapshot: UpgradeSnapshot } | { problem: Problem }> {
  if (job.beforeFile === null)
    return { problem: lostBefore('The job has no snapshot of the meter before the upgrade.') };
  try {
    const text = await readFile(job.beforeFile.file, 'utf8');
    if (createHash('sha256').update(text, 'utf8').digest('hex') !== job.beforeFile.sha256) {
      return { problem: lostBefore('The file was changed after it was written.') };
    }
    return { snapshot: snapshotSchema.parse(JSON.parse(text)) };
  } catch (thrown) {
    return { problem: lostBefore(reasonOf(thrown).slice(0, 300)) };
  }
}

function lostBefore(because: string): Problem {
  return problem({
    code: 'upgrade/before-unreadable',
    title: 'There is nothing to compare the meter with',
    because,
    meterState: METER_STATE.unknown,
    nextStep: 'Compare the meter with its backup (backup diff) and keep the result with the report.',
  });
}

/** After a crash: what does the meter run, and what does it say of the image? */
export const askMeter: EffectRun = async ({ job, ports, signal, note }) => {
  note({ message: 'Asking the meter what became of the upgrade' });
  const identity = await ports.meter.identify(signal);
  if (!identity.ok) {
    return { type: 'meter-asked', identity: null, image: 'unknown', because: identity.problem.because };
  }
  const image = await imageStatus({ job, ports, signal });
  return { type: 'meter-asked', identity: identity.value, image, because: 'The meter answered.' };
};

/** Writes the report of an ended job. A report that cannot be written does not change what became of the meter. */
export async function report({ job, ports }: Pick<EffectContext, 'job' | 'ports'>): Promise<UpgradeEvent> {
  const written = await ports.writeReport(job);
  if (!written.ok) return { type: 'failed', problem: written.problem };
  return { type: 'reported', file: written.value.file, sha256: written.value.sha256 };
}
