import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackupRuns } from '../../../electron/engine/backup-runs.ts';
import type { MeterAddress } from '../../../electron/meter/types.ts';
import { fail, ok } from '../../../shared/domain/problem.ts';
import { eventually, firstThat, must, type Page, startEngine, type TestEngine } from './support.ts';

const ADDRESS: MeterAddress = {
  host: 'Meter-1',
  ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47808 },
  unit: 255,
  timeoutMs: 1_000,
};
const RESULT = { bag: '/bag', verified: true, items: [], fingerprint: 'f' };

describe('backups that belong to the engine', () => {
  it('go on when nobody listens, and are found again under the same meter', async () => {
    const heard: (readonly string[])[] = [];
    const runs = createBackupRuns((hosts) => heard.push(hosts));
    let finish = (): void => undefined;
    let stopped = false;
    const events = runs.take(
      ADDRESS,
      ({ signal, onProgress }) =>
        new Promise((settle) => {
          signal.addEventListener('abort', () => {
            stopped = true;
          });
          onProgress({ item: 'web', message: 'half', done: 1, total: 2 });
          finish = () => settle(ok(RESULT));
        }),
      undefined,
    );
    expect((await events.next()).value).toMatchObject({ type: 'progress', progress: { message: 'half' } });
    await events.return();
    expect(stopped).toBe(false);
    const other = { ...ADDRESS, host: 'meter-1' };
    const followed = runs.follow(other, undefined);
    expect((await followed.next()).value).toMatchObject({ type: 'progress', progress: { message: 'half' } });
    finish();
    expect((await followed.next()).value).toEqual({ type: 'done', result: RESULT });
    expect((await followed.next()).done).toBe(true);
    expect(heard).toEqual([[ADDRESS.host], []]);
    // The outcome stays for a page that comes back later; there is nothing to stop any more.
    expect((await runs.follow(ADDRESS, undefined).next()).value).toMatchObject({ type: 'done' });
    expect(runs.stop(ADDRESS)).toBe(false);
    expect((await runs.follow({ ...ADDRESS, unit: 1 }, undefined).next()).done).toBe(true);
  });

  it('are one at a time for a meter, and end only when they are told to', async () => {
    const runs = createBackupRuns();
    const begin = () =>
      runs.take(
        ADDRESS,
        ({ signal }) =>
          new Promise((settle) => {
            signal.addEventListener('abort', () =>
              settle(fail({ code: 'backup/cancelled', title: 'Stopped', because: 'x', nextStep: 'y' })),
            );
          }),
        undefined,
      );
    const first = begin();
    await first.next();
    expect((await begin().next()).value).toMatchObject({ type: 'failed', problem: { code: 'backup/under-way' } });
    expect(runs.stop(ADDRESS)).toBe(true);
    expect((await first.next()).value).toMatchObject({ type: 'failed', problem: { code: 'backup/cancelled' } });
    const second = begin();
    expect((await second.next()).value).toMatchObject({ type: 'progress' });
    await runs.close();
  });

  it('that throw are a problem, not the end of the engine', async () => {
    const runs = createBackupRuns();
    const thrown = firstThat(
      runs.take(ADDRESS, () => Promise.reject(new Error('a defect')), undefined),
      ({ type }) => type === 'failed',
    );
    expect(await thrown).toMatchObject({ problem: { code: 'internal/backup-failed', because: 'a defect' } });
  });
});

describe('a backup of a simulated meter', () => {
  let engine: TestEngine;
  let address: Awaited<ReturnType<Page['meters']['list']>>[number]['address'];
  beforeEach(async () => {
    engine = await startEngine();
    const { engine: page } = engine.page();
    must(await page.practice.start({ count: 1 }));
    const [entry] = await page.meters.list();
    if (entry === undefined) throw new Error('There is no simulated meter.');
    address = entry.address;
  });
  afterEach(async () => {
    await engine.close();
    expect(engine.defects).toEqual([]);
  });

  it('is taken to its end although the page that asked for it died', async () => {
    const { engine: first, leave } = engine.page();
    const events = await first.backups.take({ address, attach: [], waive: [], by: 'tester' });
    expect((await events.next()).value).toMatchObject({ type: 'progress' });
    leave();
    const { engine: second } = engine.page();
    const end = await firstThat(await second.backups.follow({ address }), ({ type }) => type !== 'progress');
    expect(end).toMatchObject({ type: 'done', result: { verified: true } });
    await eventually('it is in the list', async () => (await second.backups.list()).length === 1);
    expect(await second.backups.stop({ address })).toBe(false);
  });
});
