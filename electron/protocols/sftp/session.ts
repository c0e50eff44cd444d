import type { Socket } from 'node:net';
import type { Client, SFTPWrapper } from 'ssh2';
import { type Problem, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { batchWrites } from './batched-writes.ts';
import {
  abortedProblem,
  closedProblem,
  numericCode,
  protocolProblem,
  type Subject,
  statusProblem,
  timeoutProblem,
} from './problems.ts';
import { CHUNK_BYTES, chunkFor } from './window.ts';

/** How long a polite goodbye may take before the socket is cut, in milliseconds. */
const GOODBYE_MS = 1_000;

/** The callback of a request of ssh2. */
type Done<T> = (error?: Error | null, value?: T) => void;

/** Starts one request; an exception from it counts as a broken protocol. */
type Send<T> = (sftp: SFTPWrapper, done: Done<T>) => void;

/**
 * An open SFTP session: every request settles, because a watchdog ends the session when requests are waiting and no answer to any of them
 * came for the time given. (Not per request alone: on a slow link the last of many requests in flight rightly waits long.)
 */
export interface SftpSession {
  readonly endpoint: string;
  /** Bytes of one READ or WRITE that suit this host. */
  readonly chunkBytes: number;
  /**
   * Starts a request and calls `settled` exactly once, later or at once. A value may be undefined where the host answered with a
   * bare OK.
   */
  start<T>(send: Send<T>, subject: Subject, settled: (result: Result<T | undefined>) => void): void;
  /** The same as a promise that an abort ends early; `late` gets the value of an answer that comes after that. */
  request<T>(
    send: Send<T>,
    subject: Subject,
    signal?: AbortSignal,
    late?: (value: T | undefined) => void,
  ): Promise<Result<T | undefined>>;
  subject(doing: string, path: string): Subject;
  /** Ends the session and everything that waits for it; idempotent. */
  close(): Promise<void>;
}

/** Takes over a connection on which the SFTP subsystem has just been started. */
export function createSession(parts: {
  readonly client: Client;
  readonly socket: Socket;
  readonly sftp: SFTPWrapper;
  readonly endpoint: string;
  readonly timeoutMs: number;
}): SftpSession {
  const { client, socket, sftp, endpoint, timeoutMs } = parts;
  const writes = batchWrites(socket);
  const waiting = new Set<(problem: Problem) => void>();
  let over: Problem | undefined;
  let unanswered = 0;
  let watchdog: NodeJS.Timeout | undefined;
  let lastDoing = 'waiting for it';

  const die = (problem: Problem) => {
    if (over !== undefined) return;
    over = problem;
    clearTimeout(watchdog);
    for (const settle of [...waiting]) settle(problem);
    waiting.clear();
    socket.destroy();
  };
  const closed = () => die(closedProblem(endpoint, `${endpoint} closed the connection.`));

  // These listeners stay for good: an 'error' event without one would end the process.
  client.on('error', (error) => die(connectionProblem(error, endpoint)));
  client.on('close', closed);
  sftp.on('error', (error: unknown) => die(protocolProblem(reasonOf(error), endpoint)));
  sftp.on('close', () => die(closedProblem(endpoint, `${endpoint} ended the SFTP session.`)));
  // What comes in lets waiting packets out: ssh2 sends them from within this event.
  socket.prependListener('data', writes.gather);
  sftp.on('end', () => die(closedProblem(endpoint, `${endpoint} ended the SFTP session.`)));
  if (socket.destroyed) closed();

  const sent = (doing: string) => {
    lastDoing = doing;
    unanswered += 1;
    if (unanswered === 1) {
      watchdog = setTimeout(() => die(timeoutProblem(endpoint, lastDoing, timeoutMs)), timeoutMs);
    }
  };
  const answered = () => {
    unanswered -= 1;
    if (unanswered === 0) clearTimeout(watchdog);
    else watchdog?.refresh();
  };

  function start<T>(send: Send<T>, subject: Subject, settled: (result: Result<T | undefined>) => void): void {
    if (over !== undefined) {
      settled({ ok: false, problem: over });
      return;
    }
    let open = true;
    const settle = (result: Result<T | undefined>) => {
      if (!open) return;
      open = false;
      waiting.delete(giveUp);
      settled(result);
    };
    const giveUp = (problem: Problem) => settle({ ok: false, problem });
    waiting.add(giveUp);
    sent(`${subject.doing} ${subject.path}`);
    writes.gather();
    try {
      send(sftp, (error, value) => {
        if (!open) return;
        answered();
        if (error === undefined || error === null) return settle({ ok: true, value });
        if (numericCode(error) !== undefined) return giveUp(statusProblem(error, subject));
        // Without a status it is no answer: ssh2 gives up on its requests when the channel or the connection ends.
        giveUp(
          over ?? closedProblem(endpoint, `${endpoint} closed the connection while ${subject.doing} ${subject.path}.`),
        );
      });
    } catch (thrown) {
      answered();
      giveUp(protocolProblem(reasonOf(thrown), endpoint));
    }
  }

  return {
    endpoint,
    chunkBytes: chunkFor(longestRequest(sftp)),
    start,
    request: (send, subject, signal, late) =>
      new Promise((resolve) => {
        const doing = `${subject.doing} ${subject.path}`;
        if (signal?.aborted) return resolve({ ok: false, problem: abortedProblem(doing) });
        let aborted = false;
        const onAbort = () => {
          aborted = true;
          resolve({ ok: false, problem: abortedProblem(doing) });
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        start(send, subject, (result) => {
          signal?.removeEventListener('abort', onAbort);
          if (!aborted) resolve(result);
          else if (result.ok) late?.(result.value);
        });
      }),
    subject: (doing, path) => ({ endpoint, doing, path }),
    async close() {
      const gone = socket.destroyed
        ? Promise.resolve()
        : new Promise<void>((resolve) => socket.once('close', () => resolve()));
      if (over === undefined) {
        const problem = closedProblem(endpoint, 'The session was closed on this side.');
        over = problem;
        clearTimeout(watchdog);
        for (const settle of [...waiting]) settle(problem);
        client.end();
      }
      const cut = setTimeout(() => socket.destroy(), GOODBYE_MS);
      await gone;
      clearTimeout(cut);
    },
  };
}

/**
 * The most bytes that ssh2 sends or asks for in one request to this host; it learns them from the extension limits@openssh.com and keeps
 * them to itself. What every host takes, where it does not say.
 */
function longestRequest(sftp: SFTPWrapper): number {
  const { _maxReadLen: read, _maxWriteLen: write } = sftp as { _maxReadLen?: unknown; _maxWriteLen?: unknown };
  return typeof read === 'number' && typeof write === 'number' ? Math.min(read, write) : CHUNK_BYTES;
}

/** The problem for an error of an established connection. */
function connectionProblem(error: unknown, endpoint: string): Problem {
  const level = typeof error === 'object' && error !== null && 'level' in error ? error.level : undefined;
  return level === 'client-socket' || numericCode(error) !== undefined
    ? closedProblem(endpoint, `The connection to ${endpoint} broke: ${reasonOf(error)}.`)
    : protocolProblem(reasonOf(error), endpoint);
}
