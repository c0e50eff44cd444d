import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  afterJobEvent,
  forgetConnection,
  inOrder,
  isRunning,
  jobListener,
  useJobs,
} from '../../../renderer/app/feeds/jobs-store.ts';
import type { JobEvent } from '../../../shared/contract/views.ts';
import { type JobProgress, type JobSummary, UPGRADE_STATES } from '../../../shared/domain/job.ts';

function summary(job: string, part: Partial<JobSummary> = {}): JobSummary {
  return {
    job,
    purpose: 'upgrade',
    host: '127.0.0.1',
    meter: `Meter ${job}`,
    serial: null,
    simulated: true,
    channel: 'sftp-direct',
    target: 'main',
    state: 'transferring',
    verdict: null,
    startedAt: '2026-11-22T19:00:00.000Z',
    changedAt: '2026-11-22T19:00:00.000Z',
    before: null,
    after: null,
    targetVersion: null,
    findings: [],
    problem: null,
    report: null,
    asks: null,
    interruptedAt: null,
    pastNoReturn: false,
    bag: null,
    address: {
      host: '127.0.0.1',
      ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47_808 },
      unit: 255,
      timeoutMs: 3000,
    },
    file: { name: 'package.zip', sha256: '0'.repeat(64) },
    minimumIonSetup: null,
    ...part,
  };
}

function progress(job: string, done: number): JobProgress {
  return {
    job,
    meter: `Meter ${job}`,
    state: 'transferring',
    stage: { index: 1, count: 4, label: 'transfer' },
    bytes: { done, total: 100, perSecond: 10 },
    stop: 'safe',
    message: '',
  };
}

/** Events as they come over the contract. */
const changed = (made: JobSummary) => ({ type: 'changed', summary: made }) as JobEvent;
const moved = (job: string, done: number) => ({ type: 'progress', progress: progress(job, done) }) as JobEvent;
const snapshot = (...jobs: JobSummary[]) => ({ type: 'snapshot', jobs }) as JobEvent;

describe('what follows from an event', () => {
  it('a snapshot replaces everything, open questions included', () => {
    const before = afterJobEvent(new Map(), changed(summary('old')));
    const after = afterJobEvent(before, snapshot(summary('new', { asks: 'apply' })));
    expect([...after.keys()]).toEqual(['new']);
    expect(after.get('new')?.asks).toBe('apply');
  });

  it('progress of an unknown job is left out: the page invents no job', () => {
    expect(afterJobEvent(new Map(), moved('ghost', 5)).size).toBe(0);
  });

  it('progress goes with the state that it belonged to', () => {
    let jobs = afterJobEvent(new Map(), changed(summary('a')));
    jobs = afterJobEvent(jobs, moved('a', 50));
    expect(afterJobEvent(jobs, changed(summary('a'))).get('a')?.progress?.bytes?.done).toBe(50);
    expect(afterJobEvent(jobs, changed(summary('a', { state: 'done' }))).get('a')?.progress).toBeUndefined();
  });

  it('a question that was answered is no longer asked', () => {
    const asked = afterJobEvent(new Map(), changed(summary('a', { asks: 'apply' })));
    expect(afterJobEvent(asked, changed(summary('a'))).get('a')?.asks).toBeUndefined();
  });

  it('never changes the map it was given', () => {
    const before = afterJobEvent(new Map(), changed(summary('a')));
    const copy = new Map(before);
    afterJobEvent(before, moved('a', 9));
    afterJobEvent(before, changed(summary('b')));
    expect(before).toEqual(copy);
  });
});

describe('the order of jobs', () => {
  it('has the interrupted ones first, then those that run, whatever their number', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...UPGRADE_STATES), { maxLength: 30 }), (states) => {
        const jobs = states.reduce(
          (map, state, index) => afterJobEvent(map, changed(summary(`j${index}`, { state }))),
          new Map() as ReturnType<typeof afterJobEvent>,
        );
        const ranks = inOrder(jobs).map(({ summary: one }) =>
          one.state === 'interrupted' ? 0 : isRunning(one) ? 1 : 2,
        );
        expect(ranks).toEqual([...ranks].sort());
        expect(ranks).toHaveLength(states.length);
      }),
    );
  });
});

describe('the listener', () => {
  beforeEach(() => useJobs.setState({ jobs: new Map(), known: false }));

  it('makes one change of a whole frame of events', () => {
    const frames: (() => void)[] = [];
    const listen = jobListener((run) => frames.push(run));
    let changes = 0;
    const stop = useJobs.subscribe(() => {
      changes += 1;
    });
    listen(snapshot(summary('a')));
    expect(changes, 'a snapshot waits for no frame').toBe(1);
    for (let done = 1; done <= 100; done += 1) listen(moved('a', done));
    expect(frames).toHaveLength(1);
    expect(changes).toBe(1);
    frames[0]?.();
    stop();
    expect(changes).toBe(2);
    expect(useJobs.getState().jobs.get('a')?.progress?.bytes?.done).toBe(100);
  });

  it('claims to know the jobs only after a snapshot, and no longer once the connection is gone', () => {
    const listen = jobListener((run) => run());
    listen(changed(summary('a')));
    expect(useJobs.getState().known).toBe(false);
    listen(snapshot(summary('a')));
    expect(useJobs.getState().known).toBe(true);
    forgetConnection();
    expect(useJobs.getState()).toMatchObject({ known: false });
    expect(useJobs.getState().jobs.size).toBe(1);
  });
});
