import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** Bundles the bench as the product is bundled: packages with native parts stay outside, everything else comes in. */
export default defineConfig({
  ssr: { noExternal: true, external: ['modbus-serial', 'pdfmake', 'playwright-core', 'serialport', 'ssh2'] },
  build: {
    ssr: true,
    target: 'node18',
    outDir: resolve('out/bench'),
    emptyOutDir: true,
    rollupOptions: {
      input: { index: resolve('test/bench/index.ts'), 'window-engine': resolve('test/bench/window/engine.ts') },
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
    },
  },
});
