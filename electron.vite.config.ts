import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

/** Node's own modules and the packages with native parts stay outside the bundles; everything else is bundled. */
const native = ['electron', 'modbus-serial', 'serialport', 'ssh2'];

export default defineConfig({
  main: {
    build: {
      target: 'node18',
      outDir: 'out',
      externalizeDeps: { exclude: [] },
      rollupOptions: {
        external: native,
        input: {
          cli: resolve('electron/cli/index.ts'),
          engine: resolve('electron/engine/index.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name]/index.js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
});
