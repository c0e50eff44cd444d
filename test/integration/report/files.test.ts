import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportSchema } from '../../../electron/report/schema.ts';
import { type House, openHouse } from '../../../electron/services/house.ts';
import { exportReport, writeJobReport } from '../../../electron/services/reports/reports.ts';
import { journalPath, loadJob, type StoredJob } from '../../../electron/upgrade/job-store.ts';
import { openJournal } from '../../../electron/upgrade/journal.ts';
import { REPORT_FORMATS } from '../../../shared/domain/report-format.ts';
import { JOBS, PLAN } from '../../unit/report/jobs.ts';
import { judge } from './judge.ts';

const NOW = new Date('2026-03-02T08:00:00.000Z');

let home = '';
let house: House;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'report-files-'));
  const opened = await openHouse({ home, version: '0.1.0', now: () => NOW });
  if (!opened.ok) throw new Error(opened.problem.because);
  house = opened.value;
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** A job on the disk, read back as the services read it. */
async function store(name: keyof typeof JOBS): Promise<StoredJob> {
  const folder = join(house.paths.jobs, PLAN.job);
  await mkdir(folder, { recursive: true });
  const { entries } = JOBS[name];
  let next = 0;
  const journal = await openJournal(journalPath(folder), () => new Date(entries[next]?.at ?? NOW));
  if (!journal.ok) throw new Error(journal.problem.because);
  for (const { event } of entries) {
    const written = await journal.value.append(event);
    if (!written.ok) throw new Error(written.problem.because);
    next += 1;
  }
  await journal.value.close();
  const loaded = await loadJob(house.paths.jobs, PLAN.job);
  if (!loaded.ok) throw new Error(loaded.problem.because);
  return loaded.value;
}

async function must<T>(
  result: Promise<{ ok: true; value: T } | { ok: false; problem: { because: string } }>,
): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(settled.problem.because);
  return settled.value;
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Checks a signature as the report says it: with OpenSSL, from the two files alone. */
async function opensslVerifies(json: string): Promise<boolean> {
  const signature = JSON.parse(await readFile(`${json}.sig.json`, 'utf8')) as Record<string, string>;
  const key = join(home, 'key.pem');
  const bytes = join(home, 'sig.bin');
  await writeFile(key, signature['publicKeyPem'] ?? '');
  await writeFile(bytes, Buffer.from(signature['signature'] ?? '', 'base64'));
  const args = ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', json, '-sigfile', bytes];
  try {
    return (await judge('openssl', args)).includes('Signature Verified Successfully');
  } catch (thrown) {
    if (thrown instanceof Error && /not installed/.test(thrown.message)) throw thrown;
    return false;
  }
}

