import { type Problem, problem, reasonOf } from '../../../shared/domain/problem.ts';
import { closedProblem, numericCode, printable, protocolProblem } from './problems.ts';

/** How far an attempt to connect has come. */
export interface ConnectState {
  readonly endpoint: string;
  phase: 'connecting' | 'waiting for the greeting' | 'exchanging keys' | 'logging in' | 'starting SFTP';
  /** The first bytes that the host sent, as Latin-1. */
  greeting: string;
  /** Whether a password or a signature went out: if so, the meter may have counted a failure. */
  loginSent: boolean;
}

const LOGIN_COUNTS =
  'Nothing was written to the meter. It counts failed logins towards a lockout, and this one counts.';

/** SSH_DISCONNECT_TOO_MANY_CONNECTIONS (RFC 4253, 11.1). */
const TOO_MANY_CONNECTIONS = 12;

/** The problem for an error of ssh2, or for a connection that just ended (undefined), while connecting. */
export function connectProblem(state: ConnectState, error: unknown): Problem {
  const { endpoint } = state;
  const text = error === undefined ? '' : reasonOf(error);
  const refusal = systemProblem(state, error);
  if (refusal !== undefined) return refusal;
  if (/no matching/i.test(text)) return noCommonAlgorithm(endpoint, text);
  if (numericCode(error) === TOO_MANY_CONNECTIONS || isFull(text)) return busy(endpoint, printable(text));
  if (state.phase === 'connecting' || state.phase === 'waiting for the greeting') return noGreeting(state);
  if (state.loginSent && /authentication failures|auth fail|locked/i.test(text)) {
    return refused(endpoint, `The meter ended the connection: ${printable(text)}.`, {});
  }
  if (error === undefined || levelOf(error) === 'client-socket' || numericCode(error) !== undefined) {
    const said = text === '' ? '' : ` (${printable(text)})`;
    return state.loginSent
      ? {
          ...closedProblem(
            endpoint,
            `${endpoint} closed the connection after the login was sent${said}; a locked user or a wrong password can look like this.`,
          ),
          meterState: LOGIN_COUNTS,
        }
      : closedProblem(endpoint, `${endpoint} closed the connection while ${state.phase}${said}.`);
  }
  return protocolProblem(`${text} (while ${state.phase})`, endpoint);
}

/** Refusals and dead ends below SSH; undefined for anything else. */
function systemProblem(state: ConnectState, error: unknown): Problem | undefined {
  const { endpoint } = state;
  switch (systemCode(error)) {
    case 'ECONNREFUSED':
      return problem({
        code: 'sftp/refused',
        title: 'The meter refuses SFTP connections',
        because: `${endpoint} refused the connection: nothing listens there.`,
        nextStep: 'Check that SFTP is enabled on the meter and that the port is right (default 22).',
        details: { endpoint },
      });
    case 'ETIMEDOUT':
      return unreachable(endpoint, 'it did not answer');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
    case 'EACCES':
    case 'EPERM':
      return unreachable(endpoint, 'there is no way to it on the network');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NONAME':
      return unreachable(endpoint, 'its name is not known');
    case 'ERR_SOCKET_BAD_PORT':
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_INVALID_IP_ADDRESS':
      return unreachable(endpoint, 'this is no address');
    default:
      return undefined;
  }
}

function unreachable(endpoint: string, why: string): Problem {
  return problem({
    code: 'sftp/unreachable',
    title: 'The meter cannot be reached',
    because: `${endpoint} cannot be reached: ${why}.`,
    nextStep: 'Check the address, the cable and the network adapter of this PC.',
    details: { endpoint },
  });
}

/** The connection ended before an SSH greeting. A meter whose sessions are taken just hangs up; anything else is another service. */
function noGreeting(state: ConnectState): Problem {
  const { endpoint, greeting } = state;
  if (greeting === '') {
    return busy(
      endpoint,
      'It closed the connection without a word, which a meter does whose sessions are taken; a port that is not for SFTP can do the same.',
    );
  }
  if (isFull(greeting)) return busy(endpoint, `It said: ${printable(greeting)}.`);
  return problem({
    code: 'sftp/not-ssh',
    title: 'This port does not speak SSH',
    because: `${endpoint} answered with ${JSON.stringify(printable(greeting).slice(0, 60))} instead of an SSH 2.0 greeting.`,
    nextStep: 'Check the SFTP port of the meter (default 22).',
    details: { endpoint },
  });
}

