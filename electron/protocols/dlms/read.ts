import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { decodeValue } from './codec/axdr-read.ts';
import { joined } from './codec/axdr-write.ts';
import type { CosemValue } from './codec/values.ts';
import { decodeReply, encodeGetNext } from './codec/xdlms.ts';
import { type Action, failureProblem, malformedProblem, replyProblem, tooLargeProblem } from './problems.ts';
import { createRowDecoder } from './rows.ts';
import type { Exchanged, Session } from './session.ts';
import type { DeviationSign, ProfileRead, ProfileRow, ProfileShape } from './types.ts';

/** What a read needs besides what it reads. */
export interface Reading {
  readonly session: Session;
  readonly action: Action;
  readonly timeoutMs: number;
  readonly sign: DeviationSign;
  /** Of the request and its GET-Next requests. */
  readonly id: number;
  /** The encoded GET-Request-Normal. */
  readonly request: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

/** Hands over the encoded value piece by piece; a problem ends the read. `last` is the last piece. */
type OnPiece = (piece: Uint8Array, last: boolean) => Problem | undefined | Promise<Problem | undefined>;

/** Reads a whole value into memory, at most `maxBytes` encoded. */
export async function readValueInBlocks(reading: Reading, maxBytes: number): Promise<Result<CosemValue>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const problem = await readPieces(reading, (piece) => {
    size += piece.length;
    if (size > maxBytes) return tooLargeProblem(reading.action, `the value has more than ${maxBytes} bytes`);
    pieces.push(piece);
    return undefined;
  });
  if (problem !== undefined) return fail(problem);
  const decoded = decodeValue(joined(pieces), reading.sign);
  return decoded.ok ? ok(decoded.value) : fail(faultProblem(reading.action, decoded));
}

/** Reads rows; what `onRows` throws comes out of here. */
export async function readRows(
  reading: Reading,
  profile: ProfileShape,
  onRows: (rows: readonly ProfileRow[]) => void | Promise<void>,
): Promise<Result<ProfileRead>> {
  const decoder = createRowDecoder(profile, reading.sign);
  const before = reading.session.roundTrips();
  let bytes = 0;
  const problem = await readPieces(reading, async (piece, last) => {
    bytes += piece.length;
    const pushed = decoder.push(piece);
    if (!pushed.ok) return faultProblem(reading.action, pushed);
    if (pushed.rows.length > 0) await onRows(pushed.rows);
    const missing = last ? decoder.missing() : undefined;
    return missing === undefined ? undefined : malformedProblem(reading.action, missing);
  });
  if (problem !== undefined) {
    return fail({ ...problem, details: { ...problem.details, rows: decoder.counts.rows, bytes } });
  }
  return ok({ ...decoder.counts, roundTrips: reading.session.roundTrips() - before, bytes });
}

/**
 * GET, with block transfer where the meter chooses it. The next block is asked for before the one at hand is looked at, so that the meter works while we
 * do; never more than one ahead. Blocks count from 1, and one without data would let a meter keep us here for ever.
 */
async function readPieces(reading: Reading, onPiece: OnPiece): Promise<Problem | undefined> {
  const { session, action, id, signal } = reading;
  let pending: Promise<Exchanged> = session.exchange(reading.request, signal);
  for (let expected = 1; ; expected += 1) {
    const exchanged = await pending;
    if (!exchanged.ok) return failureProblem(action, exchanged.failure, reading.timeoutMs);
    const reply = decodeReply(exchanged.apdu, 'get', id);
    if (reply.kind === 'malformed') session.distrust(reply.because);
    if (reply.kind === 'data' && expected === 1) return onPiece(reply.data, true);
    if (reply.kind === 'data') return distrusted(reading, 'a transfer in blocks was answered with a whole value');
    if (reply.kind !== 'block') return replyProblem(action, reply);
    if (reply.number !== expected) {
      return distrusted(reading, `block ${reply.number} came where block ${expected} was due`);
    }
    if (reply.last) return onPiece(reply.data, true);
    if (reply.data.length === 0) return distrusted(reading, 'a block that is not the last one is empty');
    pending = session.exchange(encodeGetNext(id, expected), signal);
    const problem = await onPiece(reply.data, false);
    if (problem !== undefined) return problem;
  }
}

function distrusted(reading: Reading, because: string): Problem {
  reading.session.distrust(because);
  return malformedProblem(reading.action, because);
}

function faultProblem(
  action: Action,
  fault: { readonly kind: 'malformed' | 'too-large'; readonly because: string },
): Problem {
  return fault.kind === 'malformed' ? malformedProblem(action, fault.because) : tooLargeProblem(action, fault.because);
}
