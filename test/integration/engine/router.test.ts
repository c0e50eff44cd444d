import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { eventually, firstThat, must, type Page, startEngine, type TestEngine } from './support.ts';

type Address = Awaited<ReturnType<Page['meters']['list']>>[number]['address'];

const DEAD: Address = {
  host: '127.0.0.1',
  ports: { modbus: 1, sftp: 1, dlms: 1, bacnet: 1 },
  unit: 255,
  timeoutMs: 300,
};

describe('the engine over a message port', () => {
  let engine: TestEngine;
  let page: Page;
  let leave: () => void;
  beforeEach(async () => {
    engine = await startEngine();
    ({ engine: page, leave } = engine.page());
  });
  afterEach(async () => {
    await engine.close();
    expect(engine.defects).toEqual([]);
  });

  it('says who it is', async () => {
    expect(await page.feeds.about()).toMatchObject({ version: '0.0.0-test', home: engine.home, user: 'tester' });
  });

  it('refuses an input that is not of the contract before a service sees it', async () => {
    await expect(page.meters.add({ address: { ...DEAD, host: '--help' } })).rejects.toThrow('Input validation failed');
    expect(await page.meters.list()).toEqual([]);
  });

  it('answers an unreachable meter with a problem, not with an exception', async () => {
    const found = await page.meters.identify({ address: DEAD });
    expect(found).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/^modbus\//) } });
  });

  it('keeps the list of meters over a restart of the engine', async () => {
    const added = must(await page.meters.add({ address: DEAD, note: 'basement' }));
    const again = must(await page.meters.add({ address: DEAD, note: 'roof' }));
    expect(again.id).toBe(added.id);
    const second = await startEngine({ home: engine.home });
    const list = await second.page().engine.meters.list();
    expect(list).toEqual([again]);
    expect(must(await page.meters.remove({ id: added.id }))).toBeNull();
    expect(await page.meters.list()).toEqual([]);
    await second.close();
  });

  it('says where meters stand, in one line of at most 120 characters', async () => {
    const { id } = must(await page.meters.add({ address: DEAD, site: 'Plant 1' }));
    expect(must(await page.meters.setSite({ ids: [id], site: '  Plant 2 ' }))).toBeNull();
    expect((await page.meters.list()).map(({ site }) => site)).toEqual(['Plant 2']);
    for (const site of ['two\nlines', 'x'.repeat(121)])
      await expect(page.meters.setSite({ ids: [id], site })).rejects.toThrow('Input validation failed');
  });

  it('shows a changed list to a page that watches', async () => {
    const events = await page.feeds.meters();
    const seen = firstThat(events, (list) => list.length === 1);
    await page.meters.add({ address: DEAD });
    expect((await seen)[0]?.address).toEqual(DEAD);
  });

  it('does not overwrite a list that it cannot read', async () => {
    must(await page.meters.add({ address: DEAD }));
    const file = join(engine.home, 'inventory', 'meters.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -10));
    await expect(startEngine({ home: engine.home })).rejects.toThrow('inventory/meters-unreadable');
  });

  it('keeps logins in memory: never given back, never on the disk', async () => {
    const door = { host: '127.0.0.1', port: 4022 };
    await page.credentials.remember({ ...door, credentials: { user: 'USER1', password: 'Sesame-4711' } });
    expect(await page.credentials.known(door)).toEqual({ user: 'USER1' });
    await page.meters.add({ address: { ...DEAD, ports: { ...DEAD.ports, sftp: 4022 } } });
    expect(await readFile(join(engine.home, 'inventory', 'meters.json'), 'utf8')).not.toContain('Sesame');
    await page.credentials.forget(door);
    expect(await page.credentials.known(door)).toBeNull();
    await page.credentials.rememberDlms({ ...door, dlms: { clientSap: 1, password: 'Sesame-4712' } });
    expect(await page.credentials.knownDlms(door)).toEqual({ clientSap: 1, hasPassword: true });
    await page.credentials.forgetDlms(door);
    expect(await page.credentials.knownDlms(door)).toBeNull();
  });

  it('begins the stream of jobs with a snapshot, and leaves nothing behind when the page goes', async () => {
    const events = await page.feeds.jobs();
    expect(await firstThat(events, () => true)).toEqual({ type: 'snapshot', jobs: [] });
    leave();
    const other = engine.page().engine;
    expect(await other.jobs.list()).toEqual([]);
  });
});

describe('the engine with a simulated meter', () => {
  let engine: TestEngine;
  let address: Address;
  let firmware: string;
  const credentials = { user: 'USER1', password: '0' };

  beforeAll(async () => {
    engine = await startEngine();
    const { engine: page } = engine.page();
    const practice = must(await page.practice.start({ count: 1, applySeconds: 0.2 }));
    firmware = practice.package;
    const [entry] = await page.meters.list();
    if (entry === undefined) throw new Error('The simulated meter is not in the list.');
    address = entry.address;
  });
  afterAll(async () => {
    await engine.close();
    expect(engine.defects).toEqual([]);
  });

  it('answers a second start with the meters that run', async () => {
    const { engine: page } = engine.page();
    const running = await page.practice.running();
    expect(running?.meters).toHaveLength(1);
    expect(must(await page.practice.start({ count: 5 }))).toEqual(running);
  });

  it('identifies it and notes what it said in the list', async () => {
    const { engine: page } = engine.page();
    const found = must(await page.meters.identify({ address }));
    expect(found.identity).toMatchObject({ simulated: true, serial: 'SIM-00001' });
    const [entry] = await page.meters.list();
    expect(entry?.identity).toEqual(found.identity);
    expect(entry?.lastSeen).not.toBeNull();
    expect(entry?.clockOffsetSeconds).toBe(found.clock.offsetSeconds);
  });

  it('streams live values until the page stops, and then closes its connection to the meter', async () => {
    const { engine: page } = engine.page();
    const [simulated] = (await page.practice.running())?.meters ?? [];
    const events = await page.meters.live({ address, intervalMs: 500 });
    let count = 0;
    for await (const event of events) {
      const values = must(event).values;
      expect(values.length).toBeGreaterThan(5);
      count += 1;
      expect(await connections(simulated?.control)).toBe(1);
      if (count === 2) break;
    }
    await eventually('no Modbus connection is left', async () => (await connections(simulated?.control)) === 0);
  });

  it('ends live values when the page dies', async () => {
    const { engine: page, leave } = engine.page();
    const [simulated] = (await page.practice.running())?.meters ?? [];
    const events = await page.meters.live({ address, intervalMs: 500 });
    expect((await events.next()).value).toMatchObject({ ok: true });
    expect(await connections(simulated?.control)).toBe(1);
    leave();
    await eventually('no Modbus connection is left', async () => (await connections(simulated?.control)) === 0);
  });

  it('remembers a login that the meter took, and forgets one that it refused', async () => {
    const { engine: page } = engine.page();
    const door = { host: address.host, port: address.ports.sftp };
    const refused = await page.credentials.login({ address, credentials: { user: 'USER1', password: 'wrong' } });
    expect(refused).toMatchObject({ ok: false });
    expect(await page.credentials.known(door)).toBeNull();
    expect(must(await page.credentials.login({ address, credentials }))).toEqual({ user: 'USER1' });
    expect(await page.credentials.known(door)).toEqual({ user: 'USER1' });
  });

  it('takes a backup with progress and an outcome at the end, and verifies it', async () => {
    const { engine: page } = engine.page();
    const events = await page.backups.take({ address, attach: [], waive: waived(), by: 'tester' });
    const seen: string[] = [];
    let bag = '';
    for await (const event of events) {
      seen.push(event.type);
      if (event.type === 'done') bag = event.result.bag;
      if (event.type === 'failed') throw new Error(event.problem.because);
    }
    expect(seen).toContain('progress');
    expect(seen.at(-1)).toBe('done');
    const check = async () => (await page.backups.list()).find((found) => found.bag === bag)?.check;
    const taken = await check();
    expect(taken, 'taking ends with a check').toMatchObject({ verdict: 'verified' });
    const again = await page.backups.verify({ bag });
    expect(again).toMatchObject({ verdict: 'verified' });
    expect(await check()).toEqual({ verdict: 'verified', at: again.at });
    expect(Date.parse(again.at)).toBeGreaterThan(Date.parse(taken?.at ?? ''));
    expect(await page.backups.list()).toContainEqual(expect.objectContaining({ bag, simulated: true }));
  });

  it('runs a whole upgrade while pages come and go', async () => {
    const first = engine.page();
    const started = must(
      await first.engine.upgrades.start({
        address,
        file: firmware,
        target: 'main',
        channel: 'sftp-direct',
        overrides: await overridesFor(first.engine),
        attach: [],
        waive: waived(),
        by: 'tester',
        folder: '',
      }),
    );
    first.leave();
    const { engine: page } = engine.page();
    let asked = false;
    const events = await page.feeds.jobs();
    for await (const event of events) {
      const asks =
        (event.type === 'asks' && event.job === started.job) ||
        (event.type === 'snapshot' && event.jobs.some((job) => job.job === started.job && job.asks === 'apply'));
      if (asks && !asked) {
        asked = true;
        // ION Setup is started only for a job that was handed to it.
        expect(await page.upgrades.startIonSetup({ job: started.job })).toMatchObject({
          ok: false,
          problem: { code: 'job/not-handed-off' },
        });
        expect(await page.upgrades.confirm({ job: started.job, confirmed: true })).toEqual({ ok: true, value: null });
      }
      if (event.type === 'changed' && ['done', 'failed', 'interrupted'].includes(event.summary.state)) break;
    }
    expect(asked).toBe(true);
    expect(await page.upgrades.startIonSetup({ job: 'no-such-job' })).toMatchObject({
      ok: false,
      problem: { code: 'job/not-running' },
    });
    const done = (await page.jobs.list()).find(({ job }) => job === started.job);
    expect(done).toMatchObject({ state: 'done', problem: null });
    expect(done?.after?.firmware).toEqual(firmwareVersion('4.6.0'));
    await eventually('the list shows the new firmware', async () => {
      const [entry] = await page.meters.list();
      return entry?.identity?.firmware?.minor === 6;
    });
    const journal = must(await page.jobs.journal({ job: started.job }));
    expect(journal.map(({ type }) => type)).toContain('apply-confirmed');
    expect(must(await page.jobs.preview({ job: started.job })).html).toContain('SIMULATED');
    expect(must(await page.jobs.report({ job: started.job, format: 'json' })).file).toContain(engine.home);
  });

  it('takes the simulated meters out of the list when they stop', async () => {
    const { engine: page } = engine.page();
    await page.practice.stop();
    expect(await page.practice.running()).toBeNull();
    expect(await page.meters.list()).toEqual([]);
  });

  async function overridesFor(page: Page) {
    const { gates, blocked } = must(
      await page.checks.run({ address, file: firmware, target: 'main', channel: 'sftp-direct' }),
    );
    expect(blocked).toBe(gates.some(({ verdict }) => verdict === 'block'));
    return gates
      .filter((gate) => gate.verdict === 'warn' || gate.verdict === 'unknown')
      .map((gate) => ({ gate: gate.id, reason: gate.confirm ?? 'a test' }));
  }
});

/** What open protocols cannot save of a simulated meter. */
function waived() {
  const items = ['ion-setup-exports'] as const;
  return items.map((item) => ({ item, reason: 'a test on a simulated meter' }));
}

async function connections(control: string | undefined): Promise<number> {
  const state = await (await fetch(new URL('/state', control))).json();
  return state.connections.shared.used;
}
