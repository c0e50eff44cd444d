import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { missingScreen, switchesFor } from '../../../scripts/start.mjs';

const run = promisify(execFile);

describe('what npm start decides', () => {
  it('asks for a screen only where a window needs one that is named', () => {
    const machine = { platform: 'linux', env: {}, uid: 1000 } as const;
    expect(missingScreen(machine)).toMatchObject({ missing: expect.stringContaining('DISPLAY') });
    expect(missingScreen({ ...machine, env: { DISPLAY: '' } })).toBeDefined();
    expect(missingScreen({ ...machine, env: { DISPLAY: ':0' } })).toBeUndefined();
    expect(missingScreen({ ...machine, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeUndefined();
    expect(missingScreen({ ...machine, platform: 'win32' })).toBeUndefined();
    expect(missingScreen({ ...machine, platform: 'darwin' })).toBeUndefined();
  });

  it('gives the sandbox up for root on Linux and for nobody else', () => {
    expect(switchesFor({ platform: 'linux', env: {}, uid: 0 })).toEqual(['--no-sandbox']);
    expect(switchesFor({ platform: 'linux', env: {}, uid: 1000 })).toEqual([]);
    expect(switchesFor({ platform: 'win32', env: {}, uid: undefined })).toEqual([]);
    expect(switchesFor({ platform: 'darwin', env: {}, uid: 0 })).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'says without a screen what is missing and what to do, and builds nothing',
    async () => {
      const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
      for (const args of [[], ['--dev']]) {
        const ended = await run(process.execPath, [resolve('scripts/start.mjs'), ...args], {
          env,
          timeout: 30_000,
        }).catch((thrown: { readonly code?: number; readonly stdout?: string; readonly stderr?: string }) => thrown);
        expect(ended).toMatchObject({ code: 1, stdout: '' });
        expect(ended.stderr).toContain('there is no screen');
        expect(ended.stderr).toContain('xvfb-run');
      }
    },
  );
});

describe('the icons of the packages', () => {
  it('are there in the forms that each system takes, so that packing converts and downloads nothing', () => {
    const config = parse(readFileSync('electron-builder.yml', 'utf8')) as Record<string, { readonly icon?: string }>;
    const bytes = (system: string): Buffer => readFileSync(config[system]?.icon ?? 'not given');
    // Windows: reserved 0, type 1, then one entry of 16 bytes for each size, 0 standing for 256.
    const ico = bytes('win');
    expect(ico.readUInt32LE(0)).toBe(0x00_01_00_00);
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico[6 + 16 * index]);
    expect(sizes).toEqual(expect.arrayContaining([16, 32, 48, 0]));
    // macOS: 'icns', the length of all, then entries of a type and a length.
    const icns = bytes('mac');
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) types.push(icns.toString('latin1', at, at + 4));
    expect(types).toEqual(expect.arrayContaining(['ic07', 'ic08', 'ic09']));
    // Linux: a PNG of at least 512 x 512.
    const png = bytes('linux');
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(512);
  });
});
