import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advance,
  begin,
  isFinal,
  replay,
  type Step,
  stopSafety,
  type UpgradeEvent,
} from '../../../electron/upgrade/machine.ts';
import { event, GOOD_EVENTS, METER, PLAN, PROBLEM, plan } from './arbitraries.ts';

const walk = (events: readonly UpgradeEvent[], from: Step = begin(PLAN)): Step =>
  events.reduce((step, next) => advance(step.job, next), from);
/** The job after the first `count` events of an upgrade without trouble. */
const jobAfter = (count: number): Step => walk(GOOD_EVENTS.slice(0, count));
const APPLYING = 7;

describe('an upgrade without trouble', () => {
  it('goes through every state in order, each with its effect', () => {
    const seen: string[] = [];
    let step = begin(PLAN);
    for (const next of GOOD_EVENTS) {
      seen.push(`${step.job.state}:${step.effect}`);
      step = advance(step.job, next);
    }
    expect(seen).toEqual([
      'prepared:evaluate-gates',
      'gated:secure-backup',
      'backed-up:save-before',
      'transferring:transfer',
      'transferring:null',
      'transferred:await-acceptance',
      'transferred:confirm-apply',
      'applying:apply',
      'applying:await-return',
      'restarting:null',
      'returned:verify',
      'verifying:null',
      'done:report',
    ]);
    expect(step.job).toMatchObject({ state: 'done', verdict: 'verified', report: { file: '/report.html' } });
  });

  it('hands off to ION Setup without a transfer of its own', () => {
    const step = walk(GOOD_EVENTS.slice(0, 3), begin({ ...PLAN, channel: 'ion-setup' }));
    expect(step.effect).toBe('hand-off');
    const gone = advance(step.job, { type: 'meter-gone' });
    expect(gone.job).toMatchObject({ state: 'restarting', pastNoReturn: true });
  });

  it('sends files into documented folders without an apply and without a point of no return', () => {
    const step = walk(GOOD_EVENTS.slice(0, 6), begin({ ...PLAN, target: 'option-module' }));
    expect(step).toMatchObject({ effect: 'verify', job: { state: 'returned', pastNoReturn: false } });
  });
});

describe('gates', () => {
  const block = { id: 'revenue-lock', verdict: 'block', because: 'locked', fix: 'unlock' } as const;
  const warn = { id: 'clock-offset', verdict: 'warn', because: 'late', fix: 'set it' } as const;

  it('a block ends the job, whatever reasons were given', () => {
    const blocked = begin({ ...PLAN, overrides: [{ gate: 'revenue-lock', reason: 'I know' }] });
    const step = advance(blocked.job, { type: 'gates-evaluated', gates: [block] });
    expect(step.job).toMatchObject({ state: 'failed', problem: { code: 'upgrade/blocked', nextStep: 'unlock' } });
  });

  it('a warning needs a reason', () => {
    const gates = { type: 'gates-evaluated', gates: [warn] } as const;
    expect(advance(begin(PLAN).job, gates).job.state).toBe('failed');
    const told = begin({ ...PLAN, overrides: [{ gate: 'clock-offset', reason: 'known' }] });
    expect(advance(told.job, gates).job.state).toBe('gated');
  });

  it('the backup is asked for after the other gates, and blocks there', () => {
    const missing = { id: 'backup-fresh', verdict: 'block', because: 'none', fix: 'take one' } as const;
    const gated = advance(begin(PLAN).job, { type: 'gates-evaluated', gates: [missing] });
    expect(gated.job.state).toBe('gated');
    const step = advance(gated.job, { type: 'backup-verified', bag: '', fingerprint: '', gate: missing });
    expect(step.job).toMatchObject({ state: 'failed', problem: { code: 'upgrade/blocked' } });
  });
});

describe('cancel', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('before the point of no return ends the job (after %i events)', (count) => {
    expect(advance(jobAfter(count).job, { type: 'cancel-requested' })).toMatchObject({
      effect: 'report',
      job: { state: 'cancelled' },
    });
  });

  it.each([7, 8, 9, 10, 11])('after it changes nothing (after %i events)', (count) => {
    const { job } = jobAfter(count);
    expect(advance(job, { type: 'cancel-requested' })).toEqual({ job, effect: null });
  });
});

describe('trouble', () => {
  it('before the point of no return fails the job, after it leaves it open', () => {
    expect(advance(jobAfter(4).job, { type: 'failed', problem: PROBLEM }).job.state).toBe('failed');
    expect(advance(jobAfter(APPLYING).job, { type: 'failed', problem: PROBLEM }).job).toMatchObject({
      state: 'interrupted',
      interruptedAt: 'applying',
      problem: PROBLEM,
    });
  });
});

