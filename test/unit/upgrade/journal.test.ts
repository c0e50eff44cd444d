import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal, readJournal } from '../../../electron/upgrade/journal.ts';
import { replay, type UpgradeEvent } from '../../../electron/upgrade/machine.ts';
import { event, GOOD_EVENTS, PLAN } from './arbitraries.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meterwright-journal-'));
  path = join(folder, 'job', 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const now = (): Date => new Date('2026-01-01T00:00:00.000Z');
const ALL: readonly UpgradeEvent[] = [{ type: 'created', plan: PLAN }, ...GOOD_EVENTS];

async function write(events: readonly UpgradeEvent[], to = path): Promise<void> {
  const journal = await openJournal(to, now);
  if (!journal.ok) throw new Error(journal.problem.because);
  for (const next of events) expect((await journal.value.append(next)).ok).toBe(true);
  await journal.value.close();
}

async function events(from = path): Promise<readonly UpgradeEvent[] | string> {
  const read = await readJournal(from);
  return read.ok ? read.value.map((entry) => entry.event) : `${read.problem.code}: ${read.problem.because}`;
}

it('gives back what was written, across openings', async () => {
  await write(ALL.slice(0, 5));
  await write(ALL.slice(5));
  expect(await events()).toEqual(ALL);
});

it('passes over a last line that a power loss tore, and goes on behind the whole ones', async () => {
  await write(ALL.slice(0, 3));
  await appendFile(path, '{"seq":3,"at":"2026');
  expect(await events()).toEqual(ALL.slice(0, 3));
  await write(ALL.slice(3, 4));
  expect(await events()).toEqual(ALL.slice(0, 4));
});

it('is the same job at whatever byte the file was torn', async () => {
  await write(ALL);
  const bytes = await readFile(path);
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async (cut) => {
      const torn = join(folder, 'torn.jsonl');
      await writeFile(torn, bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      expect(await events(torn)).toEqual(ALL.slice(0, whole));
    }),
    { numRuns: 50 },
  );
});

it('names the line that was changed, taken out or put in', async () => {
  await write(ALL);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const swapped = [...lines];
  swapped[2] = lines[3] ?? '';
  swapped[3] = lines[2] ?? '';
  for (const forged of [
    lines.filter((_, index) => index !== 2),
    lines.map((line, index) => (index === 2 ? line.replace('2026-01-01', '2025-01-01') : line)),
    swapped,
    lines.flatMap((line, index) => (index === 2 ? [line, line] : [line])),
    lines.map((line, index) => (index === 2 ? 'null' : line)),
  ]) {
    await writeFile(path, forged.join('\n'));
    expect(await events()).toMatch(/^job\/journal-damaged: Line [34]:/);
  }
});

it('refuses to append to a damaged journal', async () => {
  await write(ALL);
  await writeFile(path, 'not a journal\n');
  const opened = await openJournal(path, now);
  expect(opened).toMatchObject({ ok: false, problem: { code: 'job/journal-damaged' } });
  expect(await readFile(path, 'utf8')).toBe('not a journal\n');
});

it('any events survive the way over the disk and give the same job', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (some) => {
      await rm(path, { force: true });
      const journal: UpgradeEvent[] = [{ type: 'created', plan: PLAN }, ...some];
      await write(journal);
      const read = await events();
      expect(typeof read === 'string' ? read : replay(read)).toEqual(replay(journal));
    }),
    { numRuns: 30 },
  );
});

it('says that a missing journal is one', async () => {
  expect(await events(join(folder, 'nowhere.jsonl'))).toMatch(/^job\/journal-damaged/);
});

it('reads the journals of the first jobs, which keep nothing of what the person said of the backup', async () => {
  const { attach, waive, ...before } = PLAN;
  expect([attach, waive]).toEqual([[], []]);
  await write([{ type: 'created', plan: before as typeof PLAN }]);
  expect(await events()).toEqual([{ type: 'created', plan: PLAN }]);
});
