import { defineConfig } from 'vitest/config';

/** Takes the pictures of the README: `npx vitest run --config test/e2e/pictures/vitest.config.mts` after `npm run build`. */
export default defineConfig({
  test: { include: ['test/e2e/pictures/take.ts'], testTimeout: 400_000, hookTimeout: 30_000 },
});
