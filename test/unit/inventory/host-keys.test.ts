import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHostKeys, parseHosts } from '../../../electron/inventory/host-keys.ts';

const KEY = 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
const OTHER = 'SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-hosts-'));
  path = join(folder, 'data', 'known-hosts.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function opened() {
  const keys = await openHostKeys(path);
  if (!keys.ok) throw new Error(keys.problem.because);
  return keys.value;
}

describe('pinned host keys', () => {
  it('are there for the next program, by host and port', async () => {
    const keys = await opened();
    expect(await keys.lookup('192.0.2.7', 22)).toBeUndefined();
    await keys.pin('192.0.2.7', 22, KEY);
    const next = await opened();
    expect(await next.lookup('192.0.2.7', 22)).toBe(KEY);
    expect(await next.lookup('192.0.2.7', 2222)).toBeUndefined();
    expect(await next.lookup('192.0.2.8', 22)).toBeUndefined();
  });

  it('do not depend on the case of a host name', async () => {
    const keys = await opened();
    await keys.pin('Meter.Example', 22, KEY);
    expect(await keys.lookup('meter.example', 22)).toBe(KEY);
  });

  it('are never replaced', async () => {
    const keys = await opened();
    await keys.pin('meter', 22, KEY);
    await keys.pin('meter', 22, KEY);
    await expect(keys.pin('meter', 22, OTHER)).rejects.toThrow(/Another key/);
    expect(await keys.lookup('meter', 22)).toBe(KEY);
  });

  it('are listed by host and port, also for addresses with colons', async () => {
    const keys = await opened();
    await keys.pin('meter-b', 22, OTHER);
    await keys.pin('fe80::1', 2222, KEY);
    await keys.pin('meter-a', 22, KEY);
    const listed = await keys.list();
    if (!listed.ok) throw new Error(listed.problem.because);
    expect(listed.value.map(({ host, port, fingerprint }) => [host, port, fingerprint])).toEqual([
      ['fe80::1', 2222, KEY],
      ['meter-a', 22, KEY],
      ['meter-b', 22, OTHER],
    ]);
  });

  it('can be forgotten one by one; the next connection then counts as the first', async () => {
    const keys = await opened();
    await keys.pin('Meter', 22, KEY);
    await keys.pin('meter', 2222, KEY);
    expect(await keys.forget('meter', 22)).toEqual({ ok: true, value: true });
    expect(await keys.forget('meter', 22)).toEqual({ ok: true, value: false });
    expect(await (await opened()).lookup('meter', 22)).toBeUndefined();
    expect(await (await opened()).lookup('meter', 2222)).toBe(KEY);
    await keys.pin('meter', 22, OTHER);
    expect(await keys.lookup('meter', 22)).toBe(OTHER);
  });

  it('are not listed as none, and none is forgotten, when the file is damaged', async () => {
    const keys = await opened();
    await keys.pin('meter', 22, KEY);
    await writeFile(path, '{"format":"meterwright-known-hosts/1"');
    expect(await keys.list()).toMatchObject({ ok: false, problem: { code: 'inventory/host-keys-unreadable' } });
    expect(await keys.forget('meter', 22)).toMatchObject({
      ok: false,
      problem: { code: 'inventory/host-keys-unreadable' },
    });
    expect(await readFile(path, 'utf8')).toBe('{"format":"meterwright-known-hosts/1"');
  });

  it('are all kept when many are pinned at once, through two stores', async () => {
    const stores = [await opened(), await opened()];
    const hosts = Array.from({ length: 30 }, (_, index) => `host-${index}`);
    await Promise.all(hosts.map((host, index) => stores[index % 2]?.pin(host, 22, KEY)));
    const next = await opened();
    for (const host of hosts) expect(await next.lookup(host, 22)).toBe(KEY);
    expect(await readdir(join(folder, 'data'))).toEqual(['known-hosts.json']);
  });

  it('survive hosts with the names of an object', async () => {
    const keys = await opened();
    await keys.pin('__proto__', 22, KEY);
    expect(await keys.lookup('__proto__', 22)).toBe(KEY);
    expect(await keys.lookup('constructor', 22)).toBeUndefined();
  });

  it('of a wrong form are refused', async () => {
    const keys = await opened();
    await expect(keys.pin('meter', 22, 'MD5:00')).rejects.toThrow(/fingerprint/);
    expect(await keys.lookup('meter', 22)).toBeUndefined();
  });
});

describe('a file with pinned host keys that is damaged', () => {
  const whole = JSON.stringify({
    format: 'meterwright-known-hosts/1',
    hosts: { 'meter:22': { fingerprint: KEY, pinnedAt: '2026-01-01T00:00:00.000Z' } },
  });

  it.each([
    ['empty', ''],
    ['cut short', whole.slice(0, -10)],
    ['another format', whole.replace('hosts/1', 'hosts/9')],
    ['a list', '[]'],
    ['an entry without a key', whole.replace(KEY, '')],
    ['huge', ' '.repeat(3_000_000)],
  ])('is refused and left as it is: %s', async (_, content) => {
    path = join(folder, 'known-hosts.json');
    await writeFile(path, content);
    expect(await openHostKeys(path)).toMatchObject({ ok: false, problem: { code: 'inventory/host-keys-unreadable' } });
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('while it is open rejects questions instead of forgetting', async () => {
    const keys = await opened();
    await keys.pin('meter', 22, KEY);
    await writeFile(path, '{');
    await expect(keys.lookup('meter', 22)).rejects.toThrow(/damaged/);
    await expect(keys.pin('other', 22, KEY)).rejects.toThrow(/damaged/);
    expect(await readFile(path, 'utf8')).toBe('{');
  });

  it('that is a folder is a problem of the disk', async () => {
    expect(await openHostKeys(folder)).toMatchObject({
      ok: false,
      problem: { code: expect.stringMatching(/^disk\//) },
    });
  });

  it('never makes the parser throw, and one changed byte never changes who is known by accident', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseHosts(text)).toBeUndefined();
      }),
    );
    expect(parseHosts(whole)?.get('meter:22')?.fingerprint).toBe(KEY);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (cut) => {
        expect(parseHosts(whole.slice(0, cut))).toBeUndefined();
      }),
    );
  });
});
