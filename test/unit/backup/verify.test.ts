import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { takeBackup } from '../../../electron/backup/take.ts';
import { verifyBackup } from '../../../electron/backup/verify.ts';
import { fakeMeter, newKey, temporaryFolder } from './fake-meter.ts';

const FILES = {
  'COMTRADE/cmt0__00001.cfg': 'ION7400,1,1999',
  'COMTRADE/cmt0__00001.dat': '\x00\x01\x02\x03',
  'COMTRADE/cmt0__00002.cfg': 'ION7400,2,1999',
  'COMTRADE/cmt0__00002.dat': '\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5\xf4',
  'web/default/index.html': '<html></html>',
};
const run = promisify(execFile);
const key = newKey();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** One sealed bag for all tests; `bag` is a fresh copy of it for each. */
let sealed: string;
let bag: string;
let copies = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  const attached = join(folder.path, 'template.dcf');
  await writeFile(attached, 'template');
  const request = { out: join(folder.path, 'out'), attach: [attached], waive: [], by: 'Ada' };
  const taken = await takeBackup(fakeMeter(FILES).meter, request, { key, toolVersion: '0.1.0' });
  if (!taken.ok) throw new Error(taken.problem.because);
  sealed = taken.value.bag;
  bag = await copyOfBag();
});
afterEach(async () => {
  await rm(bag, { recursive: true, force: true });
  bag = await copyOfBag();
});
afterAll(() => folder.dispose());

async function copyOfBag(): Promise<string> {
  copies += 1;
  const copy = join(folder.path, `copy-${copies}`);
  await cp(sealed, copy, { recursive: true });
  return copy;
}

async function files(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const below = entries.map((entry) =>
    entry.isDirectory() ? files(join(root, entry.name)) : [join(root, entry.name)],
  );
  return (await Promise.all(below)).flat().sort();
}

async function codes(dir = bag, options = {}): Promise<readonly string[]> {
  return [...new Set((await verifyBackup(dir, options)).problems.map((found) => found.code))].sort();
}

async function flip(path: string, position: number, mask = 1): Promise<void> {
  const bytes = await readFile(path);
  const at = position % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
  await writeFile(path, bytes);
}

describe('a bag as it was sealed', () => {
  it('is verified, with its sums and its record', async () => {
    const found = await verifyBackup(bag, { trustedKey: key, now: () => new Date('2026-11-22T12:00:00Z') });
    expect(found).toMatchObject({ verdict: 'verified', problems: [], at: '2026-11-22T12:00:00.000Z' });
    const payload = await files(join(bag, 'data'));
    const sizes = await Promise.all(payload.map(async (path) => (await stat(path)).size));
    expect(found.files).toBe(payload.length);
    expect(found.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(found.evidence?.identity.serial).toBe('MW-2211A001-01');
  });

  it('satisfies sha256sum with both manifests, and its fingerprint is the one sha256sum gives', async () => {
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      const { stdout } = await run('sha256sum', ['--check', '--strict', manifest], { cwd: bag });
      expect(
        stdout
          .trim()
          .split('\n')
          .every((line) => line.endsWith(': OK')),
      ).toBe(true);
    }
    const { stdout } = await run('sha256sum', ['tagmanifest-sha256.txt'], { cwd: bag });
    expect(stdout.slice(0, 64)).toBe((await verifyBackup(bag)).fingerprint);
  });

  it('is verified under another name and in another place', async () => {
    const moved = join(folder.path, 'ünter way');
    await rename(bag, moved);
    expect((await verifyBackup(moved)).verdict).toBe('verified');
    await rm(moved, { recursive: true });
  });
});

