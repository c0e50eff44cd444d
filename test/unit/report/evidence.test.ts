import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBagEvidence } from '../../../electron/report/evidence.ts';
import { EVIDENCE, METER } from './jobs.ts';

let bag = '';
beforeEach(async () => {
  bag = await mkdtemp(join(tmpdir(), 'report-evidence-'));
});
afterEach(async () => {
  await rm(bag, { recursive: true, force: true });
});

if (!EVIDENCE.read) throw new Error('The fixture is evidence that was read.');
const { read: _, toolVersion, ...fields } = EVIDENCE;
const GOOD = JSON.stringify({
  format: 'meterwright-backup/1',
  tool: { name: 'Meterwright', version: toolVersion },
  host: '192.0.2.17',
  identity: METER,
  ...fields,
});

/** Writes the two files of a bag that count here; returns the fingerprint. */
async function seal(evidence: string, listed = evidence): Promise<string> {
  const manifest = `${sha256('x')}  bagit.txt\n${sha256(listed)}  evidence.json\n`;
  await writeFile(join(bag, 'evidence.json'), evidence);
  await writeFile(join(bag, 'tagmanifest-sha256.txt'), manifest);
  return sha256(manifest);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('evidence of a bag', () => {
  test('is told when the fingerprint of the job stands for it', async () => {
    expect(await readBagEvidence(bag, await seal(GOOD))).toEqual(EVIDENCE);
  });

  test('is not told when the bag is another one', async () => {
    await seal(GOOD);
    expect(await readBagEvidence(bag, 'f'.repeat(64))).toEqual({
      read: false,
      because: expect.stringMatching(/is not the one that was verified/),
    });
  });

  test('is not told when a waiver was written into it afterwards', async () => {
    const fingerprint = await seal(GOOD.replace('ticket 4711', 'ticket 4712'), GOOD);
    expect(await readBagEvidence(bag, fingerprint)).toEqual({
      read: false,
      because: 'evidence.json was changed after the backup was verified.',
    });
  });

  test.each(['', '{}', 'no json', '[]', '"x"'])('a sealed record with the content %j is not believed', async (text) => {
    expect(await readBagEvidence(bag, await seal(text))).toMatchObject({ read: false });
  });

  test('is not told when the bag went away, and no folder of this PC is named', async () => {
    const gone = await readBagEvidence(join(bag, 'gone'), 'f'.repeat(64));
    expect(gone).toEqual({ read: false, because: expect.stringMatching(/no longer where it was/) });
    expect(JSON.stringify(gone)).not.toContain(bag);
    const fingerprint = await seal(GOOD);
    await rm(join(bag, 'evidence.json'));
    expect(await readBagEvidence(bag, fingerprint)).toMatchObject({
      read: false,
      because: expect.stringMatching(/evidence\.json/),
    });
  });

  test('is not read when it is larger than any of ours', async () => {
    const fingerprint = await seal(`${GOOD}${' '.repeat(5 * 1024 * 1024)}`);
    expect(await readBagEvidence(bag, fingerprint)).toMatchObject({
      read: false,
      because: expect.stringMatching(/too large/),
    });
    await writeFile(join(bag, 'tagmanifest-sha256.txt'), Buffer.alloc(1024 * 1024));
    expect(await readBagEvidence(bag, fingerprint)).toMatchObject({
      read: false,
      because: expect.stringMatching(/too large/),
    });
  });
});
