import { METER_STATE, type Problem, type ProblemDetail, problem } from '../../../shared/domain/problem.ts';
import { accessResult } from './codec/access-results.ts';
import type { Associated } from './codec/acse.ts';
import { describeServiceError } from './codec/service-error.ts';
import type { Reply } from './codec/xdlms.ts';
import type { Failure } from './link/link.ts';

/** Where requests go, for messages. */
export interface Place {
  /** "192.0.2.7:4059 client 16 server 1". */
  readonly label: string;
}

/** What was being done, for messages. */
export interface Action extends Place {
  /** "GET of class 7, 1.0.99.1.0.255, attribute 2". */
  readonly name: string;
  readonly writes: boolean;
  readonly details: Readonly<Record<string, ProblemDetail>>;
}

const TRY_AGAIN = 'Connect again and try once more.';

/** The server answers on this port with a refusal. */
export function refusedProblem(place: Place): Problem {
  return problem({
    code: 'dlms/refused',
    title: 'The meter refused the DLMS connection',
    because: `${place.label} answers, but nothing accepts connections on this port: DLMS is switched off there, or the port is another one.`,
    nextStep:
      'Check the port, and whether DLMS over Ethernet is switched on in the communication settings of the meter.',
    details: { endpoint: place.label },
  });
}

/** No connection came about within its cap, or the network says that there is no way. */
export function unreachableProblem(place: Place, because: string): Problem {
  return problem({
    code: 'dlms/unreachable',
    title: 'The meter cannot be reached by DLMS',
    because: `${place.label}: ${because}`,
    nextStep: 'Check the address, the cable and the network of this PC, and whether a firewall is between.',
    details: { endpoint: place.label },
  });
}

/** The caller gave up while the connection was made. */
export function abortedConnecting(place: Place): Problem {
  return problem({
    code: 'aborted',
    title: 'Stopped',
    because: `Connecting to ${place.label} was stopped.`,
    nextStep: 'Start again when you are ready.',
    details: { endpoint: place.label },
  });
}

/** The connection was accepted and ended before a single byte came: on this platform the one DLMS connection is taken. */
export function busyProblem(place: Place, because: string): Problem {
  return problem({
    code: 'dlms/busy',
    title: 'The meter ended the DLMS connection at once',
    because: `${place.label}: ${because}. A meter of this platform serves one DLMS client at a time, and all its protocols share 8 connections.`,
    nextStep:
      'Close other software that reads this meter, wait two minutes for connections that were left open, then try again.',
    details: { endpoint: place.label },
  });
}

/** How an exchange failed below its meaning. */
export function failureProblem(action: Action, failure: Failure, timeoutMs: number): Problem {
  const common = { meterState: stateAfter(action, failure.sent), details: action.details };
  const because = `${action.label}, ${action.name}: ${failure.because}.`;
  switch (failure.kind) {
    case 'aborted':
      return problem({
        ...common,
        code: 'aborted',
        title: 'Stopped',
        because,
        nextStep: 'Start again when you are ready.',
      });
    case 'timeout':
      return problem({
        ...common,
        code: 'dlms/timeout',
        title: 'The meter did not answer',
        because,
        nextStep:
          'Connect again with a longer time-out. If it never answers, check the addresses of client and server, and whether this port speaks the TCP wrapper or HDLC.',
        details: { ...action.details, timeoutMs },
      });
    case 'malformed':
      return malformedProblem(action, failure.because);
    case 'closed':
      return problem({
        ...common,
        code: 'dlms/closed',
        title: 'The DLMS connection ended',
        because,
        nextStep: `${TRY_AGAIN} A meter ends connections that are quiet for two minutes, and serves one DLMS client at a time.`,
      });
  }
}

/** An answer breaks the protocol or its data cannot be read; nothing of it is used. */
export function malformedProblem(action: Action, because: string): Problem {
  return problem({
    code: 'dlms/malformed',
    title: 'The answer is not valid DLMS',
    because: `${action.label}, ${action.name}: ${because}. The answer was thrown away.`,
    meterState: stateAfter(action, true),
    nextStep: `${TRY_AGAIN} If this stays, check that this port speaks the chosen kind of DLMS (TCP wrapper, or HDLC).`,
    details: action.details,
  });
}

/** An answer is larger, deeper or longer than anything sensible; or a request does not fit what the meter takes. */
export function tooLargeProblem(action: Action, because: string): Problem {
  return problem({
    code: 'dlms/too-large',
    title: 'The data are too large',
    because: `${action.label}, ${action.name}: ${because}.`,
    nextStep: 'Read a smaller part of it.',
    details: action.details,
  });
}

/** The request itself is impossible and was not sent. */
export function badRequestProblem(because: string, details: Readonly<Record<string, ProblemDetail>>): Problem {
  return problem({
    code: 'dlms/bad-request',
    title: 'This DLMS request is not possible',
    because,
    nextStep: 'Correct the addresses, the object or the values.',
    details,
  });
}

