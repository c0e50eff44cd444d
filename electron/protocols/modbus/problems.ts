import { METER_STATE, type Problem, type ProblemDetail, problem } from '../../../shared/domain/problem.ts';
import type { ModbusRequest } from './frames.ts';

/** Where a request went, for messages. */
export interface Place {
  /** "192.0.2.7:502 unit 255". */
  readonly label: string;
  readonly unit: number;
}

const FUNCTION_NAMES = { 3: 'read holding registers', 16: 'write registers', 43: 'read identification' } as const;

/** What an exception code means on this platform, and what to do. Source: vendor's Modbus implementation page (PM8000, ION9000); 4 to 11 as in Modbus Application Protocol 1.1b3, 7. */
const EXCEPTIONS: Readonly<Record<number, readonly [because: string, nextStep: string]>> = {
  1: [
    'the meter does not know this function',
    'Use another way to read this value; this firmware does not offer it over Modbus.',
  ],
  2: [
    'the address is invalid, out of range, or protected by the security of the device',
    'Check the register map of this firmware, and whether Modbus programming is allowed in the security settings of the meter.',
  ],
  3: [
    'the value is not allowed, the register is read only, or the range cuts a value of several registers apart',
    'Check the register map of this firmware: a range has to start and end on whole values.',
  ],
  4: ['the meter failed while it worked on the request', 'Read the meter again; if this stays, look at its event log.'],
  5: ['the meter accepted the request and needs more time for it', 'Wait a minute, then read the meter again.'],
  6: ['the meter is busy with another command', 'Wait a minute, then try again.'],
  7: ['the meter cannot carry out this command', 'Use the vendor’s software for this step.'],
  8: ['the meter found a parity error in its memory', 'Try again; if this stays, the meter needs service.'],
  9: [
    'the meter gave a code that the standard does not define',
    'Try again; if this stays, look at the event log of the meter.',
  ],
  10: [
    'the gateway has no path to this unit',
    'Check the unit id and the serial port settings of the gateway; 255 is the meter itself.',
  ],
  11: [
    'the device behind the gateway did not answer',
    'Check the unit id, and the wiring and power of that device; 255 is the meter itself.',
  ],
};

/** The server answers on this port with a refusal: closed, disabled, or all its connections are taken. */
export function refusedProblem(place: Place): Problem {
  return problem({
    code: 'modbus/refused',
    title: 'The meter refused the Modbus connection',
    because: `${place.label} answers, but nothing accepts connections on this port: Modbus is switched off there, the port is another one, or all connections of the meter are taken.`,
    nextStep:
      'Check the port, whether Modbus TCP is enabled on the meter, and close other software that is connected to it.',
    details: { endpoint: place.label },
  });
}

/** No connection came about within its cap, or the network says that there is no way. */
export function unreachableProblem(place: Place, because: string): Problem {
  return problem({
    code: 'modbus/unreachable',
    title: 'The meter cannot be reached by Modbus',
    because: `${place.label}: ${because}`,
    nextStep: 'Check the address, the cable and the network of this PC, and whether a firewall is between.',
    details: { endpoint: place.label },
  });
}

/** The serial line could not be opened. */
export function serialProblem(place: Place, because: string): Problem {
  return problem({
    code: 'modbus/serial-unavailable',
    title: 'The serial port cannot be used',
    because: `${place.label}: ${because}`,
    nextStep:
      'Check the name of the port, its driver, and that no other program has it open; or connect by Modbus TCP.',
    details: { endpoint: place.label },
  });
}

/** No answer within the cap. A write without an answer is a case of its own: this platform does not answer a write to an unmapped register. */
export function timeoutProblem(place: Place, request: ModbusRequest, timeoutMs: number): Problem {
  const details = { ...requestDetails(place, request), timeoutMs };
  if (request.fc === 16) {
    return problem({
      code: 'modbus/write-unanswered',
      title: 'The meter did not answer a write',
      because: `${named(place, request)} was not answered within ${timeoutMs} ms. This platform does not answer a write to a register that is not mapped; the answer may also have been lost.`,
      meterState: METER_STATE.unknown,
      nextStep:
        'Read the registers back before anything else. If nothing changed, check the register map of this firmware.',
      details,
    });
  }
  return problem({
    code: 'modbus/timeout',
    title: 'The meter did not answer',
    because: `${named(place, request)} was not answered within ${timeoutMs} ms.`,
    nextStep:
      'Try again with a longer time-out; check the unit id (255 is the meter itself) and whether other software keeps the meter busy.',
    details,
  });
}

