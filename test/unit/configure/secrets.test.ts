import { createCipheriv, scryptSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecrets, type Secret, sealSecrets } from '../../../electron/configure/secrets.ts';
import { readSecretsFile, writeSecretsFile } from '../../../electron/configure/secrets-file.ts';
import { SHORTEST_PASSPHRASE } from '../../../shared/domain/settings/passwords/passphrase.ts';

const PASSPHRASE = 'correct horse battery';
const SECRETS: readonly Secret[] = [
  { meter: 'Feeder 7', serial: 'SIM-0001', user: 'USER1', secret: 'Zq7!pLm2#xWv9$Ka' },
  { meter: '192.0.2.7', serial: null, user: 'USER50', secret: 'fT4?hB8&nR6*cY3+' },
];

/** Every try costs what an attacker's does, so these tests make few of them. */
const CAP = 120_000;

async function sealed(): Promise<string> {
  const result = await sealSecrets(SECRETS, PASSPHRASE);
  if (!result.ok) throw new Error(result.problem.because);
  return result.value;
}

/** The envelope with one part replaced. */
function changed(envelope: string, change: (parts: Record<string, unknown>) => unknown): string {
  return JSON.stringify(change(JSON.parse(envelope)));
}

let envelope = '';
let folder = '';
beforeAll(async () => {
  envelope = await sealed();
  folder = await mkdtemp(join(tmpdir(), 'meterwright-secrets-'));
}, CAP);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('sealed secrets', () => {
  it('show nothing of what is in them', () => {
    for (const { meter, serial, user, secret } of SECRETS) {
      for (const word of [meter, serial ?? secret, user, secret, PASSPHRASE]) {
        expect(envelope).not.toContain(word);
        expect(envelope).not.toContain(Buffer.from(word).toString('base64').slice(0, 8));
      }
    }
  });

  it('say how they were sealed', () => {
    expect(JSON.parse(envelope)).toMatchObject({
      format: 'meterwright-secrets',
      version: 1,
      kdf: { name: 'scrypt', N: 131_072, r: 8, p: 1 },
      cipher: { name: 'aes-256-gcm' },
    });
  });

  it(
    'have salt and nonce of their own each time, and open by the passphrase from a keyboard that composes letters otherwise',
    async () => {
      const passphrase = 'Z\u00e4hler im B\u00fcro';
      const result = await sealSecrets(SECRETS, passphrase);
      if (!result.ok) throw new Error(result.problem.because);
      const [a, b] = [JSON.parse(envelope), JSON.parse(result.value)];
      expect(a.kdf.salt).not.toBe(b.kdf.salt);
      expect(a.cipher.nonce).not.toBe(b.cipher.nonce);
      expect(a.content).not.toBe(b.content);
      expect(passphrase.normalize('NFD')).not.toBe(passphrase);
      expect(await openSecrets(result.value, passphrase.normalize('NFD'))).toEqual({ ok: true, value: SECRETS });
    },
    CAP,
  );

  it.each(['', 'Correct horse battery', 'x'.repeat(2_000)])(
    'are not opened by %j',
    async (passphrase) => {
      const result = await openSecrets(envelope, passphrase);
      expect(result).toMatchObject({ ok: false, problem: { code: 'secrets/not-opened' } });
      expect(JSON.stringify(result)).not.toContain('horse');
    },
    CAP,
  );

  it(
    'do not open with any bit of the content, the tag, the salt or the nonce turned',
    async () => {
      const parts = fc.constantFrom('content', 'tag', 'salt', 'nonce');
      const turned = (part: string, at: number, bit: number) =>
        changed(envelope, (all) => {
          const flip = (encoded: unknown) => {
            const bytes = Buffer.from(String(encoded), 'base64');
            const index = at % bytes.length;
            bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
            return bytes.toString('base64');
          };
          const inside = (key: string) => ({ ...(all[key] as object) }) as Record<string, unknown>;
          if (part === 'salt') return { ...all, kdf: { ...inside('kdf'), salt: flip(inside('kdf')['salt']) } };
          if (part === 'nonce')
            return { ...all, cipher: { ...inside('cipher'), nonce: flip(inside('cipher')['nonce']) } };
          return { ...all, [part]: flip(all[part]) };
        });
      await fc.assert(
        fc.asyncProperty(parts, fc.nat(10_000), fc.integer({ min: 0, max: 7 }), async (part, at, bit) => {
          const result = await openSecrets(turned(part, at, bit), PASSPHRASE);
          expect(result).toMatchObject({ ok: false, problem: { code: 'secrets/not-opened' } });
        }),
        { numRuns: 5 },
      );
    },
    CAP,
  );

  it(
    'are what scrypt and AES-256-GCM make of them, the open part authenticated with them',
    async () => {
      const salt = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
      const nonce = Buffer.from('101112131415161718191a1b', 'hex');
      const kdf = { name: 'scrypt', N: 131_072, r: 8, p: 1, salt: salt.toString('base64') };
      const open = { format: 'meterwright-secrets', version: 1, kdf };
      const aad = `["meterwright-secrets",1,"scrypt",131072,8,1,"${kdf.salt}","aes-256-gcm","${nonce.toString('base64')}"]`;
      const key = scryptSync(PASSPHRASE, salt, 32, { N: kdf.N, r: kdf.r, p: kdf.p, maxmem: 2 ** 28 });
      const made = (authenticated: string) => {
        const cipher = createCipheriv('aes-256-gcm', key, nonce);
        cipher.setAAD(Buffer.from(authenticated));
        const content = Buffer.concat([cipher.update(JSON.stringify(SECRETS)), cipher.final()]).toString('base64');
        const tag = cipher.getAuthTag().toString('base64');
        return JSON.stringify({
          ...open,
          cipher: { name: 'aes-256-gcm', nonce: nonce.toString('base64') },
          content,
          tag,
        });
      };
      expect(await openSecrets(made(aad), PASSPHRASE)).toEqual({ ok: true, value: SECRETS });
      for (const other of ['', aad.replace('",1,"', '",2,"')]) {
        expect((await openSecrets(made(other), PASSPHRASE)).ok).toBe(false);
      }
    },
    CAP,
  );

  it(
    'do not open with a greater cost written into them',
    async () => {
      const dearer = changed(envelope, (all) => ({ ...all, kdf: { ...(all['kdf'] as object), p: 2 } }));
      expect(await openSecrets(dearer, PASSPHRASE)).toMatchObject({
        ok: false,
        problem: { code: 'secrets/not-opened' },
      });
    },
    CAP,
  );

  it.each([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['another format', () => changed(envelope, (all) => ({ ...all, format: 'x' }))],
    ['a newer version', () => changed(envelope, (all) => ({ ...all, version: 2 }))],
    ['no tag', () => changed(envelope, ({ tag: _, ...all }) => all)],
    ['a short tag', () => changed(envelope, (all) => ({ ...all, tag: 'AAAA' }))],
    ['something besides', () => changed(envelope, (all) => ({ ...all, note: 'x' }))],
    ['content that is no base64', () => changed(envelope, (all) => ({ ...all, content: '!!' }))],
    [
      'a cost without an end',
      () => changed(envelope, (all) => ({ ...all, kdf: { ...(all['kdf'] as object), N: 2 ** 30 } })),
    ],
    [
      'too much memory',
      () => changed(envelope, (all) => ({ ...all, kdf: { ...(all['kdf'] as object), N: 2 ** 20, r: 16 } })),
    ],
    [
      'a cost that is no power of two',
      () => changed(envelope, (all) => ({ ...all, kdf: { ...(all['kdf'] as object), N: 131_073 } })),
    ],
    ['a cheaper cost', () => changed(envelope, (all) => ({ ...all, kdf: { ...(all['kdf'] as object), N: 2 } }))],
    ['a truncated file', () => envelope.slice(0, -20)],
  ])('are not what is in a file with %s', async (_, file) => {
    expect(await openSecrets(file(), PASSPHRASE)).toMatchObject({
      ok: false,
      problem: { code: 'secrets/not-an-envelope' },
    });
  });

  it('are not looked for in arbitrary text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect((await openSecrets(text, PASSPHRASE)).ok).toBe(false);
      }),
    );
  });

  it.each(['', 'short', 'x'.repeat(SHORTEST_PASSPHRASE - 1), 'aaaaaaaaaaaaaaaa', 'abab abab abab', 'y'.repeat(2_000)])(
    'are not sealed with the weak passphrase %j',
    async (passphrase) => {
      const result = await sealSecrets(SECRETS, passphrase);
      expect(result).toMatchObject({ ok: false, problem: { code: 'secrets/weak-passphrase' } });
      if (passphrase !== '') expect(JSON.stringify(result)).not.toContain(passphrase);
    },
  );

  it('are not sealed when they are no secrets that a meter could have', async () => {
    const long = [{ meter: 'm', serial: null, user: 'USER1', secret: 'S'.repeat(201) }];
    const result = await sealSecrets(long, PASSPHRASE);
    expect(result).toMatchObject({ ok: false, problem: { code: 'secrets/too-many' } });
    expect(JSON.stringify(result)).not.toContain('SSS');
  });
});

