import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** Bundles the bench as the product is bundled: packages with native parts stay outside, everything else comes in. */
export default defineConfig({
  ssr: { noExternal: true, external: ['modbus-serial', 'serialport', 'ssh2'] },
  build: {
    ssr: resolve('test/bench/index.ts'),
    target: 'node18',
    outDir: resolve('out/bench'),
    emptyOutDir: true,
    rollupOptions: { output: { format: 'cjs', entryFileNames: 'index.cjs' } },
  },
});
