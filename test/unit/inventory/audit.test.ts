import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type AuditEvent, readAudit, recordAudit } from '../../../electron/inventory/audit.ts';

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

async function place(): Promise<{ audit: string; locks: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-audit-'));
  folders.push(folder);
  return { audit: join(folder, 'inventory', 'audit.jsonl'), locks: join(folder, 'locks') };
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
