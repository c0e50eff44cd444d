import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import ssh2, { type Attributes, type AuthContext, type Connection, type SFTPWrapper } from 'ssh2';
import { readIfThere, writeDurably } from '../durable-file.ts';
import type { Users } from '../users.ts';
import type { Reply } from './reply.ts';
import { STATUS } from './reply.ts';
import { type AttributeChange, createFileSession, type FileSession, type FileSessionOptions } from './session.ts';

const MAX_CONNECTIONS = 2;
const LOGIN_CAP_MS = 30_000;
const LOGINS_PER_CONNECTION = 3;
/** Requests that wait for their turn in one session before it is ended: far more than any client pipelines. */
const MAX_WAITING = 4096;

export interface SftpServerOptions extends FileSessionOptions {
  readonly hostKey: string;
  readonly users: Users;
  /** A session without a request for so long is closed. */
  readonly idleSeconds: number;
}

/** SSH with nothing but SFTP. */
export interface SftpServer {
  /** Serves a connection; false when both places are taken. */
  accept(stream: Duplex): boolean;
  readonly connections: number;
}

/** The host key of a meter (Ed25519, OpenSSH format): made once and kept in its state folder. */
export async function openHostKey(stateFolder: string): Promise<string> {
  const path = join(stateFolder, 'host-key');
  const kept = await readIfThere(path);
  if (kept !== undefined && !(ssh2.utils.parseKey(kept) instanceof Error)) return kept;
  const made = generateHostKey();
  await writeDurably(path, made);
  return made;
}

/** The library strips leading zeros of the public half, so about one key in 256 is malformed; a fresh one is tried then. */
function generateHostKey(): string {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const key = ssh2.utils.generateKeyPairSync('ed25519').private;
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
  throw new Error('No usable SSH host key could be made.');
}

export function createSftpServer(options: SftpServerOptions): SftpServer {
  let connections = 0;
  // Never listens: connections come from the meter's own listener, through its faults.
  const server = new ssh2.Server({ hostKeys: [options.hostKey], ident: 'SIMULATED-ION7400' });

  server.on('connection', (connection: Connection) => serve(connection, options));

  return {
    accept(stream) {
      if (connections >= MAX_CONNECTIONS) return false;
      connections += 1;
      stream.once('close', () => {
        connections -= 1;
      });
      // The library uses nothing of a socket but its stream side.
      server.injectSocket(stream as Socket);
      return true;
    },
    get connections() {
      return connections;
    },
  };
}

function serve(connection: Connection, options: SftpServerOptions): void {
  let logins = 0;
  const loginTimer = setTimeout(() => connection.end(), LOGIN_CAP_MS);
  let idleTimer: NodeJS.Timeout | undefined;

  function touch(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => connection.end(), options.idleSeconds * 1000);
  }

  async function login(context: AuthContext): Promise<void> {
    if (context.method !== 'password') return context.reject(['password']);
    logins += 1;
    const result = await options.users.login(context.username, context.password, 'sftp');
    if (result === 'accepted') return context.accept();
    context.reject(['password']);
    if (logins >= LOGINS_PER_CONNECTION) connection.end();
  }

  connection.on('authentication', (context: AuthContext) => {
    login(context).catch((thrown: unknown) => {
      options.failed(thrown);
      connection.end();
    });
  });
  connection.once('ready', () => {
    clearTimeout(loginTimer);
    touch();
  });
  connection.on('session', (accept) => {
    accept().on('sftp', (acceptSftp) => serveFiles(connection, acceptSftp(), options, touch));
  });
  // A broken connection is an ordinary end; `close` follows.
  connection.on('error', () => undefined);
  connection.on('close', () => {
    clearTimeout(loginTimer);
    clearTimeout(idleTimer);
  });
}

/** Answers the requests of one SFTP channel one after another, in their order. */
function serveFiles(connection: Connection, sftp: SFTPWrapper, options: SftpServerOptions, touch: () => void): void {
  const session: FileSession = createFileSession(options);
  let turn: Promise<void> = Promise.resolve();
  let waiting = 0;
  let ended = false;

  function answer(request: number, work: () => Promise<Reply>): void {
    touch();
    waiting += 1;
    if (waiting > MAX_WAITING) connection.end();
    turn = turn.then(async () => {
      if (!ended) send(sftp, request, await attempt(work));
      waiting -= 1;
      if (session.goesDown()) options.apply();
    });
  }

  async function attempt(work: () => Promise<Reply>): Promise<Reply> {
    try {
      return await work();
    } catch (thrown) {
      options.failed(thrown);
      return { status: STATUS.failure, text: 'Failure' };
    }
  }

  const denied = (request: number): void => answer(request, async () => ({ status: STATUS.permissionDenied }));

  sftp.on('OPEN', (request, path, flags) => answer(request, () => session.open(path, flags)));
  sftp.on('READ', (request, handle, offset, length) => answer(request, () => session.read(handle, offset, length)));
  sftp.on('WRITE', (request, handle, offset, data) => {
    // The library reuses the memory of a packet.
    const bytes = Buffer.from(data);
    answer(request, () => session.write(handle, offset, bytes));
  });
  sftp.on('FSTAT', (request, handle) => answer(request, () => session.fstat(handle)));
  sftp.on('FSETSTAT', (request, handle, attrs) => answer(request, () => session.fsetstat(handle, changeOf(attrs))));
  sftp.on('CLOSE', (request, handle) => answer(request, () => session.close(handle)));
  sftp.on('OPENDIR', (request, path) => answer(request, () => session.opendir(path)));
  sftp.on('READDIR', (request, handle) => answer(request, () => session.readdir(handle)));
  sftp.on('STAT', (request, path) => answer(request, () => session.stat(path)));
  sftp.on('LSTAT', (request, path) => answer(request, () => session.stat(path)));
  sftp.on('SETSTAT', (request, path, attrs) => answer(request, () => session.setstat(path, changeOf(attrs))));
  sftp.on('REMOVE', (request, path) => answer(request, () => session.remove(path)));
  sftp.on('RENAME', (request, from, to) => answer(request, () => session.rename(from, to)));
  sftp.on('REALPATH', (request, path) => answer(request, () => session.realpath(path)));
  sftp.on('MKDIR', denied);
  sftp.on('RMDIR', denied);
  sftp.on('SYMLINK', denied);
  sftp.on('error', () => connection.end());
  // The client sends no more: what it asked for is finished, then the channel closes.
  sftp.on('end', () => finish(false));
  sftp.on('close', () => finish(true));
  connection.on('close', () => finish(true));

  function finish(gone: boolean): void {
    ended ||= gone;
    turn = turn.then(() => session.end()).catch(options.failed);
    turn.then(() => sftp.end()).catch(options.failed);
  }
}

function send(sftp: SFTPWrapper, request: number, reply: Reply): void {
  if ('handle' in reply) sftp.handle(request, reply.handle);
  else if ('data' in reply) sftp.data(request, reply.data);
  else if ('names' in reply) sftp.name(request, [...reply.names]);
  else if ('attributes' in reply) sftp.attrs(request, reply.attributes);
  else sftp.status(request, reply.status, reply.text);
}

/** Attributes of a request; what the client did not send is undefined, whatever the library's types say. */
function changeOf(attrs: Partial<Attributes>): AttributeChange {
  return {
    ...(attrs.size === undefined ? {} : { size: attrs.size }),
    ...(attrs.mtime === undefined ? {} : { mtime: attrs.mtime }),
  };
}
