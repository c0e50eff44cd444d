import { METER_STATE, type Problem, type ProblemDetail, problem } from '../../../shared/domain/problem.ts';
import type { BacnetFault, Reply } from './codec/apdu.ts';
import { abortName, errorClassName, errorCodeName, objectTypeName, propertyName, rejectName } from './names.ts';
import type { BacnetAddress, BacnetPeer, PropertyReference } from './types.ts';

/** What was asked of whom, for messages. Nothing is ever written, so the meter is untouched whatever happens. */
export interface Asking {
  readonly device: BacnetAddress;
  /** "ReadProperty of device 471955, object-name". */
  readonly name: string;
}

/** "192.0.2.7:47808", with the address behind a router where there is one. */
export function placeOf(address: BacnetAddress): string {
  const peer = `${address.host}:${address.port}`;
  return address.routed === undefined ? peer : `${peer}, network ${address.routed.network}, ${address.routed.mac}`;
}

/** "analog-input 3, present-value[2]". */
export function referenceText({ object, property, arrayIndex }: PropertyReference): string {
  const index = arrayIndex === undefined ? '' : `[${arrayIndex}]`;
  return `${objectTypeName(object.type)} ${object.instance}, ${propertyName(property)}${index}`;
}

function detailsOf({ device }: Asking): Readonly<Record<string, ProblemDetail>> {
  return { endpoint: placeOf(device) };
}

/** No answer to any try. */
export function timeoutProblem(asking: Asking, timeoutMs: number, tries: number): Problem {
  return problem({
    code: 'bacnet/timeout',
    title: 'The device does not answer over BACnet',
    because: `${placeOf(asking.device)}, ${asking.name}: no answer within ${timeoutMs} ms, asked ${tries} times.`,
    nextStep:
      'Check that BACnet/IP is enabled on the meter (it is off until somebody enables it), the address and UDP port, and that no firewall stops UDP.',
    details: { ...detailsOf(asking), timeoutMs, tries },
  });
}

/** The device answered a request with an Error, Reject or Abort. */
export function refusalProblem(asking: Asking, reply: Exclude<Reply, { kind: 'ack' | 'simple-ack' }>): Problem {
  if (reply.kind === 'error') return errorProblem(asking, reply);
  const reason = reply.kind === 'reject' ? rejectName(reply.reason) : abortName(reply.reason);
  return problem({
    code: `bacnet/${reply.kind}`,
    title: 'The device did not carry out a BACnet request',
    because: `${placeOf(asking.device)}, ${asking.name}: ${reply.kind === 'reject' ? 'Reject' : 'Abort'}, ${reason}.`,
    nextStep:
      reason === 'unrecognized-service'
        ? 'This firmware does not offer the service; nothing needs to be repaired.'
        : 'Try again. If this stays, this firmware cannot answer this request.',
    details: { ...detailsOf(asking), reason, number: reply.reason },
  });
}

/** The device refused one property. */
export function errorProblem(asking: Asking, { errorClass, errorCode }: BacnetFault): Problem {
  const names = { class: errorClassName(errorClass), code: errorCodeName(errorCode) };
  return problem({
    code: 'bacnet/error',
    title: 'The device gave a BACnet error',
    because: `${placeOf(asking.device)}, ${asking.name}: class ${names.class}, code ${names.code}.`,
    nextStep: 'Check whether this device has such an object and property.',
    details: {
      ...detailsOf(asking),
      class: names.class,
      code: names.code,
      classNumber: errorClass,
      codeNumber: errorCode,
    },
  });
}

/** An answer breaks the protocol; nothing of it is used. */
export function malformedProblem(asking: Asking, because: string): Problem {
  return problem({
    code: 'bacnet/malformed',
    title: 'The answer is not valid BACnet',
    because: `${placeOf(asking.device)}, ${asking.name}: ${because}. The answer was thrown away.`,
    nextStep:
      'Try again. If this stays, something else than a BACnet device answers on this port, or its firmware is faulty.',
    details: detailsOf(asking),
  });
}

