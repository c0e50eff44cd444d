import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { describe as describeFile, isSafeName } from '../../../electron/protocols/sftp/listing.ts';
import { connected, entry, patterned, type Script, STATUS, startScriptedServer } from './scripted-server.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function pair(intercept?: Script['intercept']) {
  const server = await startScriptedServer(intercept ? { intercept } : {});
  cleanup.push(() => server.stop());
  const client = await connected(server);
  cleanup.push(() => client.close());
  return { server, client };
}

/** Lists these pages, then the end. */
function pages(...lists: ReturnType<typeof entry>[][]): Script['intercept'] {
  let page = 0;
  return ({ operation, sftp, id }, next) => {
    if (operation !== 'READDIR') return next();
    const list = lists[page];
    page += 1;
    if (list === undefined) sftp.status(id, STATUS.eof);
    else sftp.name(id, list);
  };
}

describe('listing', () => {
  it('shows names, kinds, sizes and times, without . and ..', async () => {
    const { client } = await pair(
      pages(
        [entry('.', 0, 0o040755), entry('..', 0, 0o040755)],
        [entry('COMTRADE', 4096, 0o040755), entry('wave 1.cfg', 1234), entry('link', 5, 0o120777), entry('é.txt', 0)],
      ),
    );
    const modified = '2023-11-14T22:13:20Z';
    expect(await client.list('/')).toEqual({
      ok: true,
      value: [
        { name: 'COMTRADE', kind: 'folder', size: 4096, modified },
        { name: 'wave 1.cfg', kind: 'file', size: 1234, modified },
        { name: 'link', kind: 'other', size: 5, modified },
        { name: 'é.txt', kind: 'file', size: 0, modified },
      ],
    });
  });

  it.each([
    '../escape',
    'a/b',
    'a\\b',
    'a\u0000b',
    'line\nbreak',
    '',
    '\u001b[2J',
    'gpj.\u202Eexe',
    'x'.repeat(256),
    'bad\uFFFDutf8',
    '/',
    'C:\\x',
  ])('with the name %j fails as a whole', async (name) => {
    const { client } = await pair(pages([entry('good', 1), entry(name, 1), entry('also good', 1)]));
    const listed = await client.list('/documents');
    expect(listed).toMatchObject({ ok: false, problem: { code: 'sftp/hostile-listing' } });
    expect(JSON.stringify(listed)).not.toMatch(/\p{Cf}|\\u00/u);
    expect(await client.stat('/x')).toEqual({ ok: true, value: undefined });
  });

  it('stops at the limit, and takes exactly as many', async () => {
    const many = Array.from({ length: 50 }, (_, index) => entry(`file-${index}`, index));
    const three = () => pages(many, many, many);
    const exact = await pair(three());
    expect(await exact.client.list('/', { limit: 150 })).toMatchObject({ ok: true });
    const over = await pair(three());
    expect(await over.client.list('/', { limit: 149 })).toMatchObject({
      ok: false,
      problem: { code: 'sftp/listing-too-long', details: { limit: 149 } },
    });
  });

  it('that never ends is cut at 10,000 files', async () => {
    const many = Array.from({ length: 500 }, (_, index) => entry(`f${index}`, 1));
    const { client } = await pair(({ operation, sftp, id }, next) => {
      if (operation === 'READDIR') sftp.name(id, many);
      else next();
    });
    expect(await client.list('/')).toMatchObject({ ok: false, problem: { code: 'sftp/listing-too-long' } });
  });

  it('with empty parts for ever ends', async () => {
    const { client } = await pair(({ operation, sftp, id }, next) => {
      if (operation === 'READDIR') sftp.name(id, []);
      else next();
    });
    expect(await client.list('/')).toMatchObject({ ok: false, problem: { code: 'sftp/failure' } });
  });

  it.each([
    ['no such folder', STATUS.noSuchFile, 'sftp/no-such-file'],
    ['no right', STATUS.denied, 'sftp/permission-denied'],
  ])('reports %s', async (_, status, code) => {
    const { client } = await pair(({ operation, sftp, id }, next) => {
      if (operation === 'OPENDIR') sftp.status(id, status);
      else next();
    });
    expect(await client.list('/nowhere')).toMatchObject({ ok: false, problem: { code } });
  });

  it('closes the folder every time', async () => {
    let closes = 0;
    const script = pages([entry('a/b', 1)]);
    const { client } = await pair((request, next) => {
      if (request.operation === 'CLOSE') closes += 1;
      script?.(request, next);
    });
    await client.list('/');
    await client.stat('/');
    expect(closes).toBe(1);
  });
});