/** The connection ended while the request waited for its answer (`sent`), or before it was sent. */
export function closedProblem(place: Place, request: ModbusRequest, because: string, sent: boolean): Problem {
  return problem({
    code: 'modbus/closed',
    title: 'The Modbus connection ended',
    because: `${named(place, request)} ended without an answer: ${because}.`,
    meterState: stateAfter(request, sent),
    nextStep:
      'Try again. If the meter keeps ending the connection, close other software that is connected to it: its connections are limited.',
    details: requestDetails(place, request),
  });
}

/** The meter answered with an exception, `modbus/exception-1` to `modbus/exception-11`. */
export function exceptionProblem(place: Place, request: ModbusRequest, code: number): Problem {
  const [because, nextStep] = EXCEPTIONS[code] ?? ['the meter gave an unknown exception', 'Try again.'];
  return problem({
    code: `modbus/exception-${code}`,
    title: 'The meter refused a Modbus request',
    because: `${named(place, request)} was answered with exception ${code}: ${because}.`,
    // Codes 4 and 5 can come after work was begun; the others refuse before anything is stored.
    meterState: stateAfter(request, code === 4 || code === 5),
    nextStep,
    details: { ...requestDetails(place, request), exception: code },
  });
}

/** The answer breaks the protocol; nothing of it is used. */
export function malformedProblem(place: Place, request: ModbusRequest, because: string): Problem {
  return problem({
    code: 'modbus/malformed',
    title: 'The answer is not valid Modbus',
    because: `${named(place, request)}: ${because}. The answer was thrown away.`,
    meterState: stateAfter(request, true),
    nextStep: 'Try again. If this stays, check that this port speaks the chosen kind of Modbus (TCP, or RTU over TCP).',
    details: requestDetails(place, request),
  });
}

/** The request itself is impossible and was not sent. */
export function badRequestProblem(because: string, details: Readonly<Record<string, ProblemDetail>>): Problem {
  return problem({
    code: 'modbus/bad-request',
    title: 'This Modbus request is not possible',
    because,
    nextStep: 'Correct the address, the count or the values.',
    details,
  });
}

/** The caller gave up; `sent` says whether the request was on the wire by then. */
export function abortedProblem(place: Place, request: ModbusRequest | undefined, sent: boolean): Problem {
  return problem({
    code: 'aborted',
    title: 'Stopped',
    because:
      request === undefined ? `Connecting to ${place.label} was stopped.` : `${named(place, request)} was stopped.`,
    meterState: request === undefined ? METER_STATE.untouched : stateAfter(request, sent),
    nextStep: 'Start again when you are ready.',
    details: request === undefined ? { endpoint: place.label } : requestDetails(place, request),
  });
}

function stateAfter(request: ModbusRequest, sent: boolean): string {
  return request.fc === 16 && sent ? METER_STATE.unknown : METER_STATE.untouched;
}

function named(place: Place, request: ModbusRequest): string {
  const name = `${place.label}: ${FUNCTION_NAMES[request.fc]}`;
  if (request.fc === 43) return `${name}, object ${request.objectId}`;
  return `${name}, ${countOf(request)} from wire address ${request.address}`;
}

function requestDetails(place: Place, request: ModbusRequest): Readonly<Record<string, ProblemDetail>> {
  const common = { endpoint: place.label, unit: place.unit, function: request.fc };
  if (request.fc === 43) return { ...common, objectId: request.objectId };
  return { ...common, address: request.address, count: countOf(request) };
}

function countOf(request: Exclude<ModbusRequest, { readonly fc: 43 }>): number {
  return request.fc === 3 ? request.count : request.values.length;
}
