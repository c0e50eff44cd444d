import Master from 'modbus-serial';
import { describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../../electron/protocols/modbus/dispatcher.ts';
import type { Wire, WireHandlers } from '../../../electron/protocols/modbus/wire.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';

interface FakeWire extends Wire {
  closed: boolean;
  /** Bytes from the meter. */
  deliver(bytes: Buffer): void;
}

function fakeWire(onWrite: (frame: Buffer, wire: FakeWire) => void): FakeWire {
  let handlers: WireHandlers | undefined;
  const wire: FakeWire = {
    closed: false,
    start: (given) => {
      handlers = given;
    },
    write: (frame) => onWrite(frame, wire),
    close: () => {
      wire.closed = true;
      return Promise.resolve();
    },
    deliver: (bytes) => handlers?.data(bytes),
  };
  return wire;
}

const gone = fail({ code: 'modbus/refused', title: 'Refused', because: 'Nothing there.', nextStep: 'None.' });

function dispatcherOn(wire: Wire, dial: () => Promise<Result<Wire>> = () => Promise.resolve(gone)): Dispatcher {
  return createDispatcher(
    {
      place: { label: 'a fake meter', unit: 255 },
      timeoutMs: 60_000,
      quietMs: 0,
      dial,
      link: { unit: 255, framing: 'mbap', slots: 4, Master },
    },
    wire,
  );
}

/** The answer to a read of one register: its value is the address that was asked for. */
function answerTo(frame: Buffer): Buffer {
  const address = frame.subarray(8, 10);
  return Buffer.concat([frame.subarray(0, 2), Buffer.from([0, 0, 0, 5, 255, 3, 2]), address]);
}

async function read(dispatcher: Dispatcher, address: number): Promise<number | undefined> {
  const result = await dispatcher.ask({ fc: 3, address, count: 1 }, undefined);
  if (!result.ok) throw new Error(result.problem.because);
  return result.value instanceof Uint16Array ? result.value[0] : undefined;
}

describe('transaction ids', () => {
  it('skip one that still waits, even after all 65536 were used', async () => {
    const held: Buffer[] = [];
    const used: number[] = [];
    const dispatcher = dispatcherOn(
      fakeWire((frame, wire) => {
        if (held.length === 0) {
          held.push(frame);
          return;
        }
        used.push(frame.readUInt16BE(0));
        queueMicrotask(() => wire.deliver(answerTo(frame)));
      }),
    );
    const slow = read(dispatcher, 4711);
    for (let turn = 0; turn < 65_600; turn += 1) {
      const address = turn & 0xfff;
      if ((await read(dispatcher, address)) !== address)
        throw new Error(`turn ${turn} got the answer of another request`);
    }
    expect(new Set(used).size).toBe(65_535);
    const [frame] = held;
    if (frame === undefined) throw new Error('nothing was sent');
    expect(used).not.toContain(frame.readUInt16BE(0));
    await dispatcher.close();
    expect(await slow.catch(String)).toMatch(/closed on this side/);
  });

  it('are not used again soon, so that a repeated old answer is nobody’s', async () => {
    const sent: Buffer[] = [];
    const dispatcher = dispatcherOn(
      fakeWire((frame, wire) => {
        sent.push(frame);
        const old = [4, 64, 256].map((back) => sent[sent.length - 1 - back]);
        queueMicrotask(() => {
          if (sent.length % 20 === 0) for (const one of old) if (one !== undefined) wire.deliver(answerTo(one));
          wire.deliver(answerTo(frame));
        });
      }),
    );
    for (let address = 0; address < 400; address += 1) expect(await read(dispatcher, address)).toBe(address);
    await dispatcher.close();
  });
});

describe('close', () => {
  it('gives a connection back that was made too late', async () => {
    const first = fakeWire((_, wire) => wire.deliver(Buffer.alloc(6, 0xff)));
    const second = fakeWire(() => expect.unreachable());
    let made: (wire: Result<Wire>) => void = () => undefined;
    const dispatcher = dispatcherOn(
      first,
      () =>
        new Promise((resolve) => {
          made = resolve;
        }),
    );
    await dispatcher.ask({ fc: 3, address: 1, count: 1 }, undefined);
    expect(first.closed).toBe(true);
    const waiting = dispatcher.ask({ fc: 3, address: 2, count: 1 }, undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const closing = dispatcher.close();
    made(ok(second));
    await closing;
    expect(second.closed).toBe(true);
    expect(await waiting).toMatchObject({ problem: { code: 'modbus/closed' } });
  });
});