describe('after a crash the meter is asked', () => {
  const crash: UpgradeEvent[] = [
    { type: 'interrupted', because: 'SIGKILL', problem: null },
    { type: 'resumed', by: 'tester' },
  ];
  const answer = (firmware: typeof METER.firmware, image: 'accepted' | 'refused' | 'applying' | 'none' | 'unknown') =>
    ({ type: 'meter-asked', identity: { ...METER, firmware }, image, because: '' }) as const;
  const asked = (count: number, event_: UpgradeEvent): Step => walk([...crash, event_], jobAfter(count));

  it('before the transfer is over the checks run again, and the transfer resumes', () => {
    for (const count of [0, 1, 2, 3, 4, 5]) {
      expect(asked(count, answer(METER.firmware, 'unknown'))).toMatchObject({
        effect: 'evaluate-gates',
        job: { state: 'prepared' },
      });
    }
  });

  it('a meter that runs the target already is verified, whatever the journal meant to do', () => {
    for (const count of [3, 5, 7, 9, 10]) {
      expect(asked(count, answer(PLAN.targetVersion, 'unknown'))).toMatchObject({
        effect: 'verify',
        job: { state: 'returned', pastNoReturn: true },
      });
    }
  });

  it('an apply that never arrived is confirmed and sent again', () => {
    expect(asked(APPLYING, answer(METER.firmware, 'accepted'))).toMatchObject({
      effect: 'confirm-apply',
      job: { state: 'transferred', pastNoReturn: false },
    });
  });

  it('a meter at work is waited for, also when it does not answer', () => {
    expect(asked(APPLYING, answer(METER.firmware, 'applying'))).toMatchObject({
      effect: 'await-return',
      job: { state: 'restarting' },
    });
    expect(asked(9, { type: 'meter-asked', identity: null, image: 'unknown', because: 'silence' })).toMatchObject({
      effect: 'await-return',
    });
  });

  it('a refusal is the end', () => {
    expect(asked(APPLYING, answer(METER.firmware, 'refused')).job).toMatchObject({
      state: 'failed',
      problem: { code: 'upgrade/not-applied' },
    });
  });

  it('another meter at the address is never touched', () => {
    const other = { ...METER, serial: 'S2' };
    const step = asked(4, { type: 'meter-asked', identity: other, image: 'unknown', because: '' });
    expect(step.job).toMatchObject({ state: 'failed', problem: { code: 'upgrade/other-meter' } });
  });

  it('a silent meter before the point of no return leaves the job open', () => {
    const step = asked(4, { type: 'meter-asked', identity: null, image: 'unknown', because: 'silence' });
    expect(step).toMatchObject({
      effect: null,
      job: { state: 'interrupted', problem: { code: 'upgrade/meter-silent' } },
    });
  });
});

describe('for any events in any order', () => {
  const anyRun = fc.tuple(plan, fc.array(event, { maxLength: 40 }));

  it('replaying a journal gives the state of the run', () => {
    fc.assert(
      fc.property(anyRun, ([start, events]) => {
        const live = walk(events, begin(start));
        expect(replay([{ type: 'created', plan: start }, ...events])).toEqual(live);
      }),
    );
  });

  it('nothing is applied before a backup stands and the state before is on disk', () => {
    fc.assert(
      fc.property(anyRun, ([start, events]) => {
        let step = begin(start);
        for (const next of events) {
          step = advance(step.job, next);
          if (step.effect !== 'apply' && step.effect !== 'transfer' && step.effect !== 'hand-off') continue;
          expect(step.job.bag).not.toBeNull();
          expect(step.job.beforeFile).not.toBeNull();
        }
      }),
    );
  });

  it('an apply is always confirmed by a person just before', () => {
    fc.assert(
      fc.property(anyRun, ([start, events]) => {
        let step = begin(start);
        for (const next of events) {
          step = advance(step.job, next);
          if (step.effect === 'apply') expect(next.type).toBe('apply-confirmed');
        }
      }),
    );
  });

  it('an ended job stays ended, and only a comparison makes it done', () => {
    fc.assert(
      fc.property(anyRun, event, ([start, events], last) => {
        const step = walk(events, begin(start));
        if (isFinal(step.job.state)) expect(advance(step.job, last).job.state).toBe(step.job.state);
        else if (advance(step.job, last).job.state === 'done') expect(last.type).toBe('compared');
      }),
    );
  });

  it('past the point of no return nothing is cancelled and stopping is never called safe', () => {
    fc.assert(
      fc.property(anyRun, ([start, events]) => {
        const { job } = walk(events, begin(start));
        if (!job.pastNoReturn || isFinal(job.state)) return;
        expect(stopSafety(job)).toBe('too-late');
        expect(advance(job, { type: 'cancel-requested' }).job.state).not.toBe('cancelled');
      }),
    );
  });

  it('an interrupted job always has a way on: the meter is asked', () => {
    fc.assert(
      fc.property(anyRun, ([start, events]) => {
        const { job } = walk(events, begin(start));
        if (job.state === 'interrupted') expect(advance(job, { type: 'resumed', by: 'x' }).effect).toBe('ask-meter');
      }),
    );
  });
});

it('a journal that does not begin with a plan is no job', () => {
  expect(replay([])).toBeUndefined();
  expect(replay([{ type: 'cancel-requested' }])).toBeUndefined();
});
