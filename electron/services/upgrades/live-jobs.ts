import type { JobEvent } from '../../../shared/contract/views.ts';
import type { HandOff } from '../../../shared/domain/hand-off.ts';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { UpgradeJob } from '../../upgrade/machine.ts';
import { type RunningUpgrade, runUpgrade } from '../../upgrade/runner.ts';
import type { UpgradePorts } from '../../upgrade/session.ts';
import { type OpenJob, summaryNow } from './job-files.ts';
import { notAsking, notHandedOff, notRunning } from './problems.ts';

/** What a started job gives its owner. */
export interface StartedUpgrade {
  readonly summary: JobSummary;
  /** Settles when the job ended here and everything it held was released. */
  readonly done: Promise<JobSummary>;
}

/** What a job needs besides itself; the registry adds how people are asked and told. */
export type JobPorts = Omit<UpgradePorts, 'confirmApply' | 'handOff'> & {
  /** Starts ION Setup where it is on this PC; `ion-setup/cannot-start` says why not. The instructions are shown either way. */
  startIonSetup(): Promise<Result<void>>;
  /** Frees what was taken for the job; called once, whatever happened. */
  release(): Promise<void>;
};

/** The jobs that run in this process. */
export interface LiveJobs {
  launch(open: OpenJob, ports: JobPorts): StartedUpgrade;
  has(job: string): boolean;
  /** Whether the job waits for an answer at its point of no return. */
  asks(job: string): boolean;
  cancel(job: string): Promise<Result<'cancelled' | 'too-late' | 'ended'>>;
  detach(job: string): void;
  confirm(job: string, confirmed: boolean): Result<null>;
  handOff(job: string): Result<HandOff | null>;
  /** Starts ION Setup once more for a job that is in its hands. */
  startIonSetup(job: string): Promise<Result<void>>;
  listen(listener: (event: JobEvent) => void): () => void;
  /** Tells every listener of a change that did not come from a running job. */
  tell(event: JobEvent): void;
  /** Notes in every job that the laptop slept (ISO 8601 UTC), and tells of it. Connections that were lost meanwhile run into their own caps. */
  slept(from: string, until: string): Promise<void>;
  /** Stops watching every job and waits until each has written what it knows. */
  close(): Promise<void>;
}

interface Live {
  readonly running: RunningUpgrade;
  readonly done: Promise<JobSummary>;
  readonly startIonSetup: () => Promise<Result<void>>;
  /** Tells how it stands. */
  readonly changed: () => void;
}

/** What a person still has to see or answer of a job. */
interface Desk {
  answer: ((confirmed: boolean) => void) | undefined;
  instructions: HandOff | null;
}

/** Makes the registry; it starts empty, because jobs of earlier processes are found in their journals. */
export function createLiveJobs(): LiveJobs {
  const live = new Map<string, Live>();
  const desks = new Map<string, Desk>();
  const listeners = new Set<(event: JobEvent) => void>();

  const tell = (event: JobEvent): void => {
    for (const listener of listeners) listener(event);
  };

  /** Puts the question of the point of no return on the desk; a cancel answers it with no. */
  function ask(desk: Desk, job: UpgradeJob, signal: AbortSignal, onChange: () => void): Promise<boolean> {
    return new Promise((resolve) => {
      desk.answer = (confirmed) => {
        desk.answer = undefined;
        onChange();
        resolve(confirmed);
      };
      signal.addEventListener('abort', () => desk.answer?.(false), { once: true });
      tell({ type: 'asks', job: job.plan.job, question: 'apply' });
      onChange();
    });
  }

  return {
    launch(open, ports) {
      const name = open.step.job.plan.job;
      const desk: Desk = { answer: undefined, instructions: null };
      desks.set(name, desk);
      let told: string | undefined;
      const now = (): JobSummary => summaryNow(open, running.job(), desk.answer !== undefined);
      const changed = (): void => tell({ type: 'changed', summary: now() });
      const running = runUpgrade(
        open.journal,
        open.step,
        {
          ...ports,
          confirmApply: (job, signal) => ask(desk, job, signal, changed),
          async handOff(instructions) {
            desk.instructions = instructions;
            changed();
            // A program that does not start is one more thing the technician does by hand; the button beside the steps says why.
            await ports.startIonSetup();
          },
        },
        (progress) => {
          tell({ type: 'progress', progress });
          if (told !== undefined && told !== progress.state) changed();
          told = progress.state;
        },
      );
      const done = settle(name, open, running, ports);
      live.set(name, { running, done, startIonSetup: ports.startIonSetup, changed });
      changed();
      return { summary: now(), done };
    },
    has: (job) => live.has(job),
    asks: (job) => desks.get(job)?.answer !== undefined,
    async cancel(job) {
      const found = live.get(job);
      return found === undefined ? notRunning(job) : ok(await found.running.cancel());
    },
    detach: (job) => live.get(job)?.running.detach(),
    confirm(job, confirmed) {
      const answer = desks.get(job)?.answer;
      if (answer === undefined) return notAsking(job);
      answer(confirmed);
      return ok(null);
    },
    handOff(job) {
      const desk = desks.get(job);
      return desk === undefined ? notRunning(job) : ok(desk.instructions);
    },
    async startIonSetup(job) {
      const found = live.get(job);
      if (found === undefined) return notRunning(job);
      if (desks.get(job)?.instructions === null) return notHandedOff(job);
      return found.startIonSetup();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell,
    async slept(from, until) {
      await Promise.all([...live.values()].map(({ running, changed }) => running.slept(from, until).then(changed)));
    },
    async close() {
      const open = [...live.values()];
      for (const { running } of open) running.detach();
      await Promise.all(open.map(({ done }) => done));
    },
  };

  async function settle(name: string, open: OpenJob, running: RunningUpgrade, ports: JobPorts): Promise<JobSummary> {
    try {
      const job = await running.done;
      return summaryNow(open, job);
    } finally {
      await ports.release();
      await open.journal.close();
      await open.lock.release();
      live.delete(name);
      desks.delete(name);
      tell({ type: 'changed', summary: summaryNow(open, running.job()) });
    }
  }
}
