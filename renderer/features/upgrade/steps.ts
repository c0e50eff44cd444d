import type { JobSummary, UpgradeStateName } from '../../../shared/domain/job.ts';

/** The path of an upgrade, always shown as a whole. */
export const STEPS = ['package', 'checks', 'backup', 'upgrade', 'verify', 'report'] as const;
export type Step = (typeof STEPS)[number];

const STEP_OF: Readonly<Record<UpgradeStateName, Step>> = {
  prepared: 'upgrade',
  gated: 'upgrade',
  'backed-up': 'upgrade',
  transferring: 'upgrade',
  transferred: 'upgrade',
  applying: 'upgrade',
  restarting: 'upgrade',
  returned: 'verify',
  verifying: 'verify',
  done: 'verify',
  interrupted: 'upgrade',
  failed: 'upgrade',
  cancelled: 'upgrade',
};

/** The step at which a job stands. A job that was interrupted stands where it stopped. */
export function stepOfJob(summary: Pick<JobSummary, 'state' | 'interruptedAt'>): Step {
  return STEP_OF[summary.state === 'interrupted' ? (summary.interruptedAt ?? 'prepared') : summary.state];
}

/** The steps of a job that a person can look at: the ones it has been through, and the report once it has ended. */
export function stepsToLookAt(summary: Pick<JobSummary, 'state' | 'interruptedAt' | 'findings'>): readonly Step[] {
  const ended = summary.state === 'done' || summary.state === 'failed' || summary.state === 'cancelled';
  return STEPS.filter((step) => {
    if (step === 'upgrade') return true;
    if (step === 'verify') return stepOfJob(summary) === 'verify' || summary.findings.length > 0;
    return step === 'report' && ended;
  });
}
