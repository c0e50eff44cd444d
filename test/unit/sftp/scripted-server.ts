import { createHash } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type SFTPWrapper } from 'ssh2';
import { connectSftp } from '../../../electron/protocols/sftp/client.ts';
import type { HostKeyStore, SftpClient, SftpEndpoint } from '../../../electron/protocols/sftp/types.ts';

/** Status codes and flags of SFTP 3. */
export const STATUS = { ok: 0, eof: 1, noSuchFile: 2, denied: 3, failure: 4 } as const;
const FLAG = { write: 2, create: 8, truncate: 16 } as const;

type Operation = 'OPEN' | 'READ' | 'WRITE' | 'FSTAT' | 'STAT' | 'CLOSE' | 'OPENDIR' | 'READDIR' | 'REMOVE' | 'RENAME';

/** One request as the interceptor sees it. */
export interface ServerRequest {
  readonly operation: Operation;
  readonly id: number;
  /** Path of the file, also where the request names a handle. */
  readonly path: string;
  readonly offset: number;
  /** Bytes asked for by READ. */
  readonly length: number;
  /** Bytes sent by WRITE. */
  readonly data: Buffer;
  readonly sftp: SFTPWrapper;
  readonly connection: Connection;
}

/** How the server behaves; everything left out behaves well. */
export interface Script {
  readonly password?: string;
  readonly hostKey?: string;
  /** Answers instead of the server; `next` goes on as usual. */
  readonly intercept?: (request: ServerRequest, next: () => void) => void;
  readonly authenticate?: (context: AuthContext) => void;
  readonly session?: (accept: () => void, reject: () => void, connection: Connection) => void;
  readonly algorithms?: ssh2.ServerConfig['algorithms'];
}

export interface ScriptedServer {
  readonly port: number;
  readonly fingerprint: string;
  /** Content by absolute path. */
  readonly files: Map<string, Buffer>;
  /** Passwords that arrived. */
  readonly passwords: string[];
  /** Authentication methods that were tried. */
  readonly methods: string[];
  /** Connections that are open now. */
  connections(): number;
  /** Waits until no connection is open; rejects after 5 s. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A new Ed25519 key. ssh2 strips leading zeros of the public half, so one of 256 is malformed and another one is made. */
export function newHostKey(): string {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const key = ssh2.utils.generateKeyPairSync('ed25519').private;
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
  throw new Error('no usable host key could be made');
}

/** The host key of every server that is not given one; making a key takes longer than most tests. */
const COMMON_HOST_KEY = newHostKey();

export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const hostKey = script.hostKey ?? COMMON_HOST_KEY;
  const files = new Map<string, Buffer>();
  const passwords: string[] = [];
  const methods: string[] = [];
  const sockets = new Set<Socket>();

