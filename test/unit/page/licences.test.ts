import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import listed from '../../../renderer/features/settings/licences.json' with { type: 'json' };

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

it('the list of licences names every library that the program needs at run time, with the licence it states', () => {
  const byName = new Map(listed.map(({ name, licence }) => [name, licence]));
  for (const name of Object.keys(read('package.json').dependencies ?? {})) expect(byName.has(name), name).toBe(true);
  for (const [name, licence] of byName) {
    const manifest = `node_modules/${name}/package.json`;
    expect(existsSync(manifest), name).toBe(true);
    const stated = read(manifest).license;
    // One library states its licence in a file only.
    if (typeof stated === 'string') expect(licence, name).toBe(stated);
  }
});
