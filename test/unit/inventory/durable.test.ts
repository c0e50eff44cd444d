import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournalFile, syncFolder, writeFileDurably } from '../../../electron/inventory/durable.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-durable-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('writing a file durably', () => {
  it('makes missing folders, replaces what is there and leaves nothing else behind', async () => {
    const path = join(folder, 'a', 'b', 'file.bin');
    expect(await writeFileDurably(path, 'old')).toEqual({ ok: true, value: undefined });
    expect(await writeFileDurably(path, new Uint8Array([1, 2, 3]))).toEqual({ ok: true, value: undefined });
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file.bin']);
  });

  it('reports a path it cannot write and removes its temporary file', async () => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'taken', 'inside'), 'x');
    const written = await writeFileDurably(join(folder, 'taken'), 'x');
    expect(written).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/^disk\//) } });
    expect(await readdir(folder)).toEqual(['taken']);
  });

  // /dev/full exists on Linux only and refuses every byte; a journal opens it like a file.
  it.skipIf(process.platform !== 'linux')('says that the disk is full when it is', async () => {
    const journal = await openJournalFile('/dev/full');
    if (!journal.ok) throw new Error(journal.problem.because);
    expect(await journal.value.append('x')).toMatchObject({ ok: false, problem: { code: 'disk/full' } });
    await journal.value.close();
  });

  it('ends with one whole content when many write at once', async () => {
    const path = join(folder, 'contended');
    const contents = Array.from({ length: 16 }, (_, index) => String(index).repeat(10_000 + index));
    const results = await Promise.all(contents.map((content) => writeFileDurably(path, content)));
    expect(results.every((result) => result.ok)).toBe(true);
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['contended']);
  });

  it.skipIf(process.platform === 'win32')('gives the file the mode asked for', async () => {
    const path = join(folder, 'secret');
    await writeFileDurably(path, 'x', { mode: 0o600 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('syncs a folder, and rejects for one that is not there', async () => {
    await expect(syncFolder(folder)).resolves.toBeUndefined();
    await expect(syncFolder(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a journal file', () => {
  async function opened(path: string) {
    const journal = await openJournalFile(path);
    if (!journal.ok) throw new Error(journal.problem.because);
    return journal.value;
  }

  it('keeps lines in the order of the calls, over two openings', async () => {
    const path = join(folder, 'jobs', 'one', 'journal.jsonl');
    const first = await opened(path);
    await Promise.all(['a', 'b', 'c'].map((line) => first.append(line)));
    await first.close();
    await first.close();
    const second = await opened(path);
    expect(second.tornBytes).toBe(0);
    await second.append('é');
    await second.close();
    expect(await readFile(path, 'utf8')).toBe('a\nb\nc\né\n');
  });

  it('has the line on the disk when append returns', async () => {
    const path = join(folder, 'journal');
    const journal = await opened(path);
    await journal.append('one');
    expect(await readFile(path, 'utf8')).toBe('one\n');
    await journal.close();
  });

  it('cuts off any unfinished last line, and nothing else', async () => {
    const line = fc.string({ maxLength: 6000 }).map((text) => text.replace(/[\r\n]/g, '.'));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 4 }), line, async (whole, torn) => {
        count += 1;
        const path = join(folder, `journal-${count}`);
        const before = whole.map((text) => `${text}\n`).join('');
        await writeFile(path, before + torn);
        const journal = await opened(path);
        expect(journal.tornBytes).toBe(Buffer.byteLength(torn));
        await journal.append('next');
        await journal.close();
        expect(await readFile(path)).toEqual(Buffer.from(`${before}next\n`));
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a record with a line break and a record after closing', async () => {
    const journal = await opened(join(folder, 'journal'));
    expect(await journal.append('a\nb')).toMatchObject({ ok: false, problem: { code: 'disk/line-break-in-record' } });
    await journal.close();
    expect(await journal.append('late')).toMatchObject({ ok: false, problem: { code: 'disk/failed' } });
    expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('');
  });

  it('reports a path that is a folder', async () => {
    expect(await openJournalFile(folder)).toMatchObject({ ok: false, problem: { details: { path: folder } } });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('reports a folder it may not write', async () => {
    await chmod(folder, 0o500);
    expect(await openJournalFile(join(folder, 'x'))).toMatchObject({ ok: false, problem: { code: 'disk/denied' } });
  });
});
