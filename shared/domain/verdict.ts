/**
 * The outcome of a job, computed once and only from a fresh read of the meter. `unknown` is an outcome of its own: what could not be
 * read is never called verified.
 */
export const VERDICTS = ['verified', 'mismatch', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One thing that was compared before and after. */
export interface Finding {
  readonly id: string;
  readonly verdict: Verdict;
  readonly before: string;
  readonly after: string;
  readonly because: string;
}

/** One mismatch makes a mismatch; else one unknown makes an unknown; no finding at all is unknown, too. */
export function overallVerdict(findings: readonly Pick<Finding, 'verdict'>[]): Verdict {
  if (findings.length === 0) return 'unknown';
  if (findings.some((finding) => finding.verdict === 'mismatch')) return 'mismatch';
  if (findings.some((finding) => finding.verdict === 'unknown')) return 'unknown';
  return 'verified';
}
