import type { Duplex } from 'node:stream';
import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { associate } from './associate.ts';
import { RELEASE_REQUEST } from './codec/acse.ts';
import { CONFORMANCE } from './codec/initiate.ts';
import { isObis } from './codec/obis.ts';
import { decodeReply, encodeGet, encodeSet } from './codec/xdlms.ts';
import { type Line, lineOver, openTcpLine } from './link/line.ts';
import { createTurns } from './link/turns.ts';
import {
  type Action,
  abortedConnecting,
  badRequestProblem,
  failureProblem,
  notGrantedProblem,
  type Place,
  replyProblem,
  tooLargeProblem,
} from './problems.ts';
import { type Reading, readRows, readValueInBlocks } from './read.ts';
import { endpointFault, profileFault, selectionFault, settingsFault } from './requests.ts';
import type { Session } from './session.ts';
import type {
  CosemAttribute,
  DlmsAssociation,
  DlmsClient,
  DlmsEndpoint,
  DlmsSettings,
  ProfileSelection,
} from './types.ts';

const MOST_BYTES = 1024 * 1024;

/**
 * Connects by TCP and associates. Fails with `dlms/refused` (nothing listens), `dlms/busy` (accepted and ended at once), `dlms/unreachable`,
 * `dlms/timeout`, `dlms/association-refused`, `dlms/wrong-secret`, `dlms/malformed`, `dlms/bad-request` or `aborted`. The connection is released on every
 * path that returns no client. The signal ends connecting only; each request takes its own.
 */