function isFull(text: string): boolean {
  return /too many|maxstartups|not allowed at this time|no more (sessions|connections)|resource shortage/i.test(text);
}

function busy(endpoint: string, because: string): Problem {
  return problem({
    code: 'sftp/busy',
    title: 'The meter has no free SFTP session',
    because: `${endpoint} gave no session. ${because}`,
    nextStep:
      'Check that this is the SFTP port of the meter (default 22). The meter has two SFTP sessions: close other SFTP programs that are connected to it, wait a minute, and try again.',
    details: { endpoint },
  });
}

function noCommonAlgorithm(endpoint: string, text: string): Problem {
  return problem({
    code: 'sftp/no-common-algorithm',
    title: 'No SSH algorithm in common with the meter',
    because: `${endpoint}: ${printable(text).replace(/^Handshake failed: /, '')}.`,
    nextStep:
      'Update the firmware of the meter by ION Setup, or report the details so that the list of algorithms can be looked at.',
    details: { endpoint },
  });
}

/** The pinned key and the one now presented differ: a hard stop, nothing secret was sent. */
export function hostKeyChanged(host: string, port: number, expected: string, presented: string): Problem {
  return problem({
    code: 'sftp/host-key-changed',
    title: 'This is not the meter that was here before',
    because: `${host}:${port} presents the host key ${presented}, but ${expected} was pinned when it was first seen. No password was sent.`,
    nextStep:
      'Find out why before you go on: the meter was replaced or reset, the address was given to another device, or somebody is in between. Only if you know that the new key is right, forget the old one and connect again.',
    details: { endpoint: `${host}:${port}`, expected, presented },
  });
}

/** The pinned keys cannot be read or a new one cannot be kept: without them no password is sent. */
export function hostKeysUnusable(endpoint: string, thrown: unknown): Problem {
  return problem({
    code: 'sftp/local-disk',
    title: 'The known host keys cannot be used',
    because: `${printable(reasonOf(thrown))} No password was sent to ${endpoint}.`,
    nextStep: 'Check the file with the known host keys in the data folder, then connect again.',
    details: { endpoint },
  });
}

/** The host answered the one login attempt with a refusal. */
export function loginRefused(
  endpoint: string,
  user: string,
  methodsLeft: readonly string[] | null,
  partialSuccess: boolean | null,
): Problem {
  const methods = (methodsLeft ?? []).map(printable).join(', ').slice(0, 200);
  if (partialSuccess === true) {
    return refused(endpoint, `The meter accepted the password but asks for more (${methods}).`, { user, methods });
  }
  const takesPasswords = methods === '' || /(^|, )(password|publickey)(,|$)/.test(methods);
  return refused(
    endpoint,
    takesPasswords
      ? 'The meter refused the user or the password. It was tried once and is not tried again.'
      : `The meter does not take passwords over SSH; it offers ${methods}.`,
    { user, methods },
  );
}

/** The host wants another password before it lets anybody in. */
export function passwordExpired(endpoint: string): Problem {
  return refused(endpoint, 'The meter says that the password has expired and has to be changed.', {});
}

function refused(
  endpoint: string,
  because: string,
  details: { readonly user?: string; readonly methods?: string },
): Problem {
  return problem({
    code: 'sftp/wrong-credentials',
    title: 'The meter refused the login',
    because,
    meterState: LOGIN_COUNTS,
    nextStep: 'Check user and password before the next attempt: after a few failures the meter locks the user.',
    details: { endpoint, ...details },
  });
}

/** The login worked, but there is no SFTP session to be had. */
export function subsystemProblem(endpoint: string, error: unknown): Problem {
  const reason = typeof error === 'object' && error !== null && 'reason' in error ? error.reason : undefined;
  // Any reason but 3, unknown channel type (RFC 4254, 5.1): a host without a free session says prohibited, failed or no resources.
  const noSession = typeof reason === 'number' && reason !== 3;
  if (noSession || isFull(reasonOf(error))) return busy(endpoint, printable(reasonOf(error)));
  if (/no response from server|not connected/i.test(reasonOf(error))) {
    return closedProblem(endpoint, `${endpoint} closed the connection while SFTP was starting.`);
  }
  return protocolProblem(`The host did not start SFTP: ${reasonOf(error)}.`, endpoint);
}

function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function levelOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'level' in error ? error.level : undefined;
}
