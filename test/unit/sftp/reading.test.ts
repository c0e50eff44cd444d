import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '../../../electron/protocols/sftp/window.ts';
import { folder, pair, reading, sha256 } from './pair.ts';
import { patterned, type ServerRequest, STATUS } from './scripted-server.ts';

const KIB = 1024;

describe('reading', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5_000_001])('gives all %i bytes', async (size) => {
    const { server, client } = await pair();
    const bytes = patterned(size);
    server.files.set('/f', bytes);
    const read = await client.readFile('/f', size);
    expect(read.ok && Buffer.from(read.value).equals(bytes)).toBe(true);
    expect(await client.hash('/f')).toEqual({ ok: true, value: sha256(bytes) });
    const local = join(folder, 'f');
    expect(await client.download('/f', local)).toEqual({ ok: true, value: { size, sha256: sha256(bytes) } });
    expect((await readFile(local)).equals(bytes)).toBe(true);
    expect(await readdir(folder)).toEqual(['f']);
  });

  it('puts short answers together, however short they are', async () => {
    const bytes = patterned(200 * KIB);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 * KIB }), { minLength: 1, maxLength: 8 }),
        async (lengths) => {
          let count = 0;
          const made = await pair(
            reading(
              () => made.server,
              (data) => {
                count += 1;
                return data.subarray(0, Math.max(700, lengths[count % lengths.length] ?? 1));
              },
            ),
          );
          made.server.files.set('/f', bytes);
          expect(await made.client.hash('/f')).toEqual({ ok: true, value: sha256(bytes) });
          await made.client.close();
          await made.server.stop();
        },
      ),
      { numRuns: 8 },
    );
  });

  it('sorts answers that come in any order', async () => {
    const bytes = patterned(2_000 * KIB);
    const held: (() => void)[] = [];
    const { server, client } = await pair((request, next) => {
      if (request.operation !== 'READ') return next();
      held.push(next);
      // Answers the newest first, in bursts.
      if (held.length >= 7 || request.offset + request.length >= bytes.length) {
        for (const answer of held.splice(0).reverse()) answer();
      } else setImmediate(() => held.pop()?.());
    });
    server.files.set('/f', bytes);
    const local = join(folder, 'f');
    expect(await client.download('/f', local)).toMatchObject({ ok: true, value: { sha256: sha256(bytes) } });
    expect((await readFile(local)).equals(bytes)).toBe(true);
  });

  it.each([
    ['ends', (request: ServerRequest) => request.sftp.status(request.id, STATUS.eof)],
    ['gives no bytes', (request: ServerRequest) => request.sftp.data(request.id, Buffer.alloc(0))],
    ['answers OK without data', (request: ServerRequest) => request.sftp.status(request.id, STATUS.ok)],
  ])('fails when the file %s before its size', async (_, answer) => {
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'READ' && request.offset >= 64 * KIB) answer(request);
      else next();
    });
    server.files.set('/f', patterned(200 * KIB));
    expect(await client.download('/f', join(folder, 'f'))).toMatchObject({
      ok: false,
      problem: { code: 'sftp/failure' },
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await client.list('/')).toMatchObject({ ok: true });
  });

  it('does not let a host write past the buffer with more bytes than asked for', async () => {
    const made = await pair(
      reading(
        () => made.server,
        (data, { length }) => Buffer.concat([data, Buffer.alloc(length + 1 - data.length, 0xee)]),
      ),
    );
    const bytes = patterned(100 * KIB);
    made.server.files.set('/f', bytes);
    const read = await made.client.readFile('/f', bytes.length);
    expect(read.ok ? Buffer.from(read.value).equals(bytes) : read.problem.code.startsWith('sftp/')).toBe(true);
  });

  it('notices a file that grows while it is read, and leaves nothing on the disk', async () => {
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'READ') server.files.set('/f', patterned(101 * KIB));
      next();
    });
    server.files.set('/f', patterned(100 * KIB));
    expect(await client.download('/f', join(folder, 'f'))).toMatchObject({
      ok: false,
      problem: { code: 'sftp/failure', because: expect.stringContaining('changed while it was read') },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses more than the caller can take before reading anything', async () => {
    let reads = 0;
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'READ') reads += 1;
      next();
    });
    server.files.set('/f', patterned(1001));
    const tooLarge = { ok: false, problem: { code: 'sftp/too-large', details: { size: 1001, maxBytes: 1000 } } };
    expect(await client.readFile('/f', 1000)).toMatchObject(tooLarge);
    expect(await client.download('/f', join(folder, 'f'), { maxBytes: 1000 })).toMatchObject(tooLarge);
    expect(reads).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([2 ** 53, 1e18])('refuses an impossible size: %d', async (size) => {
    const { client, server } = await pair((request, next) => {
      if (request.operation !== 'FSTAT') return next();
      request.sftp.attrs(request.id, { mode: 0o100644, uid: 0, gid: 0, size, atime: 0, mtime: 0 });
    });
    server.files.set('/f', patterned(10));
    expect(await client.readFile('/f', 100)).toMatchObject({ ok: false });
  });

  it('replaces the old file only when the new one is whole', async () => {
    let broken = true;
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'READ' && broken) request.sftp.status(request.id, STATUS.failure, 'bad sector');
      else next();
    });
    server.files.set('/f', Buffer.from('new'));
    const local = join(folder, 'f');
    await writeFile(local, 'old');
    expect(await client.download('/f', local)).toMatchObject({
      ok: false,
      problem: { code: 'sftp/failure', because: expect.stringContaining('bad sector') },
    });
    expect(await readFile(local, 'utf8')).toBe('old');
    broken = false;
    expect(await client.download('/f', local)).toMatchObject({ ok: true });
    expect(await readFile(local, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['f']);
  });

  it('says when this PC is the one that refuses', async () => {
    const { server, client } = await pair();
    server.files.set('/f', Buffer.from('x'));
    for (const local of [join(folder, 'missing', 'f'), folder]) {
      expect(await client.download('/f', local)).toMatchObject({ ok: false, problem: { code: 'sftp/local-disk' } });
    }
    expect(await readdir(folder)).toEqual([]);
  });
});
