import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../electron/protocols/zip/crc32.ts';
import { readZip, type ZipContents, type ZipLimits } from '../../../electron/protocols/zip/read-zip.ts';
import { incompressibleBytes } from '../../../simulator/packages/payload.ts';
import { type RawMember, type RawOptions, rawZip } from './raw-zip.ts';

const LIMITS: ZipLimits = {
  maxMembers: 20,
  maxMemberBytes: 8 * 1024 * 1024,
  maxTotalBytes: 12 * 1024 * 1024,
  maxRatio: 100,
};
const TEXT = Buffer.from('Some text that is long enough to be deflated, deflated, deflated.\n', 'utf8');

async function contentsOf(members: readonly RawMember[], options?: RawOptions): Promise<ZipContents> {
  const read = await readZip(rawZip(members, options), { room: 'package', limits: LIMITS });
  if (!read.ok) throw new Error(`${read.problem.code}: ${read.problem.because}`);
  return read.value;
}

async function failureOf(bytes: Buffer): Promise<string> {
  const read = await readZip(bytes, { room: 'package', limits: LIMITS });
  return read.ok ? 'ok' : read.problem.code;
}

async function codesOf(members: readonly RawMember[], options?: RawOptions): Promise<readonly string[]> {
  return (await contentsOf(members, options)).problems.map(({ code }) => code);
}

describe('CRC-32', () => {
  it('gives the check value of the standard', async () => {
    expect((await crc32(Buffer.from('123456789', 'ascii'))).toString(16)).toBe('cbf43926');
    expect(await crc32(Buffer.alloc(0))).toBe(0);
  });
});