describe('the report in the folder of a job', () => {
  test('is HTML with its hash, JSON that fits its schema, and a signature that OpenSSL verifies', async () => {
    const stored = await store('verified');
    const { file, sha256: hash } = await must(writeJobReport(house, stored));
    expect(file).toBe(join(stored.folder, 'report.html'));
    expect(sha256(await readFile(file))).toBe(hash);
    const json = join(stored.folder, 'report.json');
    const report = reportSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(report).toMatchObject({ verdict: 'verified', writtenAt: NOW.toISOString(), signature: { signed: true } });
    expect(await opensslVerifies(json)).toBe(true);
    expect((await readdir(stored.folder)).sort()).toEqual([
      'journal.jsonl',
      'report.html',
      'report.json',
      'report.json.sig.json',
    ]);
  });

  test('one changed letter of the report is found', async () => {
    const stored = await store('mismatch');
    await must(writeJobReport(house, stored));
    const json = join(stored.folder, 'report.json');
    await writeFile(json, (await readFile(json, 'utf8')).replace('"verdict": "mismatch"', '"verdict": "verified"'));
    expect(await opensslVerifies(json)).toBe(false);
  });

  test('names the last record of the journal as the shell command in it finds it, also when the journal went on', async () => {
    const stored = await store('verified');
    const before = reportSchema.parse(await reported(stored));
    const journal = await must(openJournal(journalPath(stored.folder), () => NOW));
    await must(journal.append({ type: 'reported', file: 'report.html', sha256: 'a'.repeat(64) }));
    await journal.close();
    const after = reportSchema.parse(await reported(stored));
    expect(after.journal).toEqual(before.journal);
    const command = before.journal.check.split('With GNU tools: ')[1] ?? '';
    const printed = await judge('bash', ['-c', `cd "$1" && ${command}`, 'bash', stored.folder]);
    expect(printed.split(' ')[0]).toBe(before.journal.tip);
    const lines = (await readFile(journalPath(stored.folder), 'utf8')).split('\n');
    expect(JSON.parse(lines[before.journal.lines] ?? '')).toMatchObject({ previous: before.journal.tip });
  });

  test('is not written over a journal that was tampered with', async () => {
    const stored = await store('mismatch');
    const path = journalPath(stored.folder);
    await writeFile(path, (await readFile(path, 'utf8')).replace('42.0 s behind', '2.0 s behind'));
    expect(await writeJobReport(house, stored)).toMatchObject({ ok: false, problem: { code: 'job/journal-damaged' } });
    expect(await readdir(stored.folder)).toEqual(['journal.jsonl']);
  });

  test('without a key that can be read it is unsigned and says so, and an old signature does not stay', async () => {
    const stored = await store('verified');
    await must(writeJobReport(house, stored));
    await writeFile(join(house.paths.keys, 'installation.pem'), 'no key');
    const reopened = await must(openHouse({ home, version: '0.1.0', now: () => NOW }));
    const { file } = await must(writeJobReport(reopened, stored));
    expect(await readFile(file, 'utf8')).toContain('Not signed. The key of this installation cannot be read.');
    expect(await readdir(stored.folder)).not.toContain('report.json.sig.json');
  });

  test('says of a backup that is gone that it is gone', async () => {
    const stored = await store('verified');
    const report = reportSchema.parse(await reported(stored));
    expect(report.backup?.evidence).toEqual({ read: false, because: expect.stringMatching(/no longer where it was/) });
  });

  async function reported(stored: StoredJob): Promise<unknown> {
    await must(writeJobReport(house, stored));
    return JSON.parse(await readFile(join(stored.folder, 'report.json'), 'utf8'));
  }
});

describe('an exported report', () => {
  test.each(REPORT_FORMATS)(
    'as %s goes into the folder of reports, for an ended job and for an open one',
    async (format) => {
      for (const name of ['verified', 'interrupted'] as const) {
        const stored = await store(name);
        const { file, sha256: hash } = await must(exportReport(house, stored, format));
        expect(file).toBe(join(house.paths.reports, `${PLAN.job}.${format}`));
        expect(sha256(await readFile(file))).toBe(hash);
        await rm(stored.folder, { recursive: true });
      }
    },
  );

  test('as JSON is signed under its own name', async () => {
    const stored = await store('interrupted');
    const out = join(home, 'for the customer', 'Übergabe.json');
    const { file } = await must(exportReport(house, stored, 'json', out));
    expect(file).toBe(out);
    expect(await opensslVerifies(out)).toBe(true);
    expect(JSON.parse(await readFile(`${out}.sig.json`, 'utf8'))).toMatchObject({ signs: 'Übergabe.json' });
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({
      ended: false,
      headline: expect.stringMatching(/^This job has not ended\./),
    });
  });

  test('as CSV is what SQLite reads, row for row', async () => {
    const stored = await store('unknown');
    const { file } = await must(exportReport(house, stored, 'csv'));
    const script = `.mode csv\n.import "${file}" report\n.mode json\nSELECT * FROM report;\n`;
    const rows = JSON.parse(await judge('sqlite3', [':memory:'], script)) as Record<string, string>[];
    expect(rows.map((row) => row['id'])).toEqual([
      'done',
      ...stored.job.findings.map(({ id }) => id),
      ...stored.job.gates.map(({ id }) => id),
    ]);
    expect(rows[1]).toMatchObject({ verdict: 'verified', before: '4.0.0', after: '4.6.0', simulated: 'SIMULATED' });
    expect(rows.find((row) => row['id'] === 'clock-offset')).toMatchObject({
      override_reason: 'Time server is being replaced this week.',
      override_by: 'R. Vance',
    });
  });

  test('as PDF is read by poppler', async () => {
    const { file } = await must(exportReport(house, await store('running'), 'pdf'));
    expect(await judge('pdftotext', [file, '-'])).toContain('This job has not ended.');
  });

  test('to a place where a folder stands is a problem with a name', async () => {
    const stored = await store('verified');
    expect(await exportReport(house, stored, 'html', house.paths.jobs)).toMatchObject({
      ok: false,
      problem: { code: expect.stringMatching(/^disk\//) },
    });
  });
});