describe('a file of sealed secrets', () => {
  it(
    'is the only file, holds no secret in the open, and opens again',
    async () => {
      const path = join(folder, 'plan', 'secrets.json');
      expect(await writeSecretsFile(path, SECRETS, PASSPHRASE)).toEqual({ ok: true, value: undefined });
      expect(await readdir(join(folder, 'plan'))).toEqual(['secrets.json']);
      const text = await readFile(path, 'utf8');
      for (const { secret } of SECRETS) expect(text).not.toContain(secret);
      if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readSecretsFile(path, PASSPHRASE)).toEqual({ ok: true, value: SECRETS });
    },
    CAP,
  );

  it('is not written with a weak passphrase', async () => {
    const path = join(folder, 'weak', 'secrets.json');
    expect(await writeSecretsFile(path, SECRETS, 'weak')).toMatchObject({ ok: false });
    await expect(stat(join(folder, 'weak'))).rejects.toThrow('ENOENT');
  });

  it('is a problem of the disk when it is not there, and no envelope when it is too large', async () => {
    expect(await readSecretsFile(join(folder, 'missing.json'), PASSPHRASE)).toMatchObject({
      ok: false,
      problem: { code: 'disk/failed' },
    });
    const large = join(folder, 'large.json');
    await writeFile(large, Buffer.alloc(6 * 1_024 * 1_024 + 1, 32));
    expect(await readSecretsFile(large, PASSPHRASE)).toMatchObject({
      ok: false,
      problem: { code: 'secrets/not-an-envelope' },
    });
  });
});