describe('an honest archive', () => {
  it.each([
    ['stored', { method: 0 }, {}],
    ['deflated', { method: 8 }, {}],
    ['with data descriptors', { descriptor: true }, {}],
    ['with zip64 sizes', { zip64: true }, {}],
    ['with a zip64 end record', { zip64: true }, { zip64End: true }],
    ['with a comment', {}, { comment: Buffer.from('made by hand') }],
  ] as const)('%s is read', async (_how, member, options) => {
    const read = await contentsOf([{ name: 'folder/a.txt', content: TEXT, ...member }], options);
    expect(read.problems).toEqual([]);
    expect(read.refused).toBe(false);
    expect(read.members.map(({ path, content }) => [path, content.toString('utf8')])).toEqual([
      ['folder/a.txt', TEXT.toString('utf8')],
    ]);
  });

  it('may have empty members and folders', async () => {
    const read = await contentsOf([
      { name: 'folder/', content: Buffer.alloc(0), method: 0, mode: 0o040755 },
      { name: 'folder/empty', content: Buffer.alloc(0) },
      { name: 'stored', content: Buffer.alloc(0), method: 0 },
    ]);
    expect(read.problems).toEqual([]);
    expect(read.members.map(({ path, content }) => [path, content.length])).toEqual([
      ['folder/empty', 0],
      ['stored', 0],
    ]);
  });

  it('gives back any content it was made of', async () => {
    const member = fc.record({
      content: fc.uint8Array({ maxLength: 3000 }),
      stored: fc.boolean(),
      descriptor: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 8 }), async (members) => {
        const read = await contentsOf(
          members.map(({ content, stored, descriptor }, index) => ({
            name: `m${index}`,
            content: Buffer.from(content),
            method: stored ? 0 : 8,
            descriptor,
          })),
        );
        expect(read.problems).toEqual([]);
        expect(read.members.map(({ content }) => content)).toEqual(members.map(({ content }) => Buffer.from(content)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('an archive that cannot be read', () => {
  it('says what it is not', async () => {
    expect(await failureOf(Buffer.alloc(0))).toBe('package/not-a-zip');
    expect(await failureOf(Buffer.from('%PDF-1.7 nothing of the kind'))).toBe('package/not-a-zip');
    const whole = rawZip([{ name: 'a', content: TEXT }]);
    expect(await failureOf(whole.subarray(0, whole.length - 1))).toBe('package/unreadable');
    expect(await failureOf(whole.subarray(0, whole.length - 22))).toBe('package/truncated');
    expect(await failureOf(whole.subarray(0, 10))).toBe('package/truncated');
  });

  it('does not guess at bytes after its end or at a directory that is not there', async () => {
    const members = [{ name: 'a', content: TEXT }];
    expect(await failureOf(rawZip(members, { junkAfter: Buffer.from('trailing junk') }))).toBe('package/unreadable');
    expect(await failureOf(rawZip(members, { entryCount: 2 }))).toBe('package/unreadable');
    expect(await failureOf(Buffer.concat([Buffer.from('junk before'), rawZip(members)]))).toBe('package/unreadable');
  });

  it('is refused as a whole with too many members, whatever its end record says', async () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ name: `m${index}`, content: Buffer.alloc(0) }));
    expect(await failureOf(rawZip(many))).toBe('package/too-many-members');
    expect((await contentsOf(many.slice(0, 20))).members).toHaveLength(20);
  });

  it('stops when asked to', async () => {
    const stop = new AbortController();
    stop.abort();
    const read = await readZip(rawZip([{ name: 'a', content: TEXT }]), {
      room: 'package',
      limits: LIMITS,
      signal: stop.signal,
    });
    expect(read.ok ? 'ok' : read.problem.code).toBe('package/cancelled');
  });
});

describe('a hostile member', () => {
  it.each([
    ['climbs out', '../evil'],
    ['climbs out later', 'a/../../evil'],
    ['is absolute', '/etc/passwd'],
    ['has a drive', 'C:evil'],
    ['has a stream', 'a.txt:hidden'],
    ['has backslashes', '..\\evil'],
    ['has a NUL', 'a\0.txt'],
    ['has a line break', 'a\nb.txt'],
    ['turns text around', 'a\u202Etxt.upx'],
    ['has no name', ''],
    ['has a dot folder', './a'],
    ['has an empty folder', 'a//b'],
    ['has too long a name', 'a'.repeat(261)],
    ['is too deep', `${'a/'.repeat(16)}b`],
  ])('that %s is left out and the archive is refused', async (_how, name) => {
    const read = await contentsOf([
      { name: 'good.txt', content: TEXT },
      { name, content: TEXT },
    ]);
    expect(read.problems.map(({ code }) => code)).toEqual(['package/unsafe-path']);
    expect(read.members.map(({ path }) => path)).toEqual(['good.txt']);
    expect(read.refused).toBe(true);
    expect(JSON.stringify(read.problems)).not.toMatch(/\\u0000|\u202E/);
  });

  it.each([
    ['a symbolic link', 0o120777],
    ['a device', 0o060644],
    ['a named pipe', 0o010644],
    ['a folder by its mode only', 0o040755],
  ])('that is %s is left out', async (_what, mode) => {
    expect(await codesOf([{ name: 'link', content: Buffer.from('/etc/passwd'), mode }])).toEqual([
      'package/unsafe-path',
    ]);
  });

  it('with the name of another one takes both out', async () => {
    for (const twin of ['a/IMAGE.upx', 'a/image.UPX', 'a/Image.upx.', 'a /image.upx']) {
      const read = await contentsOf([
        { name: 'a/image.upx', content: TEXT },
        { name: twin, content: Buffer.from('other') },
      ]);
      expect(read.problems.map(({ code }) => code)).toEqual(['package/duplicate-member', 'package/duplicate-member']);
      expect(read.members).toEqual([]);
      expect(read.refused).toBe(true);
    }
  });

  it('that is encrypted is left out', async () => {
    expect(await codesOf([{ name: 'a', content: TEXT, flags: 0x0801 }])).toEqual(['package/encrypted-member']);
    expect(await codesOf([{ name: 'a', content: TEXT, method: 99 }])).toEqual(['package/encrypted-member']);
    expect(await failureOf(rawZip([{ name: 'a', content: TEXT, flags: 0x0841 }]))).toBe('package/encrypted-member');
  });

  it('that unpacks to too much is caught by its headers', async () => {
    expect(await codesOf([{ name: 'zeros', content: Buffer.alloc(4_000_000) }])).toEqual(['package/bomb']);
    expect(await codesOf([{ name: 'huge', content: TEXT, size: 9 * 1024 * 1024 }])).toEqual(['package/too-large']);
  });

  it('that lies about its size is caught while it is inflated', async () => {
    expect(await codesOf([{ name: 'zeros', content: Buffer.alloc(4_000_000), size: 1000 }])).toEqual(['package/bomb']);
    expect(await codesOf([{ name: 'zeros', content: Buffer.alloc(4_000_000), size: 0 }])).toEqual(['package/bomb']);
    expect(await codesOf([{ name: 'short', content: TEXT, size: TEXT.length + 1 }])).toEqual(['package/unreadable']);
  });

  it('that hides inside of another one is caught', async () => {
    const inner = rawZip([{ name: 'inner', content: TEXT, method: 0 }]);
    const outer = inner.subarray(0, 30 + 'inner'.length + TEXT.length);
    const read = await contentsOf([
      { name: 'outer', content: outer, method: 0 },
      { name: 'inner', content: TEXT, method: 0, at: 30 + 'outer'.length },
    ]);
    expect(read.problems.map(({ code }) => code)).toEqual(['package/bomb']);
    expect(read.refused).toBe(true);
  });

  it('that has two names, sizes or checksums is damaged', async () => {
    expect(await codesOf([{ name: 'a.txt', localName: 'b.txt', content: TEXT }])).toEqual(['package/unreadable']);
    expect(await codesOf([{ name: 'a.txt', content: TEXT, crc: 1 }])).toEqual(['package/unreadable']);
    expect(await codesOf([{ name: 'a.txt', content: TEXT, crc: 1, descriptor: true }])).toEqual(['package/unreadable']);
    expect(await codesOf([{ name: 'a.txt', content: TEXT, method: 12 }])).toEqual(['package/unreadable']);
  });

  it('stops the reading when all together are too much', async () => {
    const noise = incompressibleBytes(5_000_000, 'noise');
    const read = await contentsOf(['a', 'b', 'c', 'd'].map((name) => ({ name, content: noise, method: 0 })));
    expect(read.members).toHaveLength(2);
    expect(read.problems.map(({ code }) => code)).toEqual(['package/too-large']);
    expect(read.refused).toBe(true);
  });
});
