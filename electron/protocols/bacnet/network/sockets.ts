import { createSocket, type Socket } from 'node:dgram';
import { ok, type Result, reasonOf } from '../../../../shared/domain/problem.ts';
import { bindProblem, deafProblem, portTakenProblem } from '../problems.ts';
import type { BacnetBinding, BacnetPeer } from '../types.ts';
import { broadcastsFrom, type Ipv4Adapter } from './adapters.ts';

/** The UDP side of a client. */
export interface Sockets {
  readonly binding: BacnetBinding;
  /** Resolves with why the network of this PC did not take it, if it did not. */
  send(bytes: Uint8Array, to: BacnetPeer): Promise<string | undefined>;
  /** The subnet broadcasts to use; empty where no adapter has one. */
  readonly broadcasts: readonly string[];
  close(): Promise<void>;
}

export interface SocketOptions {
  readonly address: string;
  readonly port: number;
  readonly adapters: readonly Ipv4Adapter[];
  readonly platform: NodeJS.Platform;
  datagram(bytes: Uint8Array, from: BacnetPeer): void;
}

const EVERY_ADAPTER = '0.0.0.0';
/** Codes of a port that somebody else has; EACCES is how Windows says that a port is reserved or held exclusively. */
const TAKEN = new Set(['EADDRINUSE', 'EACCES']);

/**
 * Binds. A port that is taken is replaced by a free one, with a warning of what this costs. A socket that is bound to one address gets no broadcasts of its
 * subnet except on Windows, so there is a second one on the broadcast address elsewhere.
 */
export async function openSockets(options: SocketOptions): Promise<Result<Sockets>> {
  const { address, port } = options;
  const open: Socket[] = [];
  let closing: Promise<void> | undefined;
  let main = await bind(options, address, port);
  let warning: BacnetBinding['warning'];
  if (!('socket' in main) && port !== 0 && TAKEN.has(main.code)) {
    const first = main;
    main = await bind(options, address, 0);
    if ('socket' in main) warning = portTakenProblem(address, port, main.socket.address().port, first.because);
  }
  if (!('socket' in main)) return { ok: false, problem: bindProblem(address, port, main.because) };
  const { socket } = main;
  open.push(socket);
  const bound = socket.address().port;
  const broadcasts = broadcastsFrom(address, options.adapters);
  const [subnet] = broadcasts;
  if (bound === port && address !== EVERY_ADAPTER && options.platform !== 'win32' && subnet !== undefined) {
    const second = await bind(options, subnet, port);
    if ('socket' in second) open.push(second.socket);
    else warning = deafProblem(address, `${subnet}:${port} cannot be bound, ${second.because}`);
  }
  return ok({
    binding: { address, port: bound, ...(warning === undefined ? {} : { warning }) },
    broadcasts,
    send: (bytes, to) =>
      new Promise((resolve) => {
        if (closing !== undefined) {
          resolve('the client is closed');
          return;
        }
        try {
          socket.send(bytes, to.port, to.host, (error) => resolve(error === null ? undefined : reasonOf(error)));
        } catch (error) {
          resolve(reasonOf(error));
        }
      }),
    close() {
      closing ??= Promise.all(open.map((one) => new Promise<void>((resolve) => one.close(() => resolve())))).then(
        () => undefined,
      );
      return closing;
    },
  });
}

type Bound = { readonly socket: Socket } | { readonly code: string; readonly because: string };

function bind(options: SocketOptions, address: string, port: number): Promise<Bound> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4' });
    let bound = false;
    socket.on('message', (bytes, { address: host, port: from }) => options.datagram(bytes, { host, port: from }));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Once bound, this is how Windows tells of an ICMP answer to an earlier datagram: the request that it belongs to runs into its time-out.
      if (bound) return;
      socket.close();
      resolve({ code: error.code ?? '', because: error.message });
    });
    socket.bind({ address, port, exclusive: true }, () => {
      bound = true;
      socket.setBroadcast(true);
      resolve({ socket });
    });
  });
}
