import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TransferProgress } from '../../../electron/protocols/sftp/types.ts';
import { CHUNK_BYTES } from '../../../electron/protocols/sftp/window.ts';
import {
  connected,
  patterned,
  type Script,
  type ScriptedServer,
  type ServerRequest,
  STATUS,
  sourceOf,
  startScriptedServer,
} from './scripted-server.ts';

const KIB = 1024;
const cleanup: (() => Promise<void>)[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-sftp-'));
});
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
  await rm(folder, { recursive: true, force: true });
});

/** A server with this behaviour and a client that is connected to it. */
async function pair(intercept?: Script['intercept'], timeoutMs = 5_000) {
  const server = await startScriptedServer(intercept ? { intercept } : {});
  cleanup.push(() => server.stop());
  const client = await connected(server, { timeoutMs });
  cleanup.push(() => client.close());
  return { server, client };
}

/** Answers a READ with what `alter` makes of the bytes. */
function reading(
  server: () => ScriptedServer,
  alter: (data: Buffer, request: ServerRequest) => Buffer,
): Script['intercept'] {
  return (request, next) => {
    if (request.operation !== 'READ') return next();
    const { id, path, offset, length, sftp } = request;
    const data = (server().files.get(path) ?? Buffer.alloc(0)).subarray(offset, offset + length);
    if (data.length === 0) return next();
    sftp.data(id, alter(data, request));
  };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

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

describe('writing', () => {
  it.each([0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3_000_001])('sends all %i bytes', async (size) => {
    const { server, client } = await pair();
    const bytes = patterned(size);
    expect(await client.upload(sourceOf(bytes), '/f')).toEqual({ ok: true, value: { sent: size, resumedFrom: 0 } });
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
  });

  it('takes answers in any order', async () => {
    const bytes = patterned(1_500 * KIB);
    const held: (() => void)[] = [];
    const { server, client } = await pair((request, next) => {
      if (request.operation !== 'WRITE') return next();
      held.push(next);
      if (held.length >= 11 || request.offset + request.data.length >= bytes.length) {
        for (const answer of held.splice(0).reverse()) answer();
      }
    });
    expect(await client.upload(sourceOf(bytes), '/f')).toMatchObject({ ok: true });
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
  });

  it('replaces a longer file', async () => {
    const { server, client } = await pair();
    server.files.set('/f', patterned(1000, 9));
    expect(await client.upload(sourceOf(patterned(10)), '/f')).toMatchObject({ ok: true });
    expect(server.files.get('/f')?.equals(patterned(10))).toBe(true);
  });

  it.each([
    ['a plain failure that says so', STATUS.failure, 'write: No space left on device', 'sftp/no-space'],
    ['a lack of rights', STATUS.denied, '', 'sftp/permission-denied'],
    ['something else', STATUS.failure, 'odd\u0000\u202Ething\nhappened', 'sftp/failure'],
  ])('ends with the reason of the host: %s', async (_, status, text, code) => {
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'WRITE' && request.offset >= 3 * CHUNK_BYTES)
        request.sftp.status(request.id, status, text);
      else next();
    });
    const sent = await client.upload(sourceOf(patterned(1_000 * KIB)), '/f');
    expect(sent).toMatchObject({ ok: false, problem: { code, meterState: expect.stringContaining('not complete') } });
    expect(JSON.stringify(sent)).not.toMatch(/\\u0000|\u202E|\\n/);
    expect(server.files.get('/f')?.length).toBe(3 * CHUNK_BYTES);
    // The session goes on.
    expect(await client.remove('/f')).toMatchObject({ ok: true });
  });

  it('asks for the size together with the end of the file', async () => {
    let close: (() => void) | undefined;
    const { client } = await pair(({ operation }, next) => {
      if (operation === 'CLOSE') close = next;
      else next();
      // Only what comes before the answer to CLOSE lets the upload end.
      if (operation === 'STAT') close?.();
    });
    expect(await client.upload(sourceOf(patterned(100)), '/f')).toMatchObject({ ok: true });
  });

  it.each([
    ['is right once the file is closed', 1, true],
    ['stays wrong', Number.POSITIVE_INFINITY, false],
  ])('asks again for a size that disagrees: it %s', async (_, wrong, ok) => {
    let asked = 0;
    const { client } = await pair(({ operation, sftp, id }, next) => {
      if (operation !== 'STAT') return next();
      asked += 1;
      if (asked > wrong) next();
      else sftp.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 0, mtime: 0 });
    });
    expect(await client.upload(sourceOf(patterned(100)), '/f')).toMatchObject({ ok });
    expect(asked).toBe(2);
  });

  it('does not take a file as complete that the host could not close', async () => {
    const { client } = await pair(({ operation, sftp, id }, next) => {
      if (operation === 'CLOSE') sftp.status(id, STATUS.failure);
      else next();
    });
    expect(await client.upload(sourceOf(patterned(100)), '/f')).toMatchObject({
      ok: false,
      problem: { meterState: expect.stringContaining('not complete') },
    });
  });

  it('notices a host that acknowledges what it does not keep', async () => {
    const { client } = await pair((request, next) => {
      if (request.operation === 'WRITE' && request.offset > 0) request.sftp.status(request.id, STATUS.ok);
      else next();
    });
    expect(await client.upload(sourceOf(patterned(100 * KIB)), '/f')).toMatchObject({
      ok: false,
      problem: { code: 'sftp/failure', because: expect.stringContaining('acknowledged') },
    });
  });

  it.each([
    ['gives fewer bytes', (bytes: Buffer) => Promise.resolve(bytes.subarray(0, 10))],
    ['gives more bytes', (bytes: Buffer) => Promise.resolve(Buffer.concat([bytes, bytes]))],
    ['rejects', () => Promise.reject(new Error('EIO'))],
    [
      'throws',
      () => {
        throw new Error('EIO');
      },
    ],
  ])('ends when the source changes: it %s', async (_, misread) => {
    const { client } = await pair();
    const bytes = patterned(2_500 * KIB);
    const source = {
      size: bytes.length,
      read: (offset: number, length: number): Promise<Uint8Array> => {
        const part = bytes.subarray(offset, offset + length);
        return offset === 0 ? Promise.resolve(part) : misread(part);
      },
    };
    expect(await client.upload(source, '/f')).toMatchObject({ ok: false, problem: { code: 'sftp/local-disk' } });
    expect(await client.list('/')).toMatchObject({ ok: true });
  });

  it('reads one block at a time, ahead of what is sent, and nothing of the source after its end', async () => {
    const { server, client } = await pair();
    const bytes = patterned(5_000 * KIB);
    const reads: { readonly offset: number; readonly length: number }[] = [];
    let reading = 0;
    const source = {
      size: bytes.length,
      async read(offset: number, length: number) {
        reads.push({ offset, length });
        reading += 1;
        expect(reading).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        reading -= 1;
        return bytes.subarray(offset, offset + length);
      },
    };
    expect(await client.upload(source, '/f')).toMatchObject({ ok: true });
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
    expect(reads.map(({ offset }) => offset)).toEqual(
      reads.map((_, index) => reads.slice(0, index).reduce((sum, { length }) => sum + length, 0)),
    );
    expect(reads.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
  });

  it('that fails is over only when the source is no longer read', async () => {
    const { client } = await pair((request, next) => {
      if (request.operation === 'WRITE') request.sftp.status(request.id, STATUS.denied);
      else next();
    });
    const bytes = patterned(5_000 * KIB);
    let reading = 0;
    const source = {
      size: bytes.length,
      async read(offset: number, length: number) {
        reading += 1;
        // Long after the host has refused what was sent.
        for (let turn = 0; turn < (offset === 0 ? 1 : 2_000); turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        reading -= 1;
        return bytes.subarray(offset, offset + length);
      },
    };
    expect(await client.upload(source, '/f')).toMatchObject({ ok: false });
    expect(reading).toBe(0);
  });

  it('that is refused from the start is not said to have touched the meter', async () => {
    const { client } = await pair((request, next) => {
      if (request.operation === 'OPEN') request.sftp.status(request.id, STATUS.denied);
      else next();
    });
    expect(await client.upload(sourceOf(patterned(10)), '/f')).toMatchObject({
      ok: false,
      problem: { code: 'sftp/permission-denied', meterState: 'Nothing was written to the meter.' },
    });
  });
});