/** The network of this PC says that a datagram cannot go there. */
export function unreachableProblem(place: string, because: string): Problem {
  return problem({
    code: 'bacnet/unreachable',
    title: 'The device cannot be reached over BACnet',
    because: `${place}: ${because}.`,
    nextStep: 'Check the address, the cable and the network adapter of this PC.',
    details: { endpoint: place },
  });
}

/** The request itself is impossible and was not sent. */
export function badRequestProblem(because: string): Problem {
  return problem({
    code: 'bacnet/bad-request',
    title: 'This BACnet request is not possible',
    because,
    nextStep: 'Correct the address, the numbers or the name.',
  });
}

export function closedProblem(name: string): Problem {
  return problem({
    code: 'bacnet/closed',
    title: 'BACnet was closed',
    because: `${name}: the client was closed meanwhile.`,
    nextStep: 'Open it again.',
  });
}

export function abortedProblem(name: string): Problem {
  return problem({
    code: 'aborted',
    title: 'Stopped',
    because: `${name} was stopped.`,
    nextStep: 'Start again when you are ready.',
  });
}

/** The port cannot be had at all. */
export function bindProblem(address: string, port: number, because: string): Problem {
  return problem({
    code: 'bacnet/bind',
    title: 'BACnet cannot be opened on this PC',
    because: `UDP port ${port} of ${address} cannot be bound: ${because}.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose an address that a network adapter of this PC has, and a port that is free.',
    details: { address, port },
  });
}

/** The port is taken, another one is used: what this costs. */
export function portTakenProblem(address: string, port: number, used: number, because: string): Problem {
  return problem({
    code: 'bacnet/port-taken',
    title: `UDP port ${port} is taken by another program`,
    because: `UDP port ${port} of ${address} cannot be bound (${because}), most likely because another BACnet program runs on this PC. Port ${used} is used instead: reading from known devices works, but devices that answer a search by broadcast are not heard, so a search may find too few.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Close the other BACnet program before a search for devices or for conflicts.',
    details: { address, port, used },
  });
}

/** Unicast works, but broadcasts of the subnet do not come in. */
export function deafProblem(address: string, because: string): Problem {
  return problem({
    code: 'bacnet/no-broadcasts',
    title: 'Broadcasts of this subnet are not heard',
    because: `${address}: ${because}. Reading from known devices works; a search may find too few.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Bind to all adapters, or close the other BACnet program.',
    details: { address },
  });
}

/** The BBMD says no. */
export function foreignRefusedProblem(bbmd: BacnetPeer, code: number): Problem {
  return problem({
    code: 'bacnet/foreign-refused',
    title: 'The BBMD refused the registration as a foreign device',
    because: `${placeOf(bbmd)} answered with result 0x${code.toString(16).padStart(4, '0')}: it takes no foreign devices, or its table is full.`,
    nextStep: 'Ask the owner of the BBMD to allow foreign devices, or use another BBMD.',
    details: { bbmd: placeOf(bbmd), result: code },
  });
}

/** The BBMD says nothing. */
export function foreignUnansweredProblem(bbmd: BacnetPeer, timeoutMs: number, tries: number): Problem {
  return problem({
    code: 'bacnet/foreign-unanswered',
    title: 'The BBMD does not answer',
    because: `${placeOf(bbmd)}: no answer to the registration within ${timeoutMs} ms, asked ${tries} times. Either there is no BBMD, or UDP does not get through.`,
    nextStep: 'Check the address and port of the BBMD, and the firewalls on the way.',
    details: { bbmd: placeOf(bbmd), timeoutMs, tries },
  });
}

/** A search through a BBMD without a registration. */
export function notRegisteredProblem(): Problem {
  return problem({
    code: 'bacnet/not-registered',
    title: 'Not registered with a BBMD',
    because:
      'A search through a BBMD needs a registration as a foreign device first, and there is none, or it was lost.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Register with the BBMD, then search again.',
  });
}
