import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { JobEvent } from '../../../shared/contract/views.ts';
import type { JobProgress, JobSummary } from '../../../shared/domain/job.ts';

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

/**
 * How the jobs stand, in the order in which a person needs them. The same array until one of them changes: progress, which comes many times
 * a second, renders nobody who shows only this.
 */
export function useJobSummaries(): readonly JobSummary[] {
  return useJobs(useShallow(({ jobs }) => inOrder(jobs).map(({ summary }) => summary)));
}

/** What follows from an event; pure. A snapshot replaces everything; progress of a job that is not known is left out. */
export function afterJobEvent(jobs: ReadonlyMap<string, JobView>, event: JobEvent): ReadonlyMap<string, JobView> {
  if (event.type === 'snapshot') return new Map(event.jobs.map((summary) => [summary.job, viewOf(summary)]));
  const next = new Map(jobs);
  if (event.type === 'changed') {
    const { summary } = event;
    const before = jobs.get(summary.job);
    const same = before?.summary.state === summary.state;
    next.set(summary.job, {
      ...viewOf(summary),
      ...(same && before.progress !== undefined ? { progress: before.progress } : {}),
    });
    return next;
  }
  const id = event.type === 'progress' ? event.progress.job : event.job;
  const known = jobs.get(id);
  if (known === undefined) return jobs;
  next.set(id, event.type === 'progress' ? { ...known, progress: event.progress } : { ...known, asks: event.question });
  return next;
}

function viewOf(summary: JobSummary): JobView {
  return summary.asks === null ? { summary } : { summary, asks: summary.asks };
}

/** The jobs in the order in which a person needs them: interrupted, then running, then the rest, each newest first. */
export function inOrder(jobs: ReadonlyMap<string, JobView>): readonly JobView[] {
  const rank = ({ summary }: JobView) => (summary.state === 'interrupted' ? 0 : isRunning(summary) ? 1 : 2);
  return [...jobs.values()].sort((a, b) => rank(a) - rank(b) || b.summary.changedAt.localeCompare(a.summary.changedAt));
}

/**
 * A listener for the events of the engine that gathers them for one frame: a hundred of them in a second cost no more than sixty renders.
 *
 * @param frame runs a function once, soon, e.g. `requestAnimationFrame`
 */
export function jobListener(frame: (run: () => void) => unknown): (event: JobEvent) => void {
  let waiting: JobEvent[] = [];
  const flush = () => {
    const batch = waiting;
    if (batch.length === 0) return;
    waiting = [];
    useJobs.setState(({ jobs, known }) => ({
      jobs: batch.reduce(afterJobEvent, jobs),
      known: known || batch.some((event) => event.type === 'snapshot'),
    }));
  };
  return (event) => {
    waiting.push(event);
    // The first screen waits for the snapshot, so that waits for nothing.
    if (event.type === 'snapshot') flush();
    else if (waiting.length === 1) frame(flush);
  };
}

/** The connection is gone: what is on the screen may be old, and is marked so until the next snapshot. */
export function forgetConnection(): void {
  useJobs.setState({ known: false });
}
