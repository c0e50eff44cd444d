import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { eventually, must, type Page, startEngine, type TestEngine } from './support.ts';

/** What an engine leaves that is killed while simulated meters run. */
const MARK = JSON.stringify({ format: 'meterwright-practice/1', count: 1, applySeconds: 0.2 });

let home: string;
let engine: TestEngine;
let others: Server[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'meterwright-wake-'));
  engine = await startEngine({ home });
});
afterEach(async () => {
  await engine.close();
  await Promise.all(others.map((server) => new Promise((settle) => server.close(settle))));
  others = [];
  expect(engine.defects).toEqual([]);
  await rm(home, { recursive: true, force: true });
});

async function startPractice(page: Page) {
  const practice = must(await page.practice.start({ count: 1, applySeconds: 0.2 }));
  const [entry] = await page.meters.list();
  const [meter] = practice.meters;
  if (entry === undefined || meter === undefined) throw new Error('There is no simulated meter.');
  return { practice, entry, meter };
}

/** A job that an engine left in the middle of its transfer, or before its first step. */
async function leaveJob(page: Page): Promise<JobSummary> {
  const { practice, entry, meter } = await startPractice(page);
  const question = { address: entry.address, file: practice.package, target: 'main', channel: 'sftp-direct' } as const;
  const { gates } = must(await page.checks.run(question));
  const overrides = gates
    .filter(({ verdict }) => verdict === 'warn' || verdict === 'unknown')
    .map((gate) => ({ gate: gate.id, reason: gate.confirm ?? 'a test' }));
  const waive = (['ion-setup-exports', 'recorder-logs', 'event-log'] as const).map((item) => ({
    item,
    reason: 'a test',
  }));
  // The session that sends the image stands still in its middle, where the engine ends.
  const fault = { kind: 'delay', protocol: 'sftp', direction: 'in', atByte: 1_000_000, milliseconds: 60_000, times: 1 };
  const armed = await fetch(new URL('fault', meter.control), { method: 'POST', body: JSON.stringify(fault) });
  if (!armed.ok) throw new Error(await armed.text());
  const started = must(
    await page.upgrades.start({ ...question, overrides, attach: [], waive, by: 'tester', folder: '' }),
  );
  await eventually('the image is being sent', async () => {
    const journal = must(await page.jobs.journal({ job: started.job }));
    return journal.some(({ type }) => type === 'transfer-progress');
  });
  return started;
}

async function again(): Promise<Page> {
  await engine.close();
  await writeFile(join(home, 'practice', 'running.json'), MARK);
  engine = await startEngine({ home });
  return engine.page().engine;
}

describe('simulated meters of an engine that died', () => {
  it('come back by themselves under the same id and ports, and are identified', async () => {
    const before = await startPractice(engine.page().engine);
    const page = await again();
    expect(await page.meters.list()).toEqual([]);
    await engine.parts.wake();
    const [entry] = await page.meters.list();
    expect(entry).toMatchObject({ id: before.entry.id, address: before.entry.address });
    await eventually('it has a name', async () => (await page.meters.list())[0]?.identity?.serial === 'SIM-00001');
  });

  it('do not come back when they were stopped, nor from a mark that is not ours', async () => {
    const page = engine.page().engine;
    await startPractice(page);
    expect(await readdir(join(home, 'practice'))).toContain('running.json');
    await page.practice.stop();
    expect(await readdir(join(home, 'practice'))).not.toContain('running.json');
    for (const text of ['', '{}', '{"format":"meterwright-practice/1","count":1e9,"applySeconds":1}', 'null']) {
      await mkdir(join(home, 'practice'), { recursive: true });
      await writeFile(join(home, 'practice', 'running.json'), text);
      await engine.parts.wake();
      expect(await page.practice.running()).toBeNull();
    }
  });
});

describe('jobs that an engine left', () => {
  it('have their meter asked by itself, and are resumed to the end', async () => {
    const { job } = await leaveJob(engine.page().engine);
    const page = await again();
    const seen: string[] = [];
    engine.parts.upgrades.listen((event) => {
      if (event.type === 'changed') seen.push(event.summary.meterAnswer?.state ?? '-');
    });
    await engine.parts.wake();
    expect(seen).toEqual(['asking', 'answers']);
    const [found] = await page.jobs.list();
    expect(found).toMatchObject({
      job,
      state: 'interrupted',
      interruptedAt: 'transferring',
      meterAnswer: { state: 'answers', firmware: { major: 4, minor: 0, patch: 0 }, serial: 'SIM-00001' },
    });
    expect(found?.sent).toBeGreaterThan(0);
    expect(found?.sent).toBeLessThan(1);
    await finish(page, job);
  });

  it('find a meter that had to take other ports by its serial number', async () => {
    const { job, address } = await leaveJob(engine.page().engine);
    await engine.close();
    for (const port of [address.ports.modbus, address.ports.sftp]) {
      const server = createServer((socket) => socket.destroy());
      others.push(server);
      await new Promise<void>((settle) => server.listen(port, '127.0.0.1', settle));
    }
    await writeFile(join(home, 'practice', 'running.json'), MARK);
    engine = await startEngine({ home });
    const page = engine.page().engine;
    await engine.parts.wake();
    expect((await page.jobs.list())[0]?.meterAnswer).toMatchObject({ state: 'answers', serial: 'SIM-00001' });
    expect((await page.meters.list())[0]?.address.ports.modbus).not.toBe(address.ports.modbus);
    await finish(page, job);
  });

  it('say that the meter does not answer where it does not, without a login', async () => {
    await leaveJob(engine.page().engine);
    await engine.close();
    engine = await startEngine({ home });
    await engine.parts.wake();
    const [found] = await engine.page().engine.jobs.list();
    expect(found?.meterAnswer).toMatchObject({ state: 'silent', firmware: null, serial: null });
    expect(found?.meterAnswer?.because).not.toBe('');
  });

  async function finish(page: Page, job: string): Promise<void> {
    must(await page.upgrades.resume({ job, by: 'tester' }));
    await eventually('it asks', async () => (await page.jobs.list())[0]?.asks === 'apply');
    expect((await page.jobs.list())[0]?.meterAnswer).toBeUndefined();
    must(await page.upgrades.confirm({ job, confirmed: true }));
    await eventually('it is done', async () => (await page.jobs.list())[0]?.state === 'done');
    expect((await page.jobs.list())[0]?.verdict).toBe('verified');
  }
});
