import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { hasCode } from './durable-file.ts';
import { createStage } from './fault-stage.ts';
import type { FaultBox, FaultProtocol } from './faults.ts';

const HOST = '127.0.0.1';
/** How long a port that somebody else holds for a moment is asked for again. */
const BIND_CAP_MS = 10_000;
const BIND_RETRY_MS = 50;
/** How long a connection may take to send what is buffered when a port is closed in an orderly way. */
const FLUSH_CAP_MS = 250;

export interface ListenerOptions {
  readonly protocol: FaultProtocol;
  readonly faults: FaultBox;
  powerLoss(seconds: number): void;
  /** Speaks the protocol on a new connection; false closes it at once. The stream closes when the connection does. */
  accept(stream: Duplex): boolean;
}

/** One TCP port of the meter. */
export interface Listener {
  /**
   * Opens the port; 0 = any free one. Returns the port. Without effect when open. Rejects when the port stays taken for `patienceMs`
   * (default 10 s: after a restart the old owner may need a moment).
   */
  open(port: number, patienceMs?: number): Promise<number>;
  /** Stops taking connections and leaves those that exist. */
  shut(): void;
  /** Ends everything; `orderly` lets connections send what is buffered first. */
  close(orderly: boolean): Promise<void>;
}

export function createListener(options: ListenerOptions): Listener {
  const streams = new Set<Duplex>();
  let server: Server | undefined;

  function connected(socket: Socket): void {
    const stream = createStage(socket, options);
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    // A failing stream closes itself; the protocol sees the end of it.
    stream.on('error', () => stream.destroy());
    if (!options.accept(stream)) stream.destroy();
  }

  function shut(): void {
    // Not listening any more is immediate; only the callback of `close` would wait for the connections.
    server?.close();
    server = undefined;
  }

  return {
    async open(port, patienceMs = BIND_CAP_MS) {
      if (server !== undefined) return portOf(server);
      server = await listen(port, connected, patienceMs);
      return portOf(server);
    },
    shut,
    async close(orderly) {
      shut();
      await Promise.all([...streams].map((stream) => (orderly ? endOf(stream) : destroyed(stream))));
    },
  };
}

async function listen(port: number, connected: (socket: Socket) => void, patienceMs: number): Promise<Server> {
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    try {
      return await listenOnce(port, connected);
    } catch (thrown) {
      if (!hasCode(thrown, 'EADDRINUSE') || Date.now() >= giveUp) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, BIND_RETRY_MS));
    }
  }
}

function listenOnce(port: number, connected: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(connected);
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      server.off('error', reject);
      // Errors of accept (too many open files) must not end the process; the client sees its connection fail.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function destroyed(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) return resolve();
    stream.once('close', () => resolve());
    stream.destroy();
  });
}

async function endOf(stream: Duplex): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, FLUSH_CAP_MS);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    stream.end();
  });
  await destroyed(stream);
}
