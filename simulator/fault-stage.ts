import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ByteFault, Direction, Fault, FaultBox, FaultProtocol } from './faults.ts';
import { createRandom } from './physics.ts';

/** How long a dropped connection may take to send what came before the drop. */
const FLUSH_CAP_MS = 250;

export interface StageOptions {
  readonly protocol: FaultProtocol;
  readonly faults: FaultBox;
  /** Called when a fault cuts the power of the meter. */
  powerLoss(seconds: number): void;
}

/**
 * Stands between a socket and the protocol that is spoken on it, and does to the bytes what the armed faults say. Without faults it passes
 * bytes as they come. Destroying it destroys the socket; a lost connection is an ordinary end, never an error.
 */
export function createStage(socket: Socket, { protocol, faults, powerLoss }: StageOptions): Duplex {
  const happened = new Set<Fault>();
  const random = createRandom(1);
  const waits = new Set<() => void>();
  const offset = { in: 0, out: 0 };
  const garbage = { in: 0, out: 0 };
  /** True while a chunk from the socket is on its way: a later one must not overtake it. */
  let receiving = false;
  let wanted = true;

  const stage = new Duplex({
    allowHalfOpen: false,
    read() {
      wanted = true;
      if (!receiving) socket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      pass('out', chunk, (piece) => writeToSocket(piece)).then(() => done(), done);
    },
    final(done) {
      socket.end(() => done());
    },
    destroy(error, done) {
      for (const wake of waits) wake();
      socket.destroy();
      done(error);
    },
  });

  /** Settles when the socket took the bytes or is gone. */
  function writeToSocket(piece: Buffer): Promise<void> | undefined {
    if (socket.destroyed || socket.write(piece)) return undefined;
    return wakeable((wake) => {
      socket.once('drain', wake);
      return () => socket.off('drain', wake);
    });
  }

  /** A wait that also ends when the stage is destroyed. */
  function wakeable(start: (wake: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        waits.delete(wake);
        release();
        resolve();
      };
      const release = start(wake);
      waits.add(wake);
      if (stage.destroyed) wake();
    });
  }

  const wait = (milliseconds: number): Promise<void> =>
    wakeable((wake) => {
      const timer = setTimeout(wake, milliseconds);
      return () => clearTimeout(timer);
    });

  async function pass(
    direction: Direction,
    chunk: Buffer,
    deliver: (piece: Buffer) => Promise<void> | undefined,
  ): Promise<void> {
    const slowness = direction === 'out' ? faults.slowness(protocol) : 0;
    if (slowness > 0) await wait(slowness);
    let rest = chunk;
    while (!stage.destroyed) {
      const fault = faults.take(protocol, direction, offset[direction], offset[direction] + rest.length, happened);
      const clean = fault === undefined ? rest : rest.subarray(0, fault.atByte - offset[direction]);
      offset[direction] += clean.length;
      if (clean.length > 0) await deliver(spoil(direction, clean));
      if (fault === undefined) return;
      happened.add(fault);
      rest = rest.subarray(clean.length);
      await strike(fault);
    }
  }

  async function strike(fault: ByteFault): Promise<void> {
    switch (fault.kind) {
      case 'delay':
        await wait(fault.milliseconds);
        break;
      case 'garbage':
        garbage[fault.direction] = fault.length;
        break;
      case 'drop':
        // The bytes before the fault still reach the client.
        await wakeable((wake) => {
          const timer = setTimeout(wake, FLUSH_CAP_MS);
          socket.write('', wake);
          return () => clearTimeout(timer);
        });
        stage.destroy();
        break;
      case 'power-loss':
        powerLoss(fault.seconds);
        stage.destroy();
        break;
    }
  }

  /** Replaces as many bytes as a garbage fault still asks for. */
  function spoil(direction: Direction, piece: Buffer): Buffer {
    const count = Math.min(garbage[direction], piece.length);
    if (count === 0) return piece;
    garbage[direction] -= count;
    const spoiled = Buffer.from(piece);
    for (let index = 0; index < count; index += 1) spoiled[index] = Math.floor(random() * 256);
    return spoiled;
  }

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    if (faults.quiet(protocol) && garbage.in === 0) {
      offset.in += chunk.length;
      if (!stage.push(chunk)) socket.pause();
      return;
    }
    socket.pause();
    receiving = true;
    const deliver = (piece: Buffer): undefined => {
      wanted = stage.push(piece);
      return undefined;
    };
    pass('in', chunk, deliver).then(
      () => {
        receiving = false;
        if (wanted) socket.resume();
      },
      () => stage.destroy(),
    );
  });
  socket.on('end', () => stage.push(null));
  socket.on('error', () => stage.destroy());
  socket.on('close', () => stage.destroy());
  return stage;
}