describe('resuming', () => {
  const bytes = patterned(700 * KIB);

  it.each([
    ['nothing', 0],
    ['one byte', 1],
    ['a part', 333_333],
    ['all', bytes.length],
  ])('keeps %s that is there and right', async (_, kept) => {
    let written = 0;
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'WRITE') written += request.data.length;
      next();
    });
    server.files.set('/f', Buffer.from(bytes.subarray(0, kept)));
    expect(await client.upload(sourceOf(bytes), '/f', { resume: true })).toEqual({
      ok: true,
      value: { sent: bytes.length - kept, resumedFrom: kept },
    });
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
    expect(written).toBe(bytes.length - kept);
  });

  it.each([
    ['of another file', patterned(333_333, 7)],
    ['with one wrong byte at its end', Buffer.concat([bytes.subarray(0, 5000), Buffer.from([(bytes[5000] ?? 0) ^ 1])])],
    ['with a hole', Buffer.concat([bytes.subarray(0, 5000), Buffer.alloc(40_000), bytes.subarray(45_000, 60_000)])],
    ['longer than the source', Buffer.concat([bytes, Buffer.from([0])])],
  ])('starts over with a part %s', async (_, part) => {
    const { server, client } = await pair();
    server.files.set('/f', Buffer.from(part));
    expect(await client.upload(sourceOf(bytes), '/f', { resume: true })).toEqual({
      ok: true,
      value: { sent: bytes.length, resumedFrom: 0 },
    });
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
  });

  it('starts where there is nothing', async () => {
    const { client } = await pair();
    expect(await client.upload(sourceOf(bytes), '/new', { resume: true })).toMatchObject({
      ok: true,
      value: { resumedFrom: 0 },
    });
  });

  it('goes on after a connection that broke in the middle', async () => {
    let broken = true;
    const server = await startScriptedServer({
      intercept: (request, next) => {
        if (broken && request.operation === 'WRITE' && request.offset >= 8 * CHUNK_BYTES) request.connection.end();
        else next();
      },
    });
    cleanup.push(() => server.stop());
    const first = await connected(server);
    expect(await first.upload(sourceOf(bytes), '/f', { resume: true })).toMatchObject({
      ok: false,
      problem: { code: 'sftp/closed', meterState: expect.stringContaining('not complete') },
    });
    await first.close();
    await server.idle();
    broken = false;
    const kept = server.files.get('/f')?.length ?? 0;
    expect(kept).toBeGreaterThan(0);
    const second = await connected(server);
    const resumed = await second.upload(sourceOf(bytes), '/f', { resume: true });
    expect(resumed).toEqual({ ok: true, value: { sent: bytes.length - kept, resumedFrom: kept } });
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
    await second.close();
  });
});

