import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homePaths } from '../../../electron/inventory/home.ts';
import { loadInstallationKey } from '../../../electron/inventory/installation-key.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mw-key-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function loaded() {
  const key = await loadInstallationKey(home);
  if (!key.ok) throw new Error(key.problem.because);
  return key.value;
}

describe('the key of an installation', () => {
  it('is made once, signs, and stays the same', async () => {
    const key = await loaded();
    const again = await loaded();
    expect(again.fingerprint).toBe(key.fingerprint);
    const bytes = new TextEncoder().encode('manifest');
    const signature = again.sign(bytes);
    expect(signature).toHaveLength(64);
    const publicKey = createPublicKey(key.publicKeyPem);
    expect(verify(null, bytes, publicKey, signature)).toBe(true);
    expect(verify(null, new TextEncoder().encode('manifesT'), publicKey, signature)).toBe(false);
    const digest = createHash('sha256')
      .update(publicKey.export({ format: 'der', type: 'spki' }))
      .digest('base64');
    expect(key.fingerprint).toBe(`SHA256:${digest.replace('=', '')}`);
    expect(key.publicKeyPem).not.toContain('PRIVATE');
  });

  it('is the same for everybody who asks first at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 12 }, () => loaded()));
    expect(new Set(keys.map((key) => key.fingerprint)).size).toBe(1);
    expect(await readdir(homePaths(home).keys)).toEqual(['installation.pem']);
  });

  it.skipIf(process.platform === 'win32')('is readable by its user only', async () => {
    await loaded();
    expect((await stat(join(homePaths(home).keys, 'installation.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(homePaths(home).keys)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['empty', ''],
    ['cut short', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE'],
    ['huge', 'x'.repeat(100_000)],
    ['of another kind', generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
  ])('that is %s is refused and left alone', async (_, content) => {
    const path = join(homePaths(home).keys, 'installation.pem');
    await mkdir(homePaths(home).keys);
    await writeFile(path, content);
    expect(await loadInstallationKey(home)).toMatchObject({
      ok: false,
      problem: { code: 'inventory/key-unreadable' },
    });
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('that cannot be made is a problem', async () => {
    await writeFile(join(home, 'keys'), 'a file where the folder should be');
    expect(await loadInstallationKey(home)).toMatchObject({
      ok: false,
      problem: { code: expect.stringMatching(/^disk\//) },
    });
  });
});
