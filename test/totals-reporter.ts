import type { Reporter, TestModule } from 'vitest/node';

/** How many tests of a run ended in which way. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of vitest's `TestModule` that the count needs. */
export interface CountedModule {
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> };
  state(): string;
}

/**
 * Counts the tests of all modules of all projects.
 * A test that was collected but never ended counts as failed, and so does a module that failed without a failed test
 * (it did not load, or a hook broke) and every error that no test owns: "0 failed" must mean that nothing failed.
 */
export function countTests(modules: Iterable<CountedModule>, errorsOutsideTests: number): Totals {
  let passed = 0;
  let failed = errorsOutsideTests;
  let skipped = 0;
  for (const module of modules) {
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const state = test.result().state;
      if (state === 'passed') passed += 1;
      else if (state === 'skipped') skipped += 1;
      else failedHere += 1;
    }
    if (failedHere === 0 && module.state() === 'failed') failedHere = 1;
    failed += failedHere;
  }
  return { passed, failed, skipped };
}

/** The line itself: `N passed, N failed, N skipped`. */
export function totalsLine(totals: Totals): string {
  return `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`;
}

/**
 * A vitest reporter whose only output is the totals line, as the last line of the process.
 * It is written when the process exits, because vitest's own summary and its notes on closing come after the last test.
 * A run that collected no test at all exits with code 1: it has proven nothing.
 * A class and a default export, because vitest loads a reporter by its path that way.
 */
export default class TotalsReporter implements Reporter {
  #totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  #ended = false;

  onInit(): void {
    process.once('exit', () => this.#report());
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    this.#ended = true;
    this.#totals = countTests(modules, errors.length);
  }

  #report(): void {
    const none = this.#totals.passed + this.#totals.failed + this.#totals.skipped === 0;
    if (none || !this.#ended) process.exitCode = process.exitCode || 1;
    if (none) process.stderr.write('No test was collected: this run proves nothing.\n');
    process.stdout.write(`${totalsLine(this.#totals)}\n`);
  }
}