describe('progress', () => {
  it('never goes back, ends with everything, and is reported at the end even of an empty file', async () => {
    const { client } = await pair();
    for (const size of [0, 2_000 * KIB]) {
      const seen: TransferProgress[] = [];
      await client.upload(sourceOf(patterned(size)), '/f', { onProgress: (progress) => seen.push(progress) });
      await client.hash('/f', { onProgress: (progress) => seen.push(progress) });
      expect(seen.at(-1)).toMatchObject({ done: size, total: size });
      expect(seen.every(({ done, total, perSecond }) => done <= total && perSecond >= 0)).toBe(true);
    }
  });
});

describe('a host that falls silent', () => {
  it.each(['OPEN', 'WRITE', 'CLOSE', 'STAT'] as const)(
    'at %s of an upload: timeout, never a hang',
    async (operation) => {
      const { server, client } = await pair((request, next) => {
        if (request.operation === operation && (operation !== 'WRITE' || request.offset >= 64 * KIB)) return;
        next();
      }, 300);
      const sent = await client.upload(sourceOf(patterned(500 * KIB)), '/f');
      expect(sent).toMatchObject({ ok: false, problem: { code: 'sftp/timeout' } });
      await server.idle();
      expect(await client.list('/')).toMatchObject({ ok: false, problem: { code: 'sftp/timeout' } });
    },
  );

  it.each(['OPEN', 'FSTAT', 'READ'] as const)(
    'at %s of a download: timeout, and no temporary file',
    async (operation) => {
      const { server, client } = await pair((request, next) => {
        if (request.operation === operation && (operation !== 'READ' || request.offset >= 64 * KIB)) return;
        next();
      }, 300);
      server.files.set('/f', patterned(500 * KIB));
      expect(await client.download('/f', join(folder, 'f'))).toMatchObject({
        ok: false,
        problem: { code: 'sftp/timeout' },
      });
      expect(await readdir(folder)).toEqual([]);
      await server.idle();
    },
  );

  it('for one request of many only: timeout all the same', async () => {
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'READ' && request.offset === CHUNK_BYTES) return;
      next();
    }, 300);
    server.files.set('/f', patterned(900 * KIB));
    expect(await client.hash('/f')).toMatchObject({ ok: false, problem: { code: 'sftp/timeout' } });
  });

  it('is not said of a slow host that keeps answering', async () => {
    let last = Promise.resolve();
    const { server, client } = await pair((request, next) => {
      if (request.operation !== 'READ') return next();
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, 60))).then(next);
    }, 250);
    server.files.set('/f', patterned(320 * KIB));
    expect(await client.hash('/f')).toMatchObject({ ok: true });
  });
});

