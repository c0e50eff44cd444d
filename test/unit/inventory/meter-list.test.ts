import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMeterList } from '../../../electron/inventory/meter-list.ts';
import type { MeterAddress } from '../../../electron/meter/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';

const address = (host: string, modbus = 502): MeterAddress => ({
  host,
  ports: { modbus, sftp: 22, dlms: 4059, bacnet: 47808 },
  unit: 255,
  timeoutMs: 3_000,
});
const identity = {
  name: 'M1',
  model: 'ION7400',
  serial: 'S1',
  firmware: firmwareVersion('4.0.0'),
  productId: null,
  commercialReference: null,
  manufacturer: null,
  featureSet: 'unknown',
  simulated: false,
} as const;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterwright-meters-'));
  file = join(folder, 'deep', 'meters.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function open() {
  const opened = await openMeterList(file, () => new Date('2026-01-02T03:04:05Z'));
  if (!opened.ok) throw new Error(opened.problem.code);
  return opened.value;
}

describe('the list of meters', () => {
  it('holds a meter once, however its host is written', async () => {
    const list = await open();
    await Promise.all([list.add(address('Meter-A')), list.add(address('meter-a')), list.add(address('meter-a', 503))]);
    expect(list.list().map((meter) => meter.address.ports.modbus)).toEqual([502, 503]);
    expect((await open()).list()).toEqual(list.list());
  });

  it('keeps what a meter said before it was added', async () => {
    const list = await open();
    await list.saw(address('m'), { identity, clock: { offsetSeconds: -2.5 } });
    expect(list.list()).toEqual([]);
    const added = await list.add(address('m'));
    expect(added).toMatchObject({ ok: true, value: { identity, clockOffsetSeconds: -2.5 } });
  });

  it('says of many meters at once where they stand, and takes it back', async () => {
    const list = await open();
    const ids: string[] = [];
    for (const host of ['a', 'b', 'c']) {
      const added = await list.add(address(host));
      if (added.ok) ids.push(added.value.id);
    }
    let told = 0;
    list.listen(() => {
      told += 1;
    });
    expect(await list.setSite([...ids.slice(0, 2), 'a meter that is gone'], 'Plant 1')).toEqual({ ok: true });
    expect(told).toBe(1);
    await list.add(address('b'), { note: 'moved' });
    const again = await open();
    expect(again.list().map(({ site, note }) => [site, note])).toEqual([
      ['Plant 1', ''],
      ['Plant 1', 'moved'],
      ['', ''],
    ]);
    await list.setSite(ids, '');
    expect((await open()).list().map(({ site }) => site)).toEqual(['', '', '']);
  });

  it('reads a list of before there were sites', async () => {
    const list = await open();
    await list.add(address('m'), { site: 'Plant 1' });
    const stored: { meters: Record<string, unknown>[] } = JSON.parse(readFileSync(file, 'utf8'));
    for (const entry of stored.meters) delete entry['site'];
    writeFileSync(file, JSON.stringify(stored));
    expect((await open()).list().map(({ site }) => site)).toEqual(['']);
  });

  it('keeps the clock and the advisories when a later sighting has none', async () => {
    const list = await open();
    await list.add(address('m'));
    await list.saw(address('m'), { identity, clock: { offsetSeconds: 1 }, advisories: [] });
    await list.saw(address('m'), { identity: { ...identity, firmware: firmwareVersion('4.6.0') }, clock: null });
    expect(list.list()[0]).toMatchObject({ clockOffsetSeconds: 1, identity: { firmware: { minor: 6 } } });
  });

  it('forgets simulated meters of an earlier run', async () => {
    const list = await open();
    await list.add(address('m'), { practice: true });
    await list.add(address('n'));
    expect((await open()).list().map((meter) => meter.address.host)).toEqual(['n']);
  });

  it('tells listeners after the change is on the disk, and not once they stopped', async () => {
    const list = await open();
    const onDisk: number[] = [];
    const seen: Promise<void>[] = [];
    const stop = list.listen(() => seen.push(open().then((again) => void onDisk.push(again.list().length))));
    await list.add(address('m'));
    await Promise.all(seen);
    expect(onDisk).toEqual([1]);
    stop();
    await list.add(address('n'));
    expect(seen).toHaveLength(1);
  });

  it('says no to a damaged file, whatever is in it', async () => {
    await (await open()).add(address('m'));
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        writeFileSync(file, text);
        expect(await openMeterList(file)).toMatchObject({
          ok: false,
          problem: { code: 'inventory/meters-unreadable' },
        });
      }),
      { numRuns: 30 },
    );
  });

  it('removes, and says when there was nothing to remove', async () => {
    const list = await open();
    const added = await list.add(address('m'));
    if (!added.ok) throw new Error(added.problem.code);
    expect(await list.remove('nobody')).toEqual({ ok: true, value: false });
    expect(await list.remove(added.value.id)).toEqual({ ok: true, value: true });
    expect((await open()).list()).toEqual([]);
  });
});
