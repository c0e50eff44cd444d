import { setTimeout as delay } from 'node:timers/promises';
import { compareFirmware, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { problem } from '../../../shared/domain/problem.ts';
import { mainImageHandOff } from '../../firmware/channels/ion-setup.ts';
import { readStatus } from '../../firmware/channels/sftp-direct.ts';
import { folderOf } from '../destination.ts';
import type { ImageStatus, UpgradeEvent, UpgradeJob } from '../machine.ts';
import type { EffectContext, EffectRun } from '../session.ts';

/** Shows the instructions, then watches the meter until it comes back with another firmware. */
export const handOff: EffectRun = async (context) => {
  const { job, ports } = context;
  await ports.handOff(
    mainImageHandOff({
      host: job.plan.address.host,
      meterName: job.plan.before.name,
      serial: job.plan.before.serial,
      packageFile: job.plan.file,
      packageSha256: job.plan.fileSha256,
      targetVersion: job.plan.targetVersion,
      minimumIonSetup: job.plan.minimumIonSetup,
    }),
  );
  return awaitReturn(context);
};

/** Asks the meter again and again until it runs another firmware, with a cap that the user sees. */
export const awaitReturn: EffectRun = async (context) => {
  const { ports, signal } = context;
  const started = ports.now().getTime();
  const deadline = started + ports.caps.returnMs;
  const waitUntil = new Date(deadline).toISOString();
  let { job } = context;
  let gone = job.state === 'restarting';
  for (;;) {
    context.note({ message: messageOf(job, gone), waitUntil });
    const identity = await ports.meter.identify(signal);
    if (signal.aborted) return stopped(job);
    if (identity.ok) {
      if (isChanged(job, identity.value)) return { type: 'meter-returned', identity: identity.value };
      const ended = await stillOld(context, job, { gone, waitedMs: ports.now().getTime() - started });
      if (ended !== undefined) return ended;
    } else if (!gone) {
      gone = true;
      job = await context.emit({ type: 'meter-gone' });
    }
    if (ports.now().getTime() >= deadline) return noReturn(job, gone);
    try {
      await delay(ports.caps.pollMs, undefined, { signal });
    } catch {
      return stopped(job);
    }
  }
};

/** Another firmware than before is a return, whichever it is: the verification says whether it is the right one. */
function isChanged(job: UpgradeJob, identity: MeterIdentity): boolean {
  const { before, targetVersion } = job.plan;
  if (identity.firmware === null) return false;
  if (targetVersion !== null && compareFirmware(identity.firmware, targetVersion) === 0) return true;
  return before.firmware !== null && compareFirmware(identity.firmware, before.firmware) !== 0;
}

/** The meter answers on its old firmware: before the restart, or because it did not take the image. */
async function stillOld(
  context: EffectContext,
  job: UpgradeJob,
  wait: { readonly gone: boolean; readonly waitedMs: number },
): Promise<UpgradeEvent | undefined> {
  if (job.plan.channel === 'ion-setup' || wait.waitedMs < context.ports.caps.graceMs) return undefined;
  const image = await imageStatus(context);
  if (image === 'applying' || image === 'unknown') return undefined;
  return {
    type: 'failed',
    problem: problem({
      code: 'upgrade/not-applied',
      title: 'The meter still runs its old firmware',
      because: `It answers, and says of the image: ${image}.`,
      meterState: `The meter runs ${job.plan.before.firmware === null ? 'its old firmware' : formatFirmware(job.plan.before.firmware)}.`,
      nextStep: 'Resume the job: the meter is asked again and the image is applied if it is still accepted.',
      details: { image, restarted: wait.gone },
    }),
  };
}

/** What the meter says of the image in its upgrade folder; `unknown` where it cannot be asked. */
export async function imageStatus({
  job,
  ports,
  signal,
}: Pick<EffectContext, 'job' | 'ports' | 'signal'>): Promise<ImageStatus> {
  if (job.plan.channel !== 'sftp-direct' || job.plan.target !== 'main') return 'unknown';
  const sftp = await ports.meter.sftp(signal);
  if (!sftp.ok) return 'unknown';
  const status = await readStatus(sftp.value, folderOf(job.plan), signal);
  if (!status.ok || status.value === undefined) return 'unknown';
  if (status.value.state === 'empty') return 'none';
  if (status.value.state === 'accepted' && status.value.sha256 !== job.plan.image.sha256) return 'none';
  return status.value.state;
}

function messageOf(job: UpgradeJob, gone: boolean): string {
  if (gone) return 'The meter restarts; waiting for it to answer';
  return job.plan.channel === 'ion-setup'
    ? 'Waiting for ION Setup: the meter still answers on its old firmware'
    : 'The meter applies the image';
}

function stopped(job: UpgradeJob): UpgradeEvent {
  return {
    type: 'interrupted',
    because: 'The watching was stopped on request.',
    problem: problem({
      code: 'upgrade/watch-stopped',
      title: 'Nobody watches the meter any more',
      because: 'The watching was stopped on request.',
      meterState: job.pastNoReturn
        ? 'The meter applies the image by itself; that cannot be stopped.'
        : 'The meter runs what it ran before, unless ION Setup is at work on it.',
      nextStep: 'Resume the job to ask the meter what became of it.',
    }),
  };
}

function noReturn(job: UpgradeJob, gone: boolean): UpgradeEvent {
  return {
    type: 'interrupted',
    because: 'The wait for the meter reached its cap.',
    problem: problem({
      code: gone ? 'upgrade/no-return' : 'upgrade/no-restart',
      title: gone ? 'The meter has not come back yet' : 'The meter has not restarted yet',
      because: gone
        ? 'It stopped answering and did not answer again before the wait ended.'
        : 'It still answered on its old firmware when the wait ended.',
      meterState: job.pastNoReturn
        ? 'The upgrade was started; the meter may still be at work.'
        : 'The meter runs what it ran before.',
      nextStep: gone
        ? 'Look at the meter: a steady red status LED means that a firmware upgrade is required. Check power and network, then resume the job.'
        : 'Finish the work in ION Setup, then resume the job.',
    }),
  };
}