/** The association does not grant a service; the request was not sent. */
export function notGrantedProblem(action: Action, service: string): Problem {
  return problem({
    code: 'dlms/not-granted',
    title: 'The meter does not offer this to this client',
    because: `${action.label}, ${action.name}: the association was made without ${service}.`,
    nextStep: 'Connect as a client that has the right, with its secret.',
    details: { ...action.details, service },
  });
}

/** Answers of a meter that refuse a GET or SET. */
export function replyProblem(action: Action, reply: Exclude<Reply, { readonly kind: 'data' | 'block' }>): Problem {
  const { details } = action;
  switch (reply.kind) {
    case 'malformed':
      return malformedProblem(action, reply.because);
    case 'result': {
      const access = accessResult(reply.result);
      return problem({
        code: `dlms/access-${access.name}`,
        title: 'The meter refused a DLMS request',
        because: `${action.label}, ${action.name}: access result ${reply.result}, ${access.because}.`,
        nextStep: access.nextStep,
        details: { ...details, result: reply.result },
      });
    }
    case 'exception':
      return problem({
        code: 'dlms/exception',
        title: 'The meter does not carry out this DLMS request',
        because: `${action.label}, ${action.name}: exception response, state ${reply.state} (${STATES[reply.state] ?? 'unknown'}), service ${reply.service} (${SERVICES[reply.service] ?? 'unknown'}).`,
        nextStep: `${TRY_AGAIN} If this stays, this firmware does not offer the service.`,
        details: { ...details, state: reply.state, service: reply.service },
      });
    case 'service-error':
      return problem({
        code: 'dlms/service-error',
        title: 'The meter refused a DLMS service',
        because: `${action.label}, ${action.name}: ${describeServiceError(reply.error)}.`,
        nextStep: TRY_AGAIN,
        details: { ...details, kind: reply.error.kind, value: reply.error.value },
      });
  }
}

/** Green Book 9.3.4. */
const STATES: Readonly<Record<number, string>> = { 1: 'service not allowed', 2: 'service unknown' };
const SERVICES: Readonly<Record<number, string>> = {
  1: 'operation not possible',
  2: 'service not supported',
  3: 'other reason',
  4: 'PDU too long',
  5: 'deciphering error',
  6: 'invocation counter error',
};

/** Diagnostics of the service user that say what is wrong, Green Book 9.4.2. */
const DIAGNOSTICS: Readonly<Record<number, string>> = {
  2: 'it does not take part in logical-name referencing without ciphering',
  3: 'it does not know this calling address',
  11: 'it does not know this kind of authentication',
  12: 'it wants a kind of authentication to be named',
  13: 'the authentication failed',
  14: 'it wants authentication',
};

/** Diagnostic of the service user: the secret is wrong. */
const AUTHENTICATION_FAILURE = 13;

/** An association that was not granted. A wrong secret is a case of its own: nobody may try again by itself, because meters lock users out. */
export function associationProblem(place: Place, answer: Exclude<Associated, { readonly kind: 'accepted' }>): Problem {
  const details = { endpoint: place.label };
  if (answer.kind === 'malformed')
    return malformedProblem({ ...place, name: 'association', writes: false, details }, answer.because);
  if (answer.kind === 'service-error') {
    return problem({
      code: 'dlms/association-refused',
      title: 'The meter refused the DLMS association',
      because: `${place.label}: ${describeServiceError(answer.error)}.`,
      nextStep: 'Check the addresses of client and server.',
      details: { ...details, kind: answer.error.kind, value: answer.error.value },
    });
  }
  const said = { ...details, diagnostic: answer.diagnostic, source: answer.source, permanent: answer.permanent };
  if (answer.source === 1 && answer.diagnostic === AUTHENTICATION_FAILURE) {
    return problem({
      code: 'dlms/wrong-secret',
      title: 'The meter does not accept the DLMS secret',
      because: `${place.label}: the authentication failed. It was tried once and is not tried again by itself, because meters lock users out.`,
      nextStep: 'Check the secret of this client with the owner of the meter before you try again.',
      details: said,
    });
  }
  const why = answer.source === 1 ? DIAGNOSTICS[answer.diagnostic] : undefined;
  return problem({
    code: 'dlms/association-refused',
    title: 'The meter refused the DLMS association',
    because: `${place.label}: ${why ?? 'it gave no reason that the standard names'} (diagnostic ${answer.diagnostic}).`,
    nextStep: 'Check the addresses of client and server, and whether this client needs a secret.',
    details: said,
  });
}

function stateAfter(action: Action, sent: boolean): string {
  return action.writes && sent ? METER_STATE.unknown : METER_STATE.untouched;
}
