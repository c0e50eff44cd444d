import { createHash } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import type { AnyAuthMethod, Client, SFTPWrapper } from 'ssh2';
import type { Problem, Result } from '../../../shared/domain/problem.ts';
import { algorithms } from './algorithms.ts';
import {
  type ConnectState,
  connectProblem,
  hostKeyChanged,
  hostKeysUnusable,
  loginRefused,
  passwordExpired,
  subsystemProblem,
} from './connect-problems.ts';
import { abortedProblem, timeoutProblem } from './problems.ts';
import { createSession, type SftpSession } from './session.ts';
import type { SftpEndpoint } from './types.ts';

/** How many of the first bytes of a host are kept to say what it is, when it is not SSH. */
const GREETING_BYTES = 256;

/** An open session and how its host was recognised. */
export interface OpenedSession {
  readonly session: SftpSession;
  readonly hostKey: string;
  readonly firstUse: boolean;
}

/**
 * Connects, checks the host key, logs in and starts SFTP, all within `timeoutMs`. The order is what protects the password: the host proves that it
 * has the key (key exchange), the key is compared with the pinned one or durably pinned, and only then is the password sent, once. No
 * other method and no second attempt follow, because a meter counts failures towards a lockout.
 */
export async function openSession(endpoint: SftpEndpoint): Promise<Result<OpenedSession>> {
  // Loaded with the first connection, because it takes longer than all else at the start of the program.
  const ssh2 = await import('ssh2');
  return openWith(new ssh2.Client(), endpoint);
}

function openWith(client: Client, endpoint: SftpEndpoint): Promise<Result<OpenedSession>> {
  return new Promise((resolve) => {
    const name = `${endpoint.host}:${endpoint.port}`;
    const state: ConnectState = { endpoint: name, phase: 'connecting', greeting: '', loginSent: false };
    if (endpoint.signal?.aborted) return resolve({ ok: false, problem: abortedProblem(`connecting to ${name}`) });

    const socket = tryConnect(endpoint);
    if (!socket.ok) return resolve(socket);
    const key = createHostKeyCheck(endpoint);

    let settled = false;
    const finish = (result: Result<OpenedSession>) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      endpoint.signal?.removeEventListener('abort', onAbort);
      if (!result.ok) socket.value.destroy();
      resolve(result);
    };
    const fail = (problem: Problem) => finish({ ok: false, problem });
    const onAbort = () => fail(abortedProblem(`connecting to ${name}`));
    const deadline = setTimeout(
      () => fail(timeoutProblem(name, doingIn(state.phase), endpoint.timeoutMs)),
      endpoint.timeoutMs,
    );
    endpoint.signal?.addEventListener('abort', onAbort, { once: true });

    // The error listener stays when all is well: the session adds its own, and none may ever be missing.
    client.on('error', (error) => fail(connectProblem(state, error)));
    client.on('close', () => fail(connectProblem(state, undefined)));
    client.on('change password', () => fail(passwordExpired(name)));
    client.on('handshake', () => {
      state.phase = 'logging in';
    });
    client.on('ready', () => {
      state.phase = 'starting SFTP';
      startSftp(client, (error, sftp) => {
        if (sftp === undefined) return fail(subsystemProblem(name, error));
        if (settled) return;
        const session = createSession({
          client,
          socket: socket.value,
          sftp,
          endpoint: name,
          timeoutMs: endpoint.timeoutMs,
        });
        finish({ ok: true, value: { session, hostKey: key.fingerprint(), firstUse: key.firstUse() } });
      });
    });

    let attempts = 0;
    try {
      client.connect({
        sock: socket.value,
        username: endpoint.user,
        ident: 'Meterwright',
        // The deadline above covers every phase.
        readyTimeout: 0,
        algorithms: algorithms(),
        hostVerifier: (presented: Buffer, verify: (permitted: boolean) => void) => {
          key
            .check(presented)
            .catch((thrown: unknown) => hostKeysUnusable(name, thrown))
            .then((problem) => {
              if (problem !== undefined) fail(problem);
              verify(problem === undefined);
            })
            // Out of reach of ssh2's own handler by now: what a host sent may make its key exchange throw here.
            .catch((thrown: unknown) => fail(connectProblem(state, thrown)));
        },
        authHandler: (methodsLeft, partialSuccess, next) => {
          attempts += 1;
          if (attempts > 1) return fail(loginRefused(name, endpoint.user, methodsLeft, partialSuccess));
          key
            .pin()
            .then(
              () => undefined,
              (thrown: unknown) => hostKeysUnusable(name, thrown),
            )
            .then((problem) => {
              if (problem !== undefined) return fail(problem);
              if (settled) return;
              state.loginSent = true;
              next(loginOf(endpoint));
            })
            .catch((thrown: unknown) => fail(connectProblem(state, thrown)));
        },
      });
    } catch (thrown) {
      fail(connectProblem(state, thrown));
    }
    watchGreeting(socket.value, state);
  });
}

