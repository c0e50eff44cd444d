import { describe, expect, it } from 'vitest';
import { type CountedModule, countTests, totalsLine } from '../../totals-reporter.ts';

function moduleOf(state: string, ...tests: string[]): CountedModule {
  return {
    children: { allTests: () => tests.map((result) => ({ result: () => ({ state: result }) })) },
    state: () => state,
  };
}

describe('the totals of a test run', () => {
  it('adds up the tests of every module', () => {
    const totals = countTests([moduleOf('passed', 'passed', 'skipped'), moduleOf('failed', 'passed', 'failed')], 0);
    expect(totals).toEqual({ passed: 2, failed: 1, skipped: 1 });
    expect(totalsLine(totals)).toBe('2 passed, 1 failed, 1 skipped');
  });

  it('counts a test that never ended as failed', () => {
    expect(countTests([moduleOf('pending', 'pending')], 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts a module that failed without a failed test', () => {
    expect(countTests([moduleOf('failed'), moduleOf('failed', 'passed')], 0)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    });
  });

  it('does not count a failed module twice', () => {
    expect(countTests([moduleOf('failed', 'failed', 'failed')], 0).failed).toBe(2);
  });

  it('counts errors that no test owns', () => {
    expect(countTests([moduleOf('passed', 'passed')], 2)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });
});
