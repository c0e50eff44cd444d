import { describe, expect, it } from 'vitest';
import type { TransferProgress } from '../../../electron/protocols/sftp/types.ts';
import { CHUNK_BYTES } from '../../../electron/protocols/sftp/window.ts';
import { cleanup, pair } from './pair.ts';
import { connected, patterned, STATUS, sourceOf, startScriptedServer } from './scripted-server.ts';

const KIB = 1024;

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
