import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '../../../electron/protocols/sftp/window.ts';
import { folder, pair } from './pair.ts';
import { patterned, sourceOf } from './scripted-server.ts';

const KIB = 1024;

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
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, 160))).then(next);
    }, 1_000);
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
