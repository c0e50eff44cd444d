import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogRuns } from '../../../electron/engine/log-runs.ts';
import type { MeterAddress } from '../../../electron/meter/types.ts';
import type { LogToRead } from '../../../shared/contract/logs.ts';
import { fail } from '../../../shared/domain/problem.ts';
import { eventually, firstThat, must, type Page, startEngine, type TestEngine } from './support.ts';

const ADDRESS: MeterAddress = {
  host: 'Meter-1',
  ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47808 },
  unit: 255,
  timeoutMs: 1_000,
};
const LOG: LogToRead = { id: '1-0:99.1.0*255', kind: 'recorder', name: 'Load Curve' };
/** The management client of simulated meters. */
const MANAGEMENT = { clientSap: 1, password: '00000000' };

/** A read that ends only when it is stopped, with the problem that a meter has then. */
function untilStopped({ signal }: { readonly signal: AbortSignal }) {
  return new Promise<ReturnType<typeof fail>>((settle) => {
    signal.addEventListener('abort', () =>
      settle(fail({ code: 'aborted', title: 'Stopped', because: 'x', nextStep: 'y' })),
    );
  });
}

describe('reads of logs that belong to the engine', () => {
  it('tell which log they are of, are one at a time for a meter, and say that they were stopped', async () => {
    const heard: (readonly string[])[] = [];
    const runs = createLogRuns((hosts) => heard.push(hosts));
    const first = runs.read(ADDRESS, LOG, untilStopped, undefined);
    expect((await first.next()).value).toEqual({ type: 'progress', log: LOG, progress: null });
    const other = { ...LOG, name: 'Another' };
    expect((await runs.read(ADDRESS, other, untilStopped, undefined).next()).value).toMatchObject({
      type: 'failed',
      log: other,
      problem: { code: 'logs/under-way' },
    });
    expect(runs.stop(ADDRESS)).toBe(true);
    expect((await first.next()).value).toEqual({ type: 'stopped', log: LOG });
    expect(runs.stop(ADDRESS)).toBe(false);
    expect((await runs.follow(ADDRESS, undefined).next()).value).toEqual({ type: 'stopped', log: LOG });
    expect(heard).toEqual([['Meter-1'], []]);
  });

  it('that fail by themselves or throw are a problem', async () => {
    const runs = createLogRuns();
    const closed = fail({ code: 'dlms/closed', title: 'Closed', because: 'x', nextStep: 'y' });
    const failed = runs.read(ADDRESS, LOG, () => Promise.resolve(closed), undefined);
    expect(await firstThat(failed, ({ type }) => type !== 'progress')).toMatchObject({
      type: 'failed',
      problem: { code: 'dlms/closed' },
    });
    const thrown = runs.read(ADDRESS, LOG, () => Promise.reject(new Error('a defect')), undefined);
    expect(await firstThat(thrown, ({ type }) => type !== 'progress')).toMatchObject({
      problem: { code: 'internal/log-read-failed', because: 'a defect' },
    });
  });
});

