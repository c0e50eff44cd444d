import { beforeEach, describe, expect, it } from 'vitest';
import { createEngineProcess, type EngineProcess } from '../../../electron/main/engine/process.ts';
import { problem } from '../../../shared/domain/problem.ts';

/** An engine that does what the test says. */
function fakeChild() {
  let message = (_: unknown): void => undefined;
  let exit = (_: number): void => undefined;
  const got: unknown[] = [];
  let killed = 0;
  return {
    child: {
      postMessage: (what: unknown, ports: string[]) => void got.push([what, ports]),
      onMessage: (listener: (what: unknown) => void) => {
        message = listener;
      },
      onExit: (listener: (code: number) => void) => {
        exit = listener;
      },
      kill: () => {
        killed += 1;
      },
    },
    say: (what: unknown) => message(what),
    exit: (code: number) => exit(code),
    got,
    killed: () => killed,
  };
}

describe('the engine seen from the shell', () => {
  let children: ReturnType<typeof fakeChild>[];
  let states: string[];
  let heard: unknown[];
  let gone: number;
  let clock: number;
  let timers: { at: number; then: () => void }[];
  let engine: EngineProcess<string>;
  const last = () => {
    const child = children.at(-1);
    if (child === undefined) throw new Error('No engine was started.');
    return child;
  };
  const pass = (milliseconds: number): void => {
    clock += milliseconds;
    const due = timers.filter(({ at }) => at <= clock);
    timers = timers.filter(({ at }) => at > clock);
    for (const { then } of due) then();
  };

  beforeEach(() => {
    children = [];
    states = [];
    heard = [];
    gone = 0;
    clock = 0;
    timers = [];
    engine = createEngineProcess<string>({
      fork: () => {
        const fake = fakeChild();
        children.push(fake);
        return fake.child;
      },
      onState: ({ state }) => void states.push(state),
      onMessage: (message) => void heard.push(message),
      onHome: () => undefined,
      onGone: () => {
        gone += 1;
      },
      log: () => undefined,
      now: () => clock,
      wait: (milliseconds, then) => void timers.push({ at: clock + milliseconds, then }),
    });
  });

  it('gives ports to an engine that is ready, and to no other', () => {
    expect(engine.connect('early')).toBe(false);
    last().say({ type: 'ready', home: '/data' });
    expect(engine.connect('port')).toBe(true);
    expect(last().got).toEqual([[{ type: 'page' }, ['port']]]);
    last().exit(1);
    expect(engine.connect('late')).toBe(false);
  });

  it('starts another one when it ends, and counts them, so that a page asks for a new port', () => {
    last().say({ type: 'ready', home: '/data' });
    expect(engine.state).toEqual({ state: 'running', restarts: 0 });
    last().exit(139);
    expect(engine.state.state).toBe('restarting');
    expect(gone).toBe(1);
    pass(1_000);
    expect(children).toHaveLength(2);
    last().say({ type: 'ready', home: '/data' });
    expect(engine.state).toEqual({ state: 'running', restarts: 1 });
  });

  it('gives up when it ends again and again, and goes on when a person says so', () => {
    for (let n = 0; n < 4; n += 1) {
      last().say({ type: 'ready', home: '/data' });
      last().exit(1);
      pass(1_000);
    }
    expect(engine.state).toMatchObject({ state: 'failed', problem: { code: 'engine/ends' } });
    expect(children).toHaveLength(4);
    engine.restart();
    expect(children).toHaveLength(5);
    last().say({ type: 'ready', home: '/data' });
    expect(engine.state.state).toBe('running');
  });

  it('forgives an end now and then', () => {
    for (let n = 0; n < 10; n += 1) {
      last().say({ type: 'ready', home: '/data' });
      last().exit(1);
      pass(61_000);
    }
    expect(engine.state.state).toBe('restarting');
    expect(children).toHaveLength(11);
  });

  it('does not start an engine again that says it cannot work', () => {
    last().say({ type: 'failed', problem: problem({ code: 'disk/denied', title: 't', because: 'b', nextStep: 'n' }) });
    last().exit(0);
    pass(60_000);
    expect(children).toHaveLength(1);
    expect(engine.state).toMatchObject({ state: 'failed', problem: { code: 'disk/denied' } });
  });

  it('passes on what is in the contract and nothing else', () => {
    const awake = { type: 'awake', id: 1, on: true, why: 'a job' };
    for (const message of [awake, { type: 'awake' }, 'nonsense', null, { type: 'work', work: [{}] }])
      last().say(message);
    expect(heard).toEqual([awake]);
  });

  it('ends it politely, by force after a while, and never starts another one then', async () => {
    last().say({ type: 'ready', home: '/data' });
    const ended = engine.end();
    expect(last().got).toEqual([[{ type: 'end' }, []]]);
    pass(10_000);
    await ended;
    expect(last().killed()).toBe(1);
    last().exit(9);
    pass(10_000);
    engine.restart();
    expect(children).toHaveLength(1);
  });
});
