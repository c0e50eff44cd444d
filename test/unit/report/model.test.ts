import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../../electron/report/schema.ts';
import { isFinal } from '../../../electron/upgrade/machine.ts';
import { overallVerdict } from '../../../shared/domain/verdict.ts';
import { event, plan } from '../upgrade/arbitraries.ts';
import { BLOCK, JOBS, jobOf, METER, PLAN, PROBLEM, reportFor } from './jobs.ts';

describe('what the report says of each end', () => {
  test.each([
    [
      'verified',
      'done',
      'verified',
      /^The job was carried out\. The meter was read again and everything that was compared/,
    ],
    ['mismatch', 'done', 'mismatch', /is not as it should be: Energies\.$/],
    ['unknown', 'done', 'unknown', /not everything could be compared: Settings\.$/],
    ['blocked', 'failed', null, /^The job failed: A check stands in the way\.$/],
    ['failed', 'failed', null, /^The job failed: The meter stopped answering in the transfer\.$/],
    [
      'cancelled',
      'cancelled',
      null,
      /^The job was cancelled before anything was applied\. What was sent until then may lie/,
    ],
    [
      'interrupted',
      'interrupted',
      null,
      /^This job has not ended\. It was interrupted when the transfer had not ended/,
    ],
    [
      'afterNoReturn',
      'interrupted',
      null,
      /^This job has not ended\. It was interrupted when the upgrade was started on the meter/,
    ],
    ['running', 'transferring', null, /^This job has not ended\. At its last record the transfer had not ended/],
    ['justCreated', 'prepared', null, /^This job has not ended\. At its last record the checks had not ended/],
    ['resumed', 'done', 'verified', /^The job was carried out/],
    ['handOff', 'done', 'verified', /^The job was carried out/],
    ['webPages', 'done', 'verified', /^The job was carried out/],
  ] as const)('%s', (name, state, verdict, headline) => {
    const report = reportFor(JOBS[name]);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.state).toBe(state);
    expect(report.verdict).toBe(verdict);
    expect(report.headline).toMatch(headline);
    expect(report.ended).toBe(isFinal(state));
    if (verdict === null) {
      expect(report.verdictMeans).toMatch(/no verdict/);
      expect(report.findings).toEqual([]);
    } else expect(report.verdict).toBe(overallVerdict(report.findings));
  });

  test('for any journal it is a report, and its verdict and its state are those of the job', () => {
    fc.assert(
      fc.property(plan, fc.array(event, { maxLength: 30 }), (anyPlan, events) => {
        const job = jobOf(events, anyPlan);
        const report = reportFor(job);
        expect(() => reportSchema.parse(JSON.parse(JSON.stringify(report)))).not.toThrow();
        expect(report.verdict).toBe(job.job.verdict);
        expect(report.state).toBe(job.job.state);
        expect(report.headline.startsWith('This job has not ended.')).toBe(!isFinal(job.job.state));
        expect(report.timeline).toHaveLength(job.entries.length);
        expect(report.timeline.every(({ text }) => text.trim() !== '')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what an auditor asks', () => {
  const report = reportFor(JOBS.verified);

  test('which meter, before and after, and whether it is a simulated one', () => {
    expect(report.before).toEqual(METER);
    expect(report.after?.firmware).toEqual(PLAN.targetVersion);
    expect(report.simulated).toBe(true);
    const real = jobOf([], { before: { ...METER, simulated: false } });
    expect(reportFor(real).simulated).toBe(false);
    const pretends = jobOf(
      JOBS.verified.entries.slice(1).map(({ event: each }) => each),
      { before: { ...METER, simulated: false } },
    );
    expect(reportFor(pretends).simulated).toBe(true);
  });

  test('which package, by name and hash, without the folders of this PC', () => {
    expect(report.package).toMatchObject({ file: 'ION7400_V004.006.000.zip', sha256: PLAN.fileSha256 });
    expect(report.backup?.bag).toBe('MT-1509A001-02_20260301');
    const everything = JSON.stringify(Object.values(JOBS).map((job) => reportFor(job)));
    for (const folder of ['vance\\', 'Downloads', '/data/', '/secret/']) expect(everything).not.toContain(folder);
  });

  test('which checks, what they said, and who went on in spite of them', () => {
    const gates = new Map(reportFor(JOBS.blocked).gates.map((gate) => [gate.id, gate]));
    expect(gates.get('package-hash')).toMatchObject({ outcome: 'passed', override: null });
    expect(gates.get('clock-offset')).toMatchObject({
      outcome: 'overridden',
      override: { reason: 'Time server is being replaced this week.', by: 'R. Vance' },
    });
    expect(gates.get('revenue-lock')).toMatchObject({ outcome: 'stops', override: null, because: BLOCK.because });
  });

  test('a block stays a block whatever reason was given', () => {
    const job = jobOf([{ type: 'gates-evaluated', gates: [BLOCK] }], {
      overrides: [{ gate: 'revenue-lock', reason: 'I want to.' }],
    });
    expect(reportFor(job).gates).toMatchObject([{ outcome: 'stops', override: null }]);
  });

  test('a confirmation that is not the text that was asked for does not answer a gate', () => {
    const gate = { ...BLOCK, id: 'irreversible', verdict: 'warn', confirm: '4.6.0' } as const;
    const job = jobOf([{ type: 'gates-evaluated', gates: [gate] }], {
      overrides: [{ gate: 'irreversible', reason: 'yes' }],
    });
    expect(reportFor(job).gates).toMatchObject([{ outcome: 'stops', override: null }]);
  });

  test('who took part, each once for each thing', () => {
    expect(reportFor(JOBS.resumed).people).toEqual([
      { did: 'Created the job', by: 'R. Vance' },
      { did: 'Took the job up again', by: 'A. Okafor' },
      { did: 'Confirmed the point of no return', by: 'A. Okafor' },
    ]);
  });

  test('whether the point of no return was passed', () => {
    expect(report.pointOfNoReturn).toEqual({
      passed: true,
      because: 'Confirmed by R. Vance at 2026-03-01 10:01:20 UTC.',
    });
    expect(reportFor(JOBS.failed).pointOfNoReturn.passed).toBe(false);
    expect(reportFor(JOBS.handOff).pointOfNoReturn).toMatchObject({
      passed: true,
      because: expect.stringMatching(/elsewhere/),
    });
    expect(reportFor(JOBS.webPages).pointOfNoReturn).toMatchObject({
      passed: false,
      because: expect.stringMatching(/file/),
    });
  });

  test('the problem in all four parts, without its details', () => {
    const { details: _, ...parts } = PROBLEM;
    expect(reportFor(JOBS.failed).problem).toEqual(parts);
    expect(report.problem).toBeNull();
  });

  test('what was not compared is never left out', () => {
    for (const job of Object.values(JOBS)) expect(reportFor(job).notCompared.length).toBeGreaterThan(0);
    expect(reportFor(JOBS.unknown).notCompared[0]).toBe('Settings: 28 settings compared, 2 could not be read.');
    expect(reportFor(JOBS.failed).notCompared).toEqual([expect.stringMatching(/^Nothing was compared/)]);
  });

  test('no backup is no backup, whatever lies about', () => {
    expect(reportFor(JOBS.blocked).backup).toBeNull();
    const without = jobOf([
      { type: 'gates-evaluated', gates: [] },
      {
        type: 'backup-verified',
        bag: '',
        fingerprint: '',
        gate: { id: 'backup-fresh', verdict: 'block', because: 'There is none.', fix: 'Take one.' },
      },
    ]);
    expect(reportFor(without).backup).toBeNull();
  });
});

describe('times and bytes', () => {
  test('each stage has the time that the journal gives it', () => {
    expect(reportFor(JOBS.verified).stages).toEqual([
      { stage: 'Checks', seconds: 10 },
      { stage: 'Backup', seconds: 20 },
      { stage: 'Transfer', seconds: 30 },
      { stage: 'Acceptance and confirmation', seconds: 20 },
      { stage: 'Apply and restart', seconds: 30 },
      { stage: 'Verification', seconds: 20 },
    ]);
    expect(reportFor(JOBS.resumed).stages).toContainEqual({ stage: 'Interrupted', seconds: 20 });
  });

  test('a clock that was put back in between makes no time negative', () => {
    const { job, entries } = JOBS.verified;
    const back = entries.map((entry, index) => (index < 5 ? entry : { ...entry, at: '2020-01-01T00:00:00.000Z' }));
    const report = reportFor({ job, entries: back });
    expect(report.stages.every(({ seconds }) => seconds >= 0)).toBe(true);
    expect(() => reportSchema.parse(report)).not.toThrow();
  });

  test('the rate is what moved between the records of the journal', () => {
    expect(reportFor(JOBS.verified).transfer).toEqual({
      totalBytes: 12_345_678,
      sentBytes: 12_345_678,
      resumedFrom: 0,
      bytesPerSecond: (12_345_678 - 3_000_000) / 20,
    });
    expect(reportFor(JOBS.cancelled).transfer).toMatchObject({
      sentBytes: 3_000_000,
      resumedFrom: null,
      bytesPerSecond: null,
    });
    expect(reportFor(JOBS.resumed).transfer).toMatchObject({ resumedFrom: 3_000_000, bytesPerSecond: null });
  });

  test('nothing is measured of a transfer that somebody else made, or that never began', () => {
    expect(reportFor(JOBS.handOff).transfer).toBeNull();
    expect(reportFor(JOBS.failed).transfer).toBeNull();
  });

  test('a failure after the end is told as one after the end', () => {
    expect(reportFor(JOBS.resumed).timeline.at(-1)?.text).toMatch(/^After the end of the job: /);
    expect(reportFor(JOBS.failed).timeline.at(-1)?.text).toMatch(/^The meter stopped answering/);
  });
});