describe('a log of a simulated meter', () => {
  let engine: TestEngine;
  let address: MeterAddress;
  let control: string;
  let serial: string;
  beforeEach(async () => {
    engine = await startEngine();
    const { engine: page } = engine.page();
    const [meter] = must(await page.practice.start({ count: 1 })).meters;
    const [entry] = await page.meters.list();
    if (entry === undefined || meter === undefined) throw new Error('There is no simulated meter.');
    ({ address } = entry);
    ({ control, serial } = meter);
  });
  afterEach(async () => {
    await engine.close();
    expect(engine.defects).toEqual([]);
  });

  const order = async (what: string, body: unknown): Promise<void> => {
    const answer = await fetch(new URL(what, control), { method: 'POST', body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
  };
  const associations = async (): Promise<unknown> => {
    const state = (await (await fetch(new URL('state', control))).json()) as { connections: { dlms: number } };
    return state.connections.dlms;
  };
  const kept = async (): Promise<readonly string[]> => {
    const names = await readdir(join(engine.home, 'logs', serial)).catch(() => []);
    return names.map((name) => name.replace(/^.*?\./, '')).sort();
  };
  async function loadCurve(page: Page): Promise<LogToRead> {
    const found = must(await page.logs.onMeter({ address })).find(({ name }) => name === 'Load Curve');
    if (found === undefined) throw new Error('The meter exports no load curve.');
    return { id: found.id, kind: found.kind, name: found.name };
  }

  it('is read to its end although the page that asked for it died, and the association is given back', async () => {
    const { engine: first, leave } = engine.page();
    const log = await loadCurve(first);
    await order('fault', { kind: 'slow', protocol: 'dlms', milliseconds: 100 });
    const events = await first.logs.read({ address, log });
    expect((await events.next()).value).toMatchObject({ type: 'progress', log });
    await eventually('the association is made', async () => (await associations()) === 1);
    leave();
    const { engine: second } = engine.page();
    const followed = await second.logs.follow({ address });
    expect((await followed.next()).value).toMatchObject({ type: 'progress', log });
    await order('fault', { kind: 'clear' });
    const end = await firstThat(followed, ({ type }) => type !== 'progress');
    expect(end).toMatchObject({ type: 'done', log });
    expect(await associations()).toBe(0);
    expect(await kept()).toEqual(['csv', 'json']);
    const [file] = must(await second.logs.kept({ serial }));
    expect(end).toMatchObject({ result: { file: file?.file, rows: file?.rows } });
  });

  it('is stopped by another page than the one that began it; nothing of it is kept, and the association is given back', async () => {
    const { engine: first, leave } = engine.page();
    const log = await loadCurve(first);
    await order('fault', { kind: 'slow', protocol: 'dlms', milliseconds: 200 });
    const events = await first.logs.read({ address, log });
    expect((await events.next()).value).toMatchObject({ type: 'progress', log });
    await eventually('the association is made', async () => (await associations()) === 1);
    leave();
    const { engine: second } = engine.page();
    expect(await second.logs.stop({ address })).toBe(true);
    const end = await firstThat(await second.logs.follow({ address }), ({ type }) => type !== 'progress');
    expect(end).toEqual({ type: 'stopped', log });
    await eventually('the association is given back', async () => (await associations()) === 0);
    expect(await kept()).toEqual([]);
  });

  it('ends with the engine, which gives the association back before it is closed', async () => {
    const { engine: page } = engine.page();
    const log = await loadCurve(page);
    await order('fault', { kind: 'slow', protocol: 'dlms', milliseconds: 200 });
    const events = await page.logs.read({ address, log });
    expect((await events.next()).value).toMatchObject({ type: 'progress', log });
    await eventually('the association is made', async () => (await associations()) === 1);
    await engine.parts.logReads.close();
    expect(await associations()).toBe(0);
    expect(await kept()).toEqual([]);
  });

  it('is asked for with what the meter took, and a refused secret is tried once and forgotten', async () => {
    const { engine: page } = engine.page();
    const door = { host: address.host, port: address.ports.dlms };
    must(await page.logs.onMeter({ address, dlms: MANAGEMENT }));
    expect(await page.credentials.knownDlms(door)).toEqual({ clientSap: 1, hasPassword: true });
    const wrong = { ...MANAGEMENT, password: 'not-this' };
    expect(await page.logs.onMeter({ address, dlms: wrong })).toMatchObject({
      ok: false,
      problem: { code: 'dlms/wrong-secret' },
    });
    expect(await page.credentials.knownDlms(door)).toBeNull();

    // Remembered by another call, refused in a read and in a backup.
    for (const attempt of ['read', 'backup'] as const) {
      await page.credentials.rememberDlms({ ...door, dlms: wrong });
      const events =
        attempt === 'read'
          ? await page.logs.read({ address, log: LOG })
          : await page.backups.take({ address, attach: [], waive: [], by: 'tester' });
      const end = await firstThat<{ readonly type: string }>(events, ({ type }) => type !== 'progress');
      expect(end.type).toBe(attempt === 'read' ? 'failed' : 'done');
      expect(await page.credentials.knownDlms(door)).toBeNull();
    }
  });
});
