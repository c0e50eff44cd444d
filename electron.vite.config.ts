import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { frames } from './scripts/frames-plugin.mjs';

/** Node's own modules, the packages with native parts and the large one that only a PDF needs stay outside the bundles; everything else is bundled. */
const native = ['electron', 'modbus-serial', 'pdfmake', 'serialport', 'ssh2'];

/** The oldest Node and the oldest Chromium that must run the bundles: those of Electron 25. */
const node = 'node18';
const chrome = 'chrome114';

/** The page; with it comes everything that it imports. */
const PAGE = /renderer[\\/]main\.tsx$/;

export default defineConfig({
  main: {
    build: {
      target: node,
      outDir: 'out',
      externalizeDeps: { exclude: [] },
      rollupOptions: {
        external: native,
        input: {
          cli: resolve('electron/cli/index.ts'),
          engine: resolve('electron/engine/index.ts'),
          main: resolve('electron/main/index.ts'),
        },
        output: {
          format: 'cjs',
          entryFileNames: '[name]/index.js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Electron 25 finds modules in its archive with require, and not with import().
          dynamicImportInCjs: false,
        },
      },
    },
  },
  preload: {
    build: {
      target: node,
      outDir: 'out/preload',
      // A sandboxed preload can require nothing but electron, so everything else goes into its one file.
      externalizeDeps: false,
      rollupOptions: {
        external: ['electron'],
        input: { index: resolve('electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: 'index.js' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [react(), frames({ root: resolve('renderer'), entry: resolve('renderer/first/frame-of.tsx') })],
    build: {
      target: chrome,
      outDir: 'out/renderer',
      // Half as much to read before the first screen is painted.
      minify: true,
      // The styles of the first screen come with the document, in the order in which the page has them.
      cssCodeSplit: false,
      rollupOptions: {
        input: { index: resolve('renderer/index.html') },
        output: {
          // What paints the first picture comes in one file, and the page in another: over app:// each file costs a round trip through the shell.
          codeSplitting: {
            groups: [
              { name: 'first', tags: ['$initial'], priority: 2 },
              { name: 'page', test: PAGE, priority: 1 },
            ],
          },
        },
      },
    },
  },
});
