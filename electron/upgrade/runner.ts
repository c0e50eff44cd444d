import type { JobProgress, UpgradeStateName } from '../../shared/domain/job.ts';
import { METER_STATE, type Problem, problem, reasonOf } from '../../shared/domain/problem.ts';
import { awaitReturn, handOff } from './effects/await-return.ts';
import { askMeter, report, verify } from './effects/finish.ts';
import { evaluateGates, saveBefore, secureBackup } from './effects/prepare.ts';
import { apply, awaitImage, confirmApply, transfer } from './effects/transfer.ts';
import type { Journal } from './journal.ts';
import {
  advance,
  isFinal,
  type Step,
  stopSafety,
  type UpgradeEffect,
  type UpgradeEvent,
  type UpgradeJob,
} from './machine.ts';
import type { EffectRun, ProgressNote, UpgradePorts } from './session.ts';

const EFFECTS: Readonly<Record<UpgradeEffect, EffectRun>> = {
  'evaluate-gates': evaluateGates,
  'secure-backup': secureBackup,
  'save-before': saveBefore,
  transfer,
  'await-acceptance': awaitImage,
  'confirm-apply': confirmApply,
  apply,
  'hand-off': handOff,
  'await-return': awaitReturn,
  verify,
  report,
  'ask-meter': askMeter,
};

/** The stages a person sees, and the first state in which each is under way. */
const STAGES = ['checks', 'backup', 'transfer', 'apply', 'restart', 'verify', 'report'] as const;
const STAGE_OF: Readonly<Record<UpgradeStateName, (typeof STAGES)[number]>> = {
  prepared: 'checks',
  gated: 'backup',
  'backed-up': 'backup',
  transferring: 'transfer',
  transferred: 'transfer',
  applying: 'apply',
  restarting: 'restart',
  returned: 'verify',
  verifying: 'verify',
  done: 'report',
  interrupted: 'report',
  failed: 'report',
  cancelled: 'report',
};

/** A job at work. */
export interface RunningUpgrade {
  readonly job: () => UpgradeJob;
  /** Ends before the point of no return in `cancelled`; after it in `too-late`, and nothing changes. */
  cancel(): Promise<'cancelled' | 'too-late' | 'ended'>;
  /** Stops watching without a claim about the meter: the job becomes `interrupted` and can be resumed. */
  detach(): void;
  /** Notes in the journal that the laptop slept in between (ISO 8601 UTC); a job that has ended is left alone. */
  slept(from: string, until: string): Promise<void>;
  readonly done: Promise<UpgradeJob>;
}

/**
 * Drives a job from `start` until nothing is left to do. Each event is on the disk before its effect starts; a journal that cannot be
 * written stops the job before anything else happens to the meter.
 */
export function runUpgrade(
  journal: Journal,
  start: Step,
  ports: UpgradePorts,
  onProgress: (progress: JobProgress) => void,
): RunningUpgrade {
  const abort = new AbortController();
  const queue: UpgradeEffect[] = start.effect === null ? [] : [start.effect];
  let job = start.job;
  let broken: Problem | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const note = (text: ProgressNote): void => onProgress(progressOf(job, text));

  const append = async (event: UpgradeEvent): Promise<UpgradeJob> => {
    if (broken !== undefined) return job;
    const step = advance(job, event);
    const written = await journal.append(event);
    if (!written.ok) {
      broken = written.problem;
      abort.abort();
      job = {
        ...job,
        state: isFinal(job.state) ? job.state : 'interrupted',
        interruptedAt: job.state,
        problem: stoppedByDisk(written.problem, job),
      };
      return job;
    }
    job = step.job;
    if (step.effect !== null) queue.push(step.effect);
    return job;
  };
  const emit = (event: UpgradeEvent): Promise<UpgradeJob> => {
    const result = tail.then(() => append(event));
    tail = result;
    return result;
  };

  const work = async (): Promise<UpgradeJob> => {
    for (let effect = queue.shift(); effect !== undefined && broken === undefined; effect = queue.shift()) {
      const event = await perform(effect, { job, ports, signal: abort.signal, note, emit });
      await emit(abort.signal.aborted ? asInterruption(event) : event);
    }
    await tail;
    note({ message: closingWords(job) });
    return job;
  };

  return {
    job: () => job,
    async cancel() {
      if (isFinal(job.state)) return 'ended';
      if (stopSafety(job) === 'too-late') return 'too-late';
      const after = await emit({ type: 'cancel-requested' });
      if (after.state !== 'cancelled') return stopSafety(after) === 'ended' ? 'ended' : 'too-late';
      abort.abort();
      return 'cancelled';
    },
    detach: () => abort.abort(),
    async slept(from, until) {
      if (!isFinal(job.state)) await emit({ type: 'laptop-slept', from, until });
    },
    done: work(),
  };
}

/** A disk knows of no meter; whoever reads this has one in the middle of a job, and goes on with that job. */
function stoppedByDisk(cause: Problem, job: UpgradeJob): Problem {
  return {
    ...cause,
    because: `The journal of the job could not be written, and nothing is done to a meter without it. ${cause.because}`,
    meterState: job.pastNoReturn
      ? `The meter may be applying the new firmware by itself. ${METER_STATE.unknown}`
      : 'Nothing was applied; what was sent may lie on the meter.',
    nextStep: `${cause.nextStep} Then resume the job: it goes on where it was.`,
  };
}

/** What failed because it was stopped did not fail: the job stays open. (After a cancel the job is final and takes no event.) */
function asInterruption(event: UpgradeEvent): UpgradeEvent {
  if (event.type !== 'failed') return event;
  return { type: 'interrupted', because: 'The work was stopped on request.', problem: event.problem };
}

/** An effect that throws is a defect of ours; the job survives it as a problem that says so. */
async function perform(effect: UpgradeEffect, context: Parameters<EffectRun>[0]): Promise<UpgradeEvent> {
  try {
    return await EFFECTS[effect](context);
  } catch (thrown) {
    return {
      type: 'failed',
      problem: problem({
        code: 'internal/effect-failed',
        title: `The step "${effect}" ended unexpectedly`,
        because: reasonOf(thrown),
        meterState: context.job.pastNoReturn ? METER_STATE.unknown : METER_STATE.untouched,
        nextStep: 'Identify the meter. Then report this as a defect of Meterwright, with the journal of the job.',
        details: { effect },
      }),
    };
  }
}

/** What a person is told now. */
function progressOf(job: UpgradeJob, text: ProgressNote): JobProgress {
  const label = STAGE_OF[job.state === 'interrupted' ? (job.interruptedAt ?? 'prepared') : job.state];
  return {
    job: job.plan.job,
    meter: job.plan.before.name ?? job.plan.address.host,
    state: job.state,
    stage: { index: STAGES.indexOf(label) + 1, count: STAGES.length, label },
    stop: stopSafety(job),
    ...text,
  };
}

function closingWords(job: UpgradeJob): string {
  switch (job.state) {
    case 'done':
      return `Done: ${job.verdict ?? 'unknown'}`;
    case 'cancelled':
      return 'Cancelled; nothing was applied';
    case 'failed':
    case 'interrupted':
      return job.problem?.title ?? job.state;
    default:
      return job.state;
  }
}
