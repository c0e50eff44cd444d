import { describe, expect, it } from 'vitest';
import { homePaths, resolveHome } from '../../../electron/inventory/home.ts';

const linux = { platform: 'linux', homedir: '/people/ana', cwd: '/place' } as const;
const mac = { platform: 'darwin', homedir: '/Users/ana', cwd: '/place' } as const;
const windows = { platform: 'win32', homedir: 'C:\\Users\\ana', cwd: 'D:\\work' } as const;

describe('the data folder', () => {
  it('is what was given on the command line, before the environment', () => {
    expect(resolveHome('/data', { METERWRIGHT_HOME: '/env' }, linux)).toBe('/data');
    expect(resolveHome('data', {}, linux)).toBe('/place/data');
    expect(resolveHome('data', {}, windows)).toBe('D:\\work\\data');
    expect(resolveHome(undefined, { METERWRIGHT_HOME: 'env' }, mac)).toBe('/place/env');
    expect(resolveHome('', { METERWRIGHT_HOME: ' ' }, linux)).toBe('/people/ana/.local/share/meterwright');
  });

  it('is where each system keeps the data of programs', () => {
    expect(resolveHome(undefined, {}, linux)).toBe('/people/ana/.local/share/meterwright');
    expect(resolveHome(undefined, { XDG_DATA_HOME: '/xdg' }, linux)).toBe('/xdg/meterwright');
    expect(resolveHome(undefined, { XDG_DATA_HOME: 'relative' }, linux)).toBe('/people/ana/.local/share/meterwright');
    expect(resolveHome(undefined, { XDG_DATA_HOME: '/xdg' }, mac)).toBe(
      '/Users/ana/Library/Application Support/Meterwright',
    );
    expect(resolveHome(undefined, { APPDATA: 'C:\\Users\\ana\\AppData\\Roaming' }, windows)).toBe(
      'C:\\Users\\ana\\AppData\\Roaming\\Meterwright',
    );
    expect(resolveHome(undefined, {}, windows)).toBe('C:\\Users\\ana\\AppData\\Roaming\\Meterwright');
  });

  it('holds every place inside it, each once', () => {
    const { home, ...places } = homePaths('/data');
    const all = Object.values(places);
    expect(all.every((place) => place.startsWith(home))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    expect(places.knownHosts).toMatch(/known-hosts\.json$/);
  });
});
