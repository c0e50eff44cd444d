import { create } from 'zustand';
import type { JobEvent } from '../../shared/contract/views.ts';
import type { JobProgress, JobSummary } from '../../shared/domain/job.ts';

/** What the page knows of one job. Everything in it came from the engine. */
export interface JobView {
  readonly summary: JobSummary;
  /** The last progress that was reported in the present state; absent before the first and after the last one. */
  readonly progress?: JobProgress;
  /** The question that the job waits for, if any. */
  readonly asks?: 'apply';
}

interface JobsState {
  /** Jobs by id. Replaced, never changed in place. */
  readonly jobs: ReadonlyMap<string, JobView>;
  /** False until the engine has sent a snapshot over the present connection: until then nothing can be said about jobs. */
  readonly known: boolean;
}

/** States in which a job does nothing any more unless a person starts it again. */
const AT_REST: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'interrupted']);

/** True while something happens, or may happen, to the meter of this job. */
export function isRunning(summary: Pick<JobSummary, 'state'>): boolean {
  return !AT_REST.has(summary.state);
}

/** Jobs of the engine, as the page sees them. */
export const useJobs = create<JobsState>(() => ({ jobs: new Map(), known: false }));

/** What follows from an event; pure. A snapshot replaces everything; progress of a job that is not known is left out. */
export function afterJobEvent(jobs: ReadonlyMap<string, JobView>, event: JobEvent): ReadonlyMap<string, JobView> {
  if (event.type === 'snapshot') return new Map(event.jobs.map((summary) => [summary.job, { summary }]));
  const next = new Map(jobs);
  if (event.type === 'changed') {
    const { summary } = event;
    const before = jobs.get(summary.job);
    const same = before?.summary.state === summary.state;
    next.set(summary.job, {
      summary,
      ...(same && before.progress !== undefined ? { progress: before.progress } : {}),
      ...(same && before.asks !== undefined ? { asks: before.asks } : {}),
    });
    return next;
  }
  const id = event.type === 'progress' ? event.progress.job : event.job;
  const known = jobs.get(id);
  if (known === undefined) return jobs;
  next.set(id, event.type === 'progress' ? { ...known, progress: event.progress } : { ...known, asks: event.question });
  return next;
}

/** The jobs in the order in which a person needs them: interrupted, then running, then the rest, each newest first. */
export function inOrder(jobs: ReadonlyMap<string, JobView>): readonly JobView[] {
  const rank = ({ summary }: JobView) => (summary.state === 'interrupted' ? 0 : isRunning(summary) ? 1 : 2);
  return [...jobs.values()].sort(
    (a, b) => rank(a) - rank(b) || b.summary.changedAt.localeCompare(a.summary.changedAt),
  );
}

/**
 * Follows the events of one connection to the engine until it ends. Events are gathered for one frame, so that a hundred of them in a
 * second cost no more than sixty renders. Returns when the stream ends; throws what the stream throws.
 */
export async function followJobs(events: AsyncIterable<JobEvent>, frame: (run: () => void) => void): Promise<void> {
  let waiting: JobEvent[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    useJobs.setState(({ jobs, known }) => ({
      jobs: batch.reduce(afterJobEvent, jobs),
      known: known || batch.some((event) => event.type === 'snapshot'),
    }));
  };
  try {
    for await (const event of events) {
      waiting.push(event);
      if (waiting.length === 1) frame(flush);
    }
  } finally {
    flush();
  }
}

/** The connection is gone: what is on the screen may be old, and is marked so until the next snapshot. */
export function forgetConnection(): void {
  useJobs.setState({ known: false });
}
