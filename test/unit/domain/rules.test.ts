import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKUP_ITEM_STATES, isCovered } from '../../../shared/domain/backup.ts';
import { FEATURE_SETS, featureLimits } from '../../../shared/domain/feature-set.ts';
import { fail, METER_STATE, ok, problem, reasonOf } from '../../../shared/domain/problem.ts';
import { mayRead, mayWrite, PROVENANCES } from '../../../shared/domain/provenance.ts';
import { overallVerdict, VERDICTS } from '../../../shared/domain/verdict.ts';

const real = { simulated: false };
const practice = { simulated: true };

describe('provenance', () => {
  it('writes to a real meter only what the vendor, a standard or the site map vouches for', () => {
    expect(PROVENANCES.filter((p) => mayWrite(p, real))).toEqual(['vendor-documented', 'standard', 'site-map']);
    expect(PROVENANCES.filter((p) => mayWrite(p, practice))).toEqual([
      'vendor-documented',
      'standard',
      'site-map',
      'simulated',
    ]);
  });

  it('reads everything but invented facts from a real meter', () => {
    expect(PROVENANCES.filter((p) => !mayRead(p, real))).toEqual(['simulated']);
    expect(PROVENANCES.filter((p) => !mayRead(p, practice))).toEqual([]);
  });

  it('never writes what it may not read', () => {
    for (const provenance of PROVENANCES)
      for (const meter of [real, practice]) {
        if (mayWrite(provenance, meter)) expect(mayRead(provenance, meter)).toBe(true);
      }
  });
});

describe('overallVerdict', () => {
  it.each([
    [[], 'unknown'],
    [['verified'], 'verified'],
    [['verified', 'unknown'], 'unknown'],
    [['unknown', 'mismatch', 'verified'], 'mismatch'],
  ] as const)('%j -> %s', (verdicts, expected) => {
    expect(overallVerdict(verdicts.map((verdict) => ({ verdict })))).toBe(expected);
  });

  it('does not depend on the order and is verified only when all are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VERDICTS)), (verdicts) => {
        const findings = verdicts.map((verdict) => ({ verdict }));
        const overall = overallVerdict(findings);
        expect(overallVerdict([...findings].reverse())).toBe(overall);
        expect(overall === 'verified').toBe(verdicts.length > 0 && verdicts.every((v) => v === 'verified'));
        expect(overall === 'mismatch').toBe(verdicts.includes('mismatch'));
      }),
    );
  });
});

describe('problem', () => {
  it('says that the meter is untouched unless told otherwise', () => {
    const input = { code: 'a/b', title: 't', because: 'b', nextStep: 'n' };
    expect(problem(input)).toEqual({ ...input, meterState: METER_STATE.untouched, details: {} });
    expect(fail({ ...input, meterState: METER_STATE.unknown, details: { port: 502 } })).toEqual({
      ok: false,
      problem: { ...input, meterState: METER_STATE.unknown, details: { port: 502 } },
    });
    expect(ok(1)).toEqual({ ok: true, value: 1 });
  });

  it('finds words for anything that was thrown', () => {
    expect(reasonOf(new Error('boom'))).toBe('boom');
    expect(reasonOf({ message: 'no Error' })).toBe('no Error');
    expect(reasonOf({ message: 7 })).toBe('[object Object]');
    expect(reasonOf(Object.create(null))).toBe('something that has no text was thrown');
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
        expect(typeof reasonOf(thrown)).toBe('string');
      }),
    );
  });
});

describe('feature sets and backup items', () => {
  it('knows the limits of the release notes and nothing of an unknown set', () => {
    expect(FEATURE_SETS.map((set) => featureLimits(set)?.outageRecorders)).toEqual([10, 19, 19, undefined]);
    expect(FEATURE_SETS.map((set) => featureLimits(set)?.dataRecorders)).toEqual([10, 50, 64, undefined]);
  });

  it('counts only saved and waived items as covered', () => {
    expect(BACKUP_ITEM_STATES.filter((state) => isCovered({ state }))).toEqual(['saved', 'waived']);
  });
});
