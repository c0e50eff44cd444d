import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { decodeAare, encodeAarq, RELEASE_REQUEST } from './codec/acse.ts';
import { PROPOSED_CONFORMANCE, serviceNames } from './codec/initiate.ts';
import { createHdlcLink } from './link/hdlc-link.ts';
import type { Line } from './link/line.ts';
import type { Failure } from './link/link.ts';
import { createWrapperLink } from './link/wrapper.ts';
import { type Action, associationProblem, busyProblem, failureProblem, type Place } from './problems.ts';
import { createSession, type Session } from './session.ts';
import type { DlmsAssociation, DlmsSettings } from './types.ts';

/** The largest APDU that can be named in the two bytes of an AARQ. */
const LARGEST_PDU = 65_535;

/** Opens the data link and the association over a line, which is released when that fails. An AARQ is sent once. */
export async function associate(
  line: Line,
  place: Place,
  settings: DlmsSettings,
  signal: AbortSignal | undefined,
): Promise<Result<{ readonly session: Session; readonly association: DlmsAssociation }>> {
  const { timeoutMs, clientSap, serverSap } = settings;
  const session = createSession(timeoutMs, (handlers) =>
    settings.kind === 'wrapper'
      ? createWrapperLink({ line, clientSap, serverSap, handlers })
      : createHdlcLink({
          line,
          clientSap,
          serverSap,
          physicalAddress: settings.physicalAddress ?? 1,
          timeoutMs,
          handlers,
        }),
  );
  const details = { endpoint: place.label, framing: settings.kind };
  const action: Action = { ...place, name: 'association', writes: false, details };

  /** An association that may have been granted after the caller gave up is released like any other. */
  async function giveUp(problem: Problem, granted: boolean): Promise<Result<never>> {
    await session.close(granted ? RELEASE_REQUEST : undefined);
    return fail(problem);
  }

  /** A connection that ends before it said anything was never meant to be served. */
  function unanswered(failure: Failure): Problem {
    return failure.kind === 'closed' && line.traffic.received === 0
      ? busyProblem(place, failure.because)
      : failureProblem(action, failure, timeoutMs);
  }

  const failure = await session.open(signal);
  if (failure !== undefined) return giveUp(unanswered(failure), false);
  const aarq = encodeAarq({
    conformance: PROPOSED_CONFORMANCE,
    maxPdu: Math.min(LARGEST_PDU, session.largestApdu()),
    secret: settings.password === undefined ? undefined : new TextEncoder().encode(settings.password),
  });
  const exchanged = await session.exchange(aarq, signal);
  if (!exchanged.ok) return giveUp(unanswered(exchanged.failure), exchanged.failure.kind === 'aborted');
  const answer = decodeAare(exchanged.apdu);
  if (answer.kind !== 'accepted') return giveUp(associationProblem(place, answer), false);
  const { conformance, maxPdu, dlmsVersion } = answer.initiated;
  return ok({ session, association: { conformance, services: serviceNames(conformance), maxPdu, dlmsVersion } });
}