describe('any change of any file is found', () => {
  it('one bit, anywhere', async () => {
    const all = await files(bag);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        async (path, position, bit) => {
          await flip(path, position, 1 << bit);
          expect((await verifyBackup(bag)).verdict).not.toBe('verified');
          await flip(path, position, 1 << bit);
        },
      ),
      { numRuns: 60 },
    );
    expect((await verifyBackup(bag)).verdict).toBe('verified');
  });

  it('truncated, emptied, deleted, lengthened', async () => {
    for (const path of await files(bag)) {
      const bytes = await readFile(path);
      const changes = [
        () => truncate(path, bytes.length - 1),
        () => truncate(path, 0),
        () => rm(path),
        () => writeFile(path, Buffer.concat([bytes, Buffer.from('\n')])),
      ];
      for (const change of changes) {
        await change();
        expect((await verifyBackup(bag)).verdict, path).not.toBe('verified');
        await writeFile(path, bytes);
      }
    }
    expect((await verifyBackup(bag)).verdict).toBe('verified');
  });

  it('added, anywhere', async () => {
    for (const place of [
      'extra.txt',
      'data/extra.txt',
      'data/web/files/default/extra.txt',
      'new/extra.txt',
      'manifest-md5.txt',
    ]) {
      await mkdir(dirname(join(bag, place)), { recursive: true });
      await writeFile(join(bag, place), 'x');
      expect(await codes()).toEqual(['backup/file-extra']);
      await rm(join(bag, place));
    }
  });

  it('two files that changed places', async () => {
    const [a, b] = ['cmt0__00001.cfg', 'cmt0__00002.cfg'].map((name) => join(bag, 'data/comtrade/files', name));
    if (a === undefined || b === undefined) throw new Error('no names');
    await rename(a, `${a}.x`);
    await rename(b, a);
    await rename(`${a}.x`, b);
    expect(await codes()).toEqual(['backup/file-changed']);
  });
});

describe('the codes', () => {
  it.each([
    ['data/web/index.json', ['backup/file-missing', 'backup/oxum-mismatch']],
    ['manifest-sha256.txt', ['backup/file-extra', 'backup/file-missing', 'backup/oxum-mismatch']],
    ['tagmanifest-sha256.txt', ['backup/file-missing', 'backup/manifest-changed']],
    ['signature.json', ['backup/unsigned']],
    ['evidence.json', ['backup/file-missing']],
    ['bagit.txt', ['backup/file-missing', 'backup/not-a-bag']],
  ])('of a bag without %s', async (name, expected) => {
    await rm(join(bag, name));
    expect(await codes()).toEqual(expected);
  });

  it.each([
    ['data/comtrade/files/cmt0__00001.dat', ['backup/file-changed']],
    ['manifest-sha256.txt', ['backup/manifest-changed']],
    ['tagmanifest-sha256.txt', ['backup/bad-signature']],
    ['signature.json', ['backup/bad-signature']],
  ])('of a bag with a changed %s', async (name, expected) => {
    await flip(join(bag, name), 20);
    expect(await codes()).toEqual(expect.arrayContaining(expected));
  });

  it('tell a link from a file', async () => {
    const path = join(bag, 'data/web/index.json');
    await rename(path, join(folder.path, 'index.json'));
    await symlink(join(folder.path, 'index.json'), path);
    expect(await codes()).toContain('backup/unsafe-path');
    await rm(join(folder.path, 'index.json'));
  });

  it('tell a manifest that leads out of the bag, whoever signed it', async () => {
    await writeFile(join(folder.path, 'secret'), 'x');
    await writeFile(join(bag, 'manifest-sha256.txt'), `${'0'.repeat(64)}  data/../../secret\n`);
    expect(await codes()).toContain('backup/unsafe-path');
  });

  it('tell who signed when it was another installation', async () => {
    const stranger = newKey();
    const found = await verifyBackup(bag, { trustedKey: stranger });
    expect(found.verdict).toBe('unknown');
    expect(found.problems.map((problem) => problem.code)).toEqual(['backup/foreign-signature']);
    expect(found.problems[0]?.because).toContain(key.fingerprint);
  });

  it('refuse a signature file with the right signature and another fingerprint', async () => {
    const path = join(bag, 'signature.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(key.fingerprint, newKey().fingerprint));
    expect(await codes()).toEqual(['backup/bad-signature']);
  });

  it.each(['missing', 'empty folder', 'a file'])('call %s no bag', async (kind) => {
    const path = join(folder.path, 'no-bag');
    if (kind === 'empty folder') await mkdir(path);
    if (kind === 'a file') await writeFile(path, 'x');
    expect(await verifyBackup(path)).toMatchObject({ verdict: 'unknown', fingerprint: null, evidence: null });
    expect(await codes(path)).toEqual(['backup/not-a-bag']);
    await rm(path, { recursive: true, force: true });
  });

  it('call a complete bag that was never renamed no bag', async () => {
    const partial = join(folder.path, '.X_4.0.0_20261122T100005Z.partial');
    await rename(bag, partial);
    expect(await codes(partial)).toEqual(['backup/not-a-bag']);
    await rm(partial, { recursive: true });
  });
});