describe('names from a host', () => {
  it('that are accepted can neither leave their folder nor hide anything', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('a', '.', '/', '\\', '\u0000', '\n', '\u007f', '\u0085', '\u202e', '\u2028', '\ufeff', ' '),
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (name) => {
        if (!isSafeName(name)) return;
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u);
        expect(['', '.', '..']).not.toContain(name);
        expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  it('of real meters are accepted', () => {
    for (const name of [
      'COMTRADE',
      'wf_2025-01-01.cfg',
      '...',
      'a..b',
      'ION7400_V004.006.000.upx',
      '测量',
      'x'.repeat(255),
    ]) {
      expect(isSafeName(name)).toBe(true);
    }
  });
});

describe('attributes from a host', () => {
  it('may be missing', () => {
    expect(describeFile('x', {})).toEqual({ name: 'x', kind: 'other', size: 0, modified: '1970-01-01T00:00:00Z' });
    expect(describeFile('x', {}, 'drwxr-xr-x 2 a b')).toMatchObject({ kind: 'folder' });
    expect(describeFile('x', {}, '-rw-r--r-- 1 a b')).toMatchObject({ kind: 'file' });
  });

  it('never make it throw', () => {
    const number = fc.option(fc.nat({ max: 0xffff_ffff }), { nil: undefined });
    fc.assert(
      fc.property(number, number, fc.option(fc.double(), { nil: undefined }), (mode, mtime, size) => {
        const file = describeFile('x', {
          ...(mode !== undefined && { mode }),
          ...(mtime !== undefined && { mtime }),
          ...(size !== undefined && { size }),
        });
        if (file !== undefined) expect(Number.isSafeInteger(file.size) && file.size >= 0).toBe(true);
      }),
    );
  });
});

describe('single requests', () => {
  it('look, rename and remove', async () => {
    const { server, client } = await pair();
    server.files.set('/a.part', patterned(42));
    expect(await client.stat('/a.part')).toMatchObject({ ok: true, value: { name: 'a.part', kind: 'file', size: 42 } });
    expect(await client.stat('/b')).toEqual({ ok: true, value: undefined });
    expect(await client.rename('/a.part', '/a')).toEqual({ ok: true, value: undefined });
    expect([...server.files.keys()]).toEqual(['/a']);
    expect(await client.rename('/a.part', '/a')).toMatchObject({ ok: false, problem: { code: 'sftp/no-such-file' } });
    expect(await client.remove('/a')).toEqual({ ok: true, value: undefined });
    expect(await client.remove('/a')).toMatchObject({
      ok: false,
      problem: { code: 'sftp/no-such-file', meterState: 'Nothing was written to the meter.' },
    });
  });

  it('survive answers of the wrong kind', async () => {
    const { client, server } = await pair(({ operation, sftp, id }, next) => {
      if (operation === 'OPEN' || operation === 'OPENDIR') sftp.status(id, STATUS.ok);
      else if (operation === 'STAT') sftp.handle(id, Buffer.from('handle'));
      else if (operation === 'REMOVE') sftp.name(id, [entry('a', 1)]);
      else next();
    });
    server.files.set('/f', patterned(10));
    expect(await client.readFile('/f', 100)).toMatchObject({ ok: false, problem: { code: 'sftp/failure' } });
    expect(await client.list('/')).toMatchObject({ ok: false, problem: { code: 'sftp/failure' } });
    const stat = await client.stat('/f');
    expect(stat.ok ? stat.value?.size : 0).toBe(0);
    expect((await client.remove('/f')).ok).toBe(true);
  });

  it('survive a packet that is no SFTP', async () => {
    const { client, server } = await pair(({ operation, connection, sftp }, next) => {
      if (operation !== 'STAT') return next();
      const { _protocol, outgoing } = Object.assign(connection, sftp) as unknown as {
        _protocol: { channelData(id: number, data: Buffer): void };
        outgoing: { id: number };
      };
      _protocol.channelData(outgoing.id, Buffer.alloc(64, 0xff));
    });
    expect(await client.stat('/f')).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/^sftp\//) } });
    await server.idle();
  });
});
