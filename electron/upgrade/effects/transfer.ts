import { setTimeout as delay } from 'node:timers/promises';
import type { Problem, Result } from '../../../shared/domain/problem.ts';
import { applyMainImage, awaitAcceptance, sendMainImage } from '../../firmware/channels/sftp-direct.ts';
import type { TransferProgress } from '../../protocols/sftp/types.ts';
import { folderOf, remotePath } from '../destination.ts';
import type { EffectContext, EffectRun } from '../session.ts';

/** Problems after which another try over the same meter can work without anybody doing anything. */
const PASSING: ReadonlySet<string> = new Set([
  'sftp/timeout',
  'sftp/closed',
  'sftp/unreachable',
  'sftp/busy',
  'sftp/refused',
]);

/** Every so many per cent of the image a line goes into the journal, so that an interrupted job can say how far it was. */
const JOURNAL_STEP = 0.05;

/** Sends the image; a dropped connection is taken up again where it broke, a limited number of times. */
export const transfer: EffectRun = async (context) => {
  const { ports, signal, note } = context;
  for (let attempt = 0; ; attempt += 1) {
    const sent = await sendOnce(context);
    if (sent.ok) return { type: 'transfer-completed', resumedFrom: sent.value.resumedFrom };
    if (signal.aborted || !PASSING.has(sent.problem.code)) return { type: 'failed', problem: sent.problem };
    if (attempt >= ports.caps.transferRetries) return givenUp(sent.problem, attempt + 1);
    note({
      message: `The connection was lost (${sent.problem.title}); trying again, ${attempt + 1} of ${ports.caps.transferRetries}`,
      waitUntil: new Date(ports.now().getTime() + ports.caps.retryWaitMs).toISOString(),
    });
    await pause(ports.caps.retryWaitMs, signal);
  }
};

async function sendOnce(context: EffectContext): Promise<Result<{ readonly resumedFrom: number }>> {
  const { job, ports, signal } = context;
  const sftp = await ports.meter.sftp(signal);
  if (!sftp.ok) return sftp;
  const options = { signal, onProgress: progressInto(context) };
  if (job.plan.target === 'main') return sendMainImage(sftp.value, folderOf(job.plan), ports.image, options);
  return sftp.value.upload(ports.image.source, remotePath(job.plan), { ...options, resume: true });
}

function progressInto({ note, emit }: EffectContext): (progress: TransferProgress) => void {
  let noted = 0;
  return (progress) => {
    const left = progress.perSecond > 0 ? (progress.total - progress.done) / progress.perSecond : undefined;
    note({
      message: 'Sending the image',
      bytes: progress,
      ...(left === undefined || progress.done === progress.total ? {} : { secondsLeft: left }),
    });
    if (progress.done - noted < progress.total * JOURNAL_STEP) return;
    noted = progress.done;
    // The runner queues events and reports a journal that cannot be written by itself; nothing of the transfer hangs on this line.
    void emit({ type: 'transfer-progress', sent: progress.done, total: progress.total });
  };
}

/** The part that arrived stays on the meter: the job is left open, not failed. */
function givenUp(cause: Problem, attempts: number) {
  return {
    type: 'interrupted',
    because: `The transfer broke ${attempts} times.`,
    problem: {
      ...cause,
      meterState: 'Part of the image lies on the meter; nothing was applied and the meter runs what it ran before.',
      nextStep: 'Put the connection right, then resume the job: it goes on where it broke.',
    },
  } as const;
}

/** Waits until the meter has checked the image; for other targets the file is read back and compared in the verification. */
export const awaitImage: EffectRun = async ({ job, ports, signal, note }) => {
  if (job.plan.target !== 'main') return { type: 'image-accepted', because: 'The meter took the whole file.' };
  const waitUntil = new Date(ports.now().getTime() + ports.caps.acceptMs).toISOString();
  note({ message: 'The meter checks the image', waitUntil });
  const sftp = await ports.meter.sftp(signal);
  if (!sftp.ok) return { type: 'failed', problem: sftp.problem };
  const accepted = await awaitAcceptance(sftp.value, folderOf(job.plan), ports.image, {
    signal,
    capMs: ports.caps.acceptMs,
    now: ports.now,
  });
  if (!accepted.ok) return { type: 'failed', problem: accepted.problem };
  return { type: 'image-accepted', because: accepted.value };
};

/** The point of no return is announced, and confirmed once by a person. */
export const confirmApply: EffectRun = async ({ job, ports, signal, note }) => {
  note({ message: 'The image is on the meter. Applying it cannot be undone.' });
  const confirmed = await ports.confirmApply(job, signal);
  return confirmed ? { type: 'apply-confirmed', by: ports.by } : { type: 'cancel-requested' };
};

/** Tells the meter to apply. Its answer may be lost together with the connection, so only the wait that follows finds out what became of it. */
export const apply: EffectRun = async ({ job, ports, note }) => {
  note({ message: 'Telling the meter to apply the image' });
  const sftp = await ports.meter.sftp();
  if (!sftp.ok) return { type: 'failed', problem: sftp.problem };
  const told = await applyMainImage(sftp.value, folderOf(job.plan), ports.image);
  if (told.ok || PASSING.has(told.problem.code)) return { type: 'apply-sent' };
  return { type: 'failed', problem: told.problem };
};

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    // Stopped while waiting; the next step sees the signal and ends by itself.
  }
}