describe('an abort', () => {
  it('of an upload ends it, keeps the session, and the part can be resumed', async () => {
    const controller = new AbortController();
    const bytes = patterned(4_000 * KIB);
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'WRITE' && request.offset >= 256 * KIB) controller.abort();
      next();
    });
    const sent = await client.upload(sourceOf(bytes), '/f', { signal: controller.signal });
    expect(sent).toMatchObject({
      ok: false,
      problem: { code: 'aborted', meterState: expect.stringContaining('not complete') },
    });
    const resumed = await client.upload(sourceOf(bytes), '/f', { resume: true });
    expect(resumed.ok && resumed.value.resumedFrom > 0).toBe(true);
    expect(server.files.get('/f')?.equals(bytes)).toBe(true);
  });

  it('of a download leaves nothing', async () => {
    const controller = new AbortController();
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'READ' && request.offset >= 256 * KIB) controller.abort();
      next();
    });
    server.files.set('/f', patterned(4_000 * KIB));
    const got = await client.download('/f', join(folder, 'f'), { signal: controller.signal });
    expect(got).toMatchObject({ ok: false, problem: { code: 'aborted' } });
    expect(await readdir(folder)).toEqual([]);
    expect(await client.list('/')).toMatchObject({ ok: true });
  });

  it.each(['OPEN', 'FSTAT', 'READ', 'WRITE', 'STAT', 'OPENDIR', 'READDIR', 'REMOVE', 'RENAME'] as const)(
    'while the host is silent at %s ends at once',
    async (operation) => {
      const controller = new AbortController();
      const { server, client } = await pair((request, next) => {
        if (request.operation === operation) controller.abort();
        else next();
      }, 60_000);
      server.files.set('/f', patterned(100));
      const { signal } = controller;
      const results = {
        OPEN: () => client.readFile('/f', 1000, signal),
        FSTAT: () => client.hash('/f', { signal }),
        READ: () => client.download('/f', join(folder, 'f'), { signal }),
        WRITE: () => client.upload(sourceOf(patterned(100)), '/g', { signal }),
        STAT: () => client.stat('/f', signal),
        OPENDIR: () => client.list('/', { signal }),
        READDIR: () => client.list('/', { signal }),
        REMOVE: () => client.remove('/f', signal),
        RENAME: () => client.rename('/f', '/g', signal),
      };
      expect(await results[operation]()).toMatchObject({ ok: false, problem: { code: 'aborted' } });
      expect(await readdir(folder)).toEqual([]);
      // Already aborted: nothing is sent at all.
      expect(await results[operation]()).toMatchObject({ ok: false, problem: { code: 'aborted' } });
    },
  );

  it('closes a file that the host opens too late', async () => {
    const controller = new AbortController();
    const closed: string[] = [];
    const { server, client } = await pair((request, next) => {
      if (request.operation === 'CLOSE') closed.push(request.path);
      if (request.operation !== 'OPEN') return next();
      controller.abort();
      setTimeout(next, 20);
    });
    server.files.set('/f', patterned(100));
    expect(await client.hash('/f', { signal: controller.signal })).toMatchObject({ ok: false });
    // Requests are served in order: when this one is answered, the close before it was seen.
    await expect.poll(() => closed).toEqual(['/f']);
    expect(await client.list('/')).toMatchObject({ ok: true });
  });
});

describe('a connection that breaks', () => {
  it.each(['OPEN', 'READ', 'FSTAT', 'CLOSE'] as const)(
    'at %s ends what waits with sftp/closed or is of no matter',
    async (operation) => {
      const { server, client } = await pair((request, next) => {
        if (request.operation === operation) request.connection.end();
        else next();
      });
      server.files.set('/f', patterned(300 * KIB));
      const hash = await client.hash('/f');
      if (operation === 'CLOSE') expect(hash.ok).toBe(true);
      else expect(hash).toMatchObject({ ok: false, problem: { code: 'sftp/closed' } });
      await server.idle();
      expect(await client.stat('/f')).toMatchObject({ ok: false, problem: { code: 'sftp/closed' } });
    },
  );

  it.each(['REMOVE', 'RENAME'] as const)('at %s leaves the state of the meter unknown', async (operation) => {
    const { client } = await pair((request, next) => {
      if (request.operation === operation) request.connection.end();
      else next();
    });
    const result = operation === 'REMOVE' ? await client.remove('/f') : await client.rename('/f', '/g');
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'sftp/closed', meterState: expect.stringContaining('not known') },
    });
  });
});
