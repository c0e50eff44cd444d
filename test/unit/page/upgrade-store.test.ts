import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeterPlace } from '../../../shared/domain/job.ts';
import { problem } from '../../../shared/domain/problem.ts';

/** What the page asked the engine, answered by the test when it wants to. */
const engine = vi.hoisted(() => {
  const asked: { readonly call: string; readonly input: unknown; readonly answer: (value: unknown) => void }[] = [];
  const call =
    (name: string) =>
    (input?: unknown): Promise<unknown> =>
      new Promise((answer) => asked.push({ call: name, input, answer }));
  return {
    asked,
    meters: { identify: call('identify') },
    packages: { inspect: call('inspect') },
    checks: { run: call('checks') },
    backups: { list: call('list'), take: call('take'), follow: call('follow'), stop: call('stop') },
    upgrades: { start: call('start') },
  };
});
vi.mock('../../../renderer/engine/client.ts', () => ({ engine }));

const kept = new Map<string, string>();
vi.stubGlobal('sessionStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});

const { useWizard, openDraft, startUpgrade, goTo, chooseChannel, choosePackage, forgetJob } = await import(
  '../../../renderer/features/upgrade/store.ts'
);

function place(host: string): MeterPlace {
  return { host, ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47_808 }, unit: 255, timeoutMs: 1_000 };
}
const A = place('192.0.2.1');
const B = place('192.0.2.2');

/** Answers the oldest open question of a kind, and lets the page take it in. */
async function answer(call: string, value: unknown): Promise<void> {
  const index = engine.asked.findIndex((one) => one.call === call);
  expect(index, `${call} was asked`).toBeGreaterThanOrEqual(0);
  engine.asked.splice(index, 1)[0]?.answer(value);
  await new Promise((resolve) => setTimeout(resolve, 0));
}

const good = (value: unknown) => ({ ok: true, value });
const identified = (serial: string) =>
  good({ identity: { serial, name: serial, simulated: true }, capabilities: [], advisories: [], clock: null });

function draft() {
  const { wizard } = useWizard.getState();
  if (wizard.kind !== 'draft') throw new Error(`The wizard shows: ${wizard.kind}`);
  return wizard.draft;
}

/** The wizard of meter A with all that a start needs. */
async function prepareA(): Promise<void> {
  openDraft(A, 'T. Tester');
  await answer('identify', identified('A'));
  void choosePackage('/package.zip');
  await answer('inspect', good({}));
  chooseChannel('ion-setup');
}

beforeEach(() => {
  useWizard.setState({ wizard: { kind: 'closed' } });
  kept.clear();
  engine.asked.length = 0;
});

describe('an answer about one meter while another one is on the screen', () => {
  it('of a started job does not bring that job onto the page of the other meter, nor costs its draft', async () => {
    await prepareA();
    void startUpgrade();
    openDraft(B, 'T. Tester');
    await answer('start', good({ job: 'job of A' }));
    expect(draft().address).toBe(B);
    expect([...kept.keys()].filter((key) => key.includes(B.host))).toHaveLength(1);
    expect([...kept.keys()].filter((key) => key.includes(A.host))).toHaveLength(0);
  });

  it('of a refused start stands at the meter that it is about', async () => {
    await prepareA();
    void startUpgrade();
    openDraft(B, 'T. Tester');
    const refused = problem({ code: 'upgrade/refused', title: 'Refused', because: 'b', nextStep: 'n' });
    await answer('start', { ok: false, problem: refused });
    expect(draft().start.state).toBe('idle');
    openDraft(A, 'T. Tester');
    expect(draft().start).toEqual({ state: 'failed', problem: refused });
  });

  it('of a started job does not bring back a wizard that was left for another screen of a job', async () => {
    await prepareA();
    void startUpgrade();
    useWizard.setState({ wizard: { kind: 'job', job: 'another', look: null } });
    await answer('start', good({ job: 'job of A' }));
    expect(useWizard.getState().wizard).toMatchObject({ kind: 'job', job: 'another' });
    forgetJob();
  });

  it('of its backups neither lists nor chooses them for the other', async () => {
    await prepareA();
    goTo('backup');
    openDraft(B, 'T. Tester');
    await answer('list', [{ bag: '/bags/a', serial: 'A', items: [] }]);
    expect(draft().bags.state).toBe('idle');
    expect(draft().backup.state).toBe('none');
  });

  it('of a backup that is followed after a reload does not end the one of the other', async () => {
    const taking = { step: 'backup', by: 'T', file: null, target: 'main', channel: null, ionSetup: {} };
    kept.set(
      `meterwright.draft ${A.host} 502 255`,
      JSON.stringify({ ...taking, overrides: {}, attach: [], waive: {}, bag: null, taking: true }),
    );
    openDraft(A, 'T');
    openDraft(B, 'T');
    useWizard.setState({
      wizard: { kind: 'draft', draft: { ...draft(), backup: { state: 'taking', message: '', done: 0, total: 0 } } },
    });
    await answer('follow', (async function* () {})());
    expect(draft().backup.state).toBe('taking');
  });
});

it('the job that was started is shown where its wizard still is', async () => {
  await prepareA();
  void startUpgrade();
  await answer('start', good({ job: 'job of A' }));
  expect(useWizard.getState().wizard).toMatchObject({ kind: 'job', job: 'job of A' });
});