  const server = new ssh2.Server(
    { hostKeys: [hostKey], ...(script.algorithms && { algorithms: script.algorithms }) },
    (connection) => {
      connection.on('error', () => {
        // A client that hangs up in the middle is part of many tests.
      });
      connection.on('authentication', (context) => {
        methods.push(context.method);
        if (context.method === 'password') passwords.push(context.password);
        if (script.authenticate) return script.authenticate(context);
        if (context.method === 'password' && context.password === (script.password ?? 'secret')) context.accept();
        else context.reject(['password', 'keyboard-interactive']);
      });
      connection.on('session', (accept, reject) => {
        const open = () => {
          accept().on('sftp', (acceptSftp) => serve(acceptSftp(), files, connection, script.intercept));
        };
        if (script.session) script.session(open, reject, connection);
        else open();
      });
    },
  );
  server.on('error', () => {
    // See above.
  });
  // ssh2's server hides its TCP server, which is the only one to know the sockets.
  const tcp = (server as unknown as { _srv: import('node:net').Server })._srv;
  tcp.on('connection', (socket) => {
    // ssh2 sends a packet in three pieces; held back by Nagle's algorithm each one would cost 40 ms.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;

  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')}`,
    files,
    passwords,
    methods,
    connections: () => sockets.size,
    idle: () => eventually(() => sockets.size === 0, 'connections are still open'),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Looks every 5 ms, for at most 5 s. */
export async function eventually(condition: () => boolean, otherwise: string): Promise<void> {
  const end = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function serve(
  sftp: SFTPWrapper,
  files: Map<string, Buffer>,
  connection: Connection,
  intercept: Script['intercept'],
): void {
  const handles = new Map<number, { readonly path: string; listed: boolean }>();
  let lastHandle = 0;
  const open = (path: string): Buffer => {
    lastHandle += 1;
    handles.set(lastHandle, { path, listed: false });
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(lastHandle);
    return bytes;
  };
  const fileOf = (handle: Buffer) => handles.get(handle.readUInt32BE(0)) ?? { path: '?', listed: true };
  const handle = (
    operation: Operation,
    id: number,
    about: Partial<Omit<ServerRequest, 'operation' | 'id' | 'sftp' | 'connection'>>,
    next: () => void,
  ) => {
    const request = {
      operation,
      id,
      path: '',
      offset: 0,
      length: 0,
      data: Buffer.alloc(0),
      sftp,
      connection,
      ...about,
    };
    if (intercept) intercept(request, next);
    else next();
  };

  sftp.on('error', () => {
    // A client that hangs up in the middle is part of many tests.
  });
  sftp.on('OPEN', (id, path, flags) =>
    handle('OPEN', id, { path }, () => {
      const there = files.get(path);
      if (there === undefined && !(flags & FLAG.create)) return sftp.status(id, STATUS.noSuchFile);
      if (there === undefined || flags & FLAG.truncate) files.set(path, Buffer.alloc(0));
      sftp.handle(id, open(path));
    }),
  );
  sftp.on('READ', (id, of, offset, length) => {
    const { path } = fileOf(of);
    handle('READ', id, { path, offset, length }, () => {
      const data = (files.get(path) ?? Buffer.alloc(0)).subarray(offset, offset + length);
      if (data.length === 0) sftp.status(id, STATUS.eof);
      else sftp.data(id, data);
    });
  });
  sftp.on('WRITE', (id, of, offset, data) => {
    const { path } = fileOf(of);
    handle('WRITE', id, { path, offset, data }, () => {
      const old = files.get(path) ?? Buffer.alloc(0);
      const grown =
        old.length >= offset + data.length
          ? old
          : Buffer.concat([old, Buffer.alloc(offset + data.length - old.length)]);
      data.copy(grown, offset);
      files.set(path, grown);
      sftp.status(id, STATUS.ok);
    });
  });
  const stat = (id: number, path: string) => {
    const file = files.get(path);
    if (file === undefined) return sftp.status(id, STATUS.noSuchFile);
    sftp.attrs(id, attributes(file.length));
  };
  sftp.on('FSTAT', (id, of) => handle('FSTAT', id, { path: fileOf(of).path }, () => stat(id, fileOf(of).path)));
  sftp.on('STAT', (id, path) => handle('STAT', id, { path }, () => stat(id, path)));
  sftp.on('CLOSE', (id, of) => handle('CLOSE', id, { path: fileOf(of).path }, () => sftp.status(id, STATUS.ok)));
  sftp.on('OPENDIR', (id, path) => handle('OPENDIR', id, { path }, () => sftp.handle(id, open(path))));
  sftp.on('READDIR', (id, of) => {
    const folder = fileOf(of);
    handle('READDIR', id, { path: folder.path }, () => {
      if (folder.listed) return sftp.status(id, STATUS.eof);
      folder.listed = true;
      sftp.name(id, [
        entry('.', 0, 0o040755),
        entry('..', 0, 0o040755),
        ...[...files].map(([path, { length }]) => entry(path.slice(1), length)),
      ]);
    });
  });
  sftp.on('REMOVE', (id, path) =>
    handle('REMOVE', id, { path }, () => sftp.status(id, files.delete(path) ? STATUS.ok : STATUS.noSuchFile)),
  );
  sftp.on('RENAME', (id, from, to) =>
    handle('RENAME', id, { path: from }, () => {
      const file = files.get(from);
      if (file === undefined) return sftp.status(id, STATUS.noSuchFile);
      files.delete(from);
      files.set(to, file);
      sftp.status(id, STATUS.ok);
    }),
  );
}

/** An entry of a listing. */
export function entry(filename: string, size: number, mode = 0o100644) {
  return { filename, longname: filename, attrs: attributes(size, mode) };
}

function attributes(size: number, mode = 0o100644) {
  return { mode, uid: 0, gid: 0, size, atime: 1_700_000_000, mtime: 1_700_000_000 };
}

/** A host key store in memory that notes what was asked of it. */
export function memoryKeys(
  pinned?: string,
): HostKeyStore & { readonly calls: string[]; pinnedKey(): string | undefined } {
  let key = pinned;
  const calls: string[] = [];
  return {
    calls,
    pinnedKey: () => key,
    lookup(host, port) {
      calls.push(`lookup ${host}:${port}`);
      return Promise.resolve(key);
    },
    pin(_host, _port, fingerprint) {
      calls.push('pin');
      key = fingerprint;
      return Promise.resolve();
    },
  };
}

export function endpointOf(server: { readonly port: number }, more: Partial<SftpEndpoint> = {}): SftpEndpoint {
  return {
    host: '127.0.0.1',
    port: server.port,
    user: 'USER1',
    password: 'secret',
    hostKeys: memoryKeys(),
    timeoutMs: 5_000,
    ...more,
  };
}

/** Connects or throws. */
export async function connected(
  server: { readonly port: number },
  more: Partial<SftpEndpoint> = {},
): Promise<SftpClient> {
  const client = await connectSftp(endpointOf(server, more));
  if (!client.ok) throw new Error(`${client.problem.code}: ${client.problem.because}`);
  return client.value;
}

/** Bytes that differ everywhere, so that a misplaced chunk shows. */
export function patterned(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let value = seed * 2_654_435_761;
  for (let index = 0; index < length; index += 1) {
    value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = value >>> 16;
  }
  return bytes;
}

/** A source over bytes in memory. */
export function sourceOf(bytes: Uint8Array) {
  return {
    size: bytes.length,
    read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
