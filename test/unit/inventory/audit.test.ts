import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type AuditEvent, auditMark, checkAudit, readAudit, recordAudit } from '../../../electron/inventory/audit.ts';

const EVENT: AuditEvent = {
  kind: 'setting',
  run: 'run-1',
  by: 'A. Technician',
  serial: 'SIM-000042',
  area: 'bacnet',
  setting: 'deviceId',
  from: 471_955,
  to: 6022,
  channel: 'modbus',
  outcome: 'announced',
  because: '',
};
const now = (): Date => new Date('2026-11-22T22:00:00Z');
const folders: string[] = [];

async function place(): Promise<{ audit: string; auditEnd: string; locks: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-audit-'));
  folders.push(folder);
  const inventory = join(folder, 'inventory');
  return {
    audit: join(inventory, 'audit.jsonl'),
    auditEnd: join(inventory, 'audit-end.json'),
    locks: join(folder, 'locks'),
  };
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('the audit trail', () => {
  it('is empty before the first line', async () => {
    const { audit } = await place();
    expect(await readAudit(audit)).toEqual({ ok: true, value: [] });
  });

  it('keeps every line of writers that write at the same time, in one chain', async () => {
    const paths = await place();
    const writers = Array.from({ length: 8 }, (_, index) =>
      recordAudit(
        paths,
        [
          { ...EVENT, run: `run-${index}` },
          { ...EVENT, run: `run-${index}`, outcome: 'written' },
        ],
        now,
      ),
    );
    for (const written of await Promise.all(writers)) expect(written.ok).toBe(true);
    const trail = await readAudit(paths.audit);
    if (!trail.ok) throw new Error(trail.problem.because);
    expect(trail.value.map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, index) => index));
    for (let index = 0; index < 16; index += 2) {
      expect(trail.value[index]?.event.run).toBe(trail.value[index + 1]?.event.run);
    }
  });

  it.each([
    ['a value changed', (text: string) => text.replace('6022', '6023')],
    ['a line taken out', (text: string) => text.split('\n').slice(1).join('\n')],
    ['lines exchanged', (text: string) => text.split('\n').slice(0, 2).reverse().join('\n').concat('\n')],
    ['something else in it', (text: string) => `${text}{"kind":"other"}\n`],
  ])('is damaged with %s, and takes no further line', async (_, change) => {
    const paths = await place();
    await recordAudit(paths, [EVENT, { ...EVENT, outcome: 'written' }], now);
    const changed = change(await readFile(paths.audit, 'utf8'));
    await writeFile(paths.audit, changed);
    expect(await readAudit(paths.audit)).toMatchObject({ ok: false, problem: { code: 'audit/damaged' } });
    expect(await recordAudit(paths, [EVENT], now)).toMatchObject({ ok: false, problem: { code: 'audit/damaged' } });
    expect(await readFile(paths.audit, 'utf8')).toBe(changed);
  });
});

describe('the end of the audit trail', () => {
  const lines = async (path: string): Promise<readonly string[]> =>
    (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const keep = async (path: string, count: number): Promise<void> =>
    writeFile(
      path,
      (await lines(path))
        .slice(0, count)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const announced = { ...EVENT, outcome: 'announced' } as const;
  const written = { ...EVENT, outcome: 'written' } as const;

  it('is noted beside the trail', async () => {
    const paths = await place();
    expect(await auditMark(paths)).toBeNull();
    expect(await checkAudit(paths, [])).toEqual({ ok: true, value: { entries: 0, marks: 0, otherTrail: 0 } });
    await recordAudit(paths, [announced, written], now);
    const mark = await auditMark(paths);
    const [first = '', second = ''] = await lines(paths.audit);
    const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex');
    expect(mark).toEqual({ trail: hashOf(first), lines: 2, tip: hashOf(second) });
    await recordAudit(paths, [announced], now);
    expect(await checkAudit(paths, mark === null ? [] : [mark])).toEqual({
      ok: true,
      value: { entries: 3, marks: 2, otherTrail: 0 },
    });
  });

  it.each([2, 1, 0])('tells that lines were lost when %i of 3 are left, and nothing more is written', async (left) => {
    const paths = await place();
    await recordAudit(paths, [announced, written, announced], now);
    await keep(paths.audit, left);
    // The chain alone fits together.
    expect(await readAudit(paths.audit)).toMatchObject({ ok: true });
    const truncated = { ok: false, problem: { code: 'audit/truncated' } };
    expect(await checkAudit(paths, [])).toMatchObject(truncated);
    expect(await recordAudit(paths, [EVENT], now)).toMatchObject(truncated);
    expect((await lines(paths.audit)).length).toBe(left);
  });

  it('tells it when the whole file is gone, and when others were written in the place of the lost lines', async () => {
    const paths = await place();
    await recordAudit(paths, [announced, written], now);
    const end = await readFile(paths.auditEnd, 'utf8');
    await keep(paths.audit, 1);
    await rm(paths.auditEnd);
    await recordAudit(paths, [{ ...written, by: 'Somebody Else' }], now);
    await writeFile(paths.auditEnd, end);
    expect(await checkAudit(paths, [])).toMatchObject({
      ok: false,
      problem: { code: 'audit/damaged', details: { line: 2 } },
    });
    await rm(paths.audit);
    expect(await checkAudit(paths, [])).toMatchObject({ ok: false, problem: { code: 'audit/truncated' } });
  });

  it('is told by a mark that was kept elsewhere when the note beside the trail was cut, too', async () => {
    const paths = await place();
    await recordAudit(paths, [announced], now);
    const early = await readFile(paths.auditEnd, 'utf8');
    await recordAudit(paths, [written], now);
    const kept = await auditMark(paths);
    if (kept === null) throw new Error('There is no mark.');
    await keep(paths.audit, 1);
    await writeFile(paths.auditEnd, early);
    expect(await checkAudit(paths, [])).toMatchObject({ ok: true });
    expect(await checkAudit(paths, [kept])).toMatchObject({ ok: false, problem: { code: 'audit/truncated' } });
  });

  it('is behind the trail after a loss of power between the two, which is no loss of lines', async () => {
    const paths = await place();
    await recordAudit(paths, [announced], now);
    const early = await readFile(paths.auditEnd, 'utf8');
    await recordAudit(paths, [written], now);
    await writeFile(paths.auditEnd, early);
    expect(await checkAudit(paths, [])).toMatchObject({ ok: true });
    expect(await recordAudit(paths, [EVENT], now)).toEqual({ ok: true, value: undefined });
  });

  it('begins anew with a new trail; marks of the one that was moved away are counted apart', async () => {
    const paths = await place();
    await recordAudit(paths, [announced], now);
    const old = await auditMark(paths);
    if (old === null) throw new Error('There is no mark.');
    await rename(paths.audit, `${paths.audit}.old`);
    await rename(paths.auditEnd, `${paths.auditEnd}.old`);
    await recordAudit(paths, [{ ...announced, run: 'run-2' }], now);
    expect(await checkAudit(paths, [old])).toEqual({ ok: true, value: { entries: 1, marks: 1, otherTrail: 1 } });
  });

  it('cannot be anything but a mark', async () => {
    const paths = await place();
    await recordAudit(paths, [announced], now);
    await writeFile(paths.auditEnd, '{"lines":-1}');
    expect(await checkAudit(paths, [])).toMatchObject({ ok: false, problem: { code: 'audit/damaged' } });
    expect(await recordAudit(paths, [EVENT], now)).toMatchObject({ ok: false, problem: { code: 'audit/damaged' } });
  });
});