/** `SHA256:` and the hash of a public key in base64 without padding, as OpenSSH prints it. */
function fingerprintOf(hostKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

/** The host key of one connection: compared at every key exchange (a host may ask for another one later), pinned once. */
function createHostKeyCheck(endpoint: SftpEndpoint) {
  const { host, port, hostKeys } = endpoint;
  let seen: string | undefined;
  let first = false;
  return {
    fingerprint: () => seen ?? '',
    firstUse: () => first,
    async check(presented: Uint8Array): Promise<Problem | undefined> {
      const fingerprint = fingerprintOf(presented);
      const expected = seen ?? (await hostKeys.lookup(host, port));
      if (expected !== undefined && expected !== fingerprint) return hostKeyChanged(host, port, expected, fingerprint);
      first ||= expected === undefined;
      seen = fingerprint;
      return undefined;
    },
    /** Called after the host has proved that the key is its own. */
    async pin(): Promise<void> {
      if (first && seen !== undefined) await hostKeys.pin(host, port, seen);
    },
  };
}

function tryConnect(endpoint: SftpEndpoint): Result<Socket> {
  try {
    const { host, port } = endpoint;
    return {
      ok: true,
      value: connectSocket({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }),
    };
  } catch (thrown) {
    // A port or host that cannot be one.
    const state: ConnectState = {
      endpoint: `${endpoint.host}:${endpoint.port}`,
      phase: 'connecting',
      greeting: '',
      loginSent: false,
    };
    return { ok: false, problem: connectProblem(state, thrown) };
  }
}

/** Notes the first bytes of the host. It listens beside ssh2, which has paused the socket and resumes it when it is ready to read. */
function watchGreeting(socket: Socket, state: ConnectState): void {
  socket.once('connect', () => {
    state.phase = 'waiting for the greeting';
  });
  const onData = (bytes: Buffer) => {
    state.greeting += bytes.toString('latin1', 0, GREETING_BYTES - state.greeting.length);
    if (/^SSH-(2\.0|1\.99)-/m.test(state.greeting)) state.phase = 'exchanging keys';
    if (state.phase === 'exchanging keys' || state.greeting.length >= GREETING_BYTES) socket.off('data', onData);
  };
  socket.on('data', onData);
}

function startSftp(client: Client, done: (error: unknown, sftp?: SFTPWrapper) => void): void {
  try {
    client.sftp((error, sftp) => done(error, error === undefined || error === null ? sftp : undefined));
  } catch (thrown) {
    done(thrown);
  }
}

function loginOf(endpoint: SftpEndpoint): AnyAuthMethod {
  const username = endpoint.user;
  return endpoint.privateKey === undefined
    ? { type: 'password', username, password: endpoint.password }
    : { type: 'publickey', username, key: endpoint.privateKey };
}

function doingIn(phase: ConnectState['phase']): string {
  return phase === 'connecting' ? 'the connection was being made' : phase;
}
