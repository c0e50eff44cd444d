import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/totals-reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Most of the time of most tests is waiting, and by default a machine with two cores would run one file at a time.
    maxWorkers: 2,
    projects: [
      // A thread starts sooner than a process, and each file still has its modules to itself. What has sockets or windows keeps processes.
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'threads' } },
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 60_000 } },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 180_000 },
      },
    ],
  },
});