export async function connectDlms(
  endpoint: DlmsEndpoint,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Result<DlmsClient>> {
  const fault = endpointFault(endpoint) ?? settingsFault(endpoint);
  if (fault !== undefined) return fail(badRequestProblem(fault, {}));
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  const place = placeOf(`${host}:${endpoint.port}`, endpoint);
  const line = await openTcpLine(
    { ...place, host: endpoint.host, port: endpoint.port },
    endpoint.timeoutMs,
    options.signal,
  );
  if (!line.ok) return line;
  return connectOver(line.value, place, endpoint, options.signal);
}

/**
 * Associates over an open stream, such as a serial line, which is owned from then on. `name` stands for it in messages. `release` gives back what
 * is below the stream, and is called once on every path; without it the stream is ended and destroyed, which does not close a SerialPort.
 * Fails as {@link connectDlms} does.
 */
export async function connectDlmsOver(
  stream: Duplex,
  name: string,
  settings: DlmsSettings,
  options: { readonly signal?: AbortSignal; readonly release?: () => Promise<void> } = {},
): Promise<Result<DlmsClient>> {
  const fault = settingsFault(settings);
  const line = lineOver(stream, options.release);
  if (fault === undefined) return connectOver(line, placeOf(name, settings), settings, options.signal);
  await line.close();
  return fail(badRequestProblem(fault, {}));
}

async function connectOver(
  line: Line,
  place: Place,
  settings: DlmsSettings,
  signal: AbortSignal | undefined,
): Promise<Result<DlmsClient>> {
  if (signal?.aborted === true) {
    await line.close();
    return fail(abortedConnecting(place));
  }
  const associated = await associate(line, place, settings, signal);
  return associated.ok ? ok(createClient({ line, place, settings, ...associated.value })) : associated;
}

function createClient(parts: {
  readonly line: Line;
  readonly place: Place;
  readonly settings: DlmsSettings;
  readonly session: Session;
  readonly association: DlmsAssociation;
}): DlmsClient {
  const { line, place, settings, session, association } = parts;
  const { timeoutMs } = settings;
  const sign = settings.deviationSign ?? 'standard';
  const turns = createTurns();
  let lastId = 0;

  function nextId(): number {
    lastId = (lastId % 15) + 1;
    return lastId;
  }

  function actionOf(verb: string, attribute: CosemAttribute): Action {
    const { classId, obis, attribute: number } = attribute;
    return {
      label: place.label,
      name: `${verb} of class ${classId}, ${obis}, attribute ${number}`,
      writes: verb === 'SET',
      details: { endpoint: place.label, classId, obis, attribute: number },
    };
  }

  function notGranted(action: Action, attribute: number, selection: ProfileSelection): Problem | undefined {
    if ((association.conformance & CONFORMANCE.get) === 0) return notGrantedProblem(action, 'GET');
    if (attribute === 0 && (association.conformance & CONFORMANCE.attribute0) === 0) {
      return notGrantedProblem(action, 'attribute 0');
    }
    if (selection === 'all' || (association.conformance & CONFORMANCE.selectiveAccess) !== 0) return undefined;
    return notGrantedProblem(action, 'selective access');
  }

  function tooLong(request: Uint8Array): boolean {
    const most = association.maxPdu === 0 ? session.largestApdu() : Math.min(association.maxPdu, session.largestApdu());
    return request.length > most;
  }

  /** Waits for its turn and runs; the request is encoded before, so that nothing thrown there can hold the turn. */
  async function inTurn<T>(
    action: Action,
    signal: AbortSignal | undefined,
    run: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const done = await turns.take(signal);
    if (done === undefined) {
      return fail(failureProblem(action, { kind: 'aborted', because: 'it was stopped', sent: false }, timeoutMs));
    }
    try {
      return await run();
    } finally {
      done();
    }
  }

  function prepare(
    action: Action,
    attribute: CosemAttribute,
    selection: ProfileSelection,
    signal: AbortSignal | undefined,
  ): Result<Reading> {
    if (!isAttribute(attribute))
      return fail(badRequestProblem('This is no attribute of a COSEM object.', action.details));
    const fault = selectionFault(selection) ?? attributeFault(attribute, selection);
    if (fault !== undefined) return fail(badRequestProblem(fault, action.details));
    const refused = notGranted(action, attribute.attribute, selection);
    if (refused !== undefined) return fail(refused);
    const id = nextId();
    const request = encodeGet(id, attribute, selection);
    return tooLong(request)
      ? fail(tooLargeProblem(action, 'the request does not fit what the meter takes'))
      : ok({ session, action, timeoutMs, sign, id, request, signal });
  }

  return {
    endpoint: place.label,
    association,
    counters: () => ({
      roundTrips: session.roundTrips(),
      bytesSent: line.traffic.sent,
      bytesReceived: line.traffic.received,
    }),
    async get(attribute, options = {}) {
      const action = actionOf('GET', attribute);
      const reading = prepare(action, attribute, options.selection ?? 'all', options.signal);
      if (!reading.ok) return reading;
      return inTurn(action, options.signal, () => readValueInBlocks(reading.value, options.maxBytes ?? MOST_BYTES));
    },
    async readProfile(profile, selection, onRows, signal) {
      const attribute = { classId: 7, obis: profile.obis, attribute: 2 };
      const action = actionOf('GET', attribute);
      const fault = profileFault(profile);
      if (fault !== undefined) return fail(badRequestProblem(fault, action.details));
      const reading = prepare(action, attribute, selection, signal);
      if (!reading.ok) return reading;
      return inTurn(action, signal, () => readRows(reading.value, profile, onRows));
    },
    async set(attribute, value, signal) {
      const action = actionOf('SET', attribute);
      if (!isAttribute(attribute) || attribute.attribute === 0)
        return fail(badRequestProblem('This is no attribute of a COSEM object.', action.details));
      if ((association.conformance & CONFORMANCE.set) === 0) return fail(notGrantedProblem(action, 'SET'));
      const id = nextId();
      let request: Uint8Array;
      try {
        request = encodeSet(id, attribute, value);
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown;
        return fail(badRequestProblem(`The value cannot be sent: ${thrown.message}.`, action.details));
      }
      if (tooLong(request)) return fail(tooLargeProblem(action, 'the value does not fit what the meter takes'));
      return inTurn(action, signal, async () => {
        const exchanged = await session.exchange(request, signal);
        if (!exchanged.ok) return fail(failureProblem(action, exchanged.failure, timeoutMs));
        const reply = decodeReply(exchanged.apdu, 'set', id);
        if (reply.kind === 'result' && reply.result === 0) return ok(undefined);
        if (reply.kind === 'malformed') session.distrust(reply.because);
        // The answer to a SET never has data: decodeReply was told what was asked.
        if (reply.kind === 'data' || reply.kind === 'block') throw new TypeError('a SET was answered with data');
        return fail(replyProblem(action, reply));
      });
    },
    close: () => session.close(RELEASE_REQUEST),
    ended() {
      const failure = session.ended();
      if (failure === undefined) return undefined;
      const details = { endpoint: place.label };
      return failureProblem({ ...place, name: 'association', writes: false, details }, failure, timeoutMs);
    },
  };
}

/** Attribute 0 stands for all attributes of an object, and a part of a buffer is of one. Green Book 9.3.6. */
function attributeFault({ attribute }: CosemAttribute, selection: ProfileSelection): string | undefined {
  return attribute === 0 && selection !== 'all' ? 'All attributes at once cannot be read in part.' : undefined;
}

function isAttribute({ classId, obis, attribute }: CosemAttribute): boolean {
  const whole = Number.isInteger(classId) && Number.isInteger(attribute);
  return whole && classId >= 0 && classId <= 65_535 && attribute >= -128 && attribute <= 127 && isObis(obis);
}

function placeOf(name: string, settings: DlmsSettings): Place {
  return { label: `${name} client ${settings.clientSap} server ${settings.serverSap}` };
}
