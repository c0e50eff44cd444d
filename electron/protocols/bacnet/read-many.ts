import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { LARGEST_APDU, type RequestWriter } from './codec/library.ts';
import { CONFIRMED, readMultipleAck, readPropertyAck } from './codec/services.ts';
import { addressKey } from './incoming.ts';
import { errorProblem, referenceText } from './problems.ts';
import type { Request, Transactions } from './transactions.ts';
import type { BacnetAddress, BacnetValue, PropertyReading, PropertyReference } from './types.ts';

/** Most properties in one ReadPropertyMultiple: their names and values fit an answer of 1476 bytes, and small devices do not choke on it. */
const MOST_AT_ONCE = 20;
/** The most that one property costs in a request: an object with its brackets, a property, an index. */
const REFERENCE_BYTES = 18;
const REQUEST_HEAD = 4;
const SMALLEST_APDU = 50;
/** The bit of ReadPropertyMultiple in Protocol_Services_Supported. Source: ANSI/ASHRAE 135, clause 21, BACnetServicesSupported. */
const RPM_BIT = 14;
const SERVICES_SUPPORTED = 97;
const MAX_APDU = 62;
/** After these nothing else will be answered either. */
const FATAL = new Set(['bacnet/timeout', 'bacnet/unreachable', 'bacnet/closed', 'bacnet/bad-request', 'aborted']);
/** Refusals that mean "too much at once". */
const TOO_MUCH = new Set([
  'buffer-overflow',
  'segmentation-not-supported',
  'too-many-arguments',
  'out-of-resources',
  'apdu-too-long',
]);
/** Devices whose abilities are remembered. */
const MOST_DEVICES = 1000;

/** What is known of how a device is read. */
interface Ability {
  multiple: boolean;
  atOnce: number;
}

interface ManyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** Reads properties, one or many. */
export interface Reader {
  one(
    device: BacnetAddress,
    reference: PropertyReference,
    signal: AbortSignal | undefined,
  ): Promise<Result<readonly BacnetValue[]>>;
  many(
    device: BacnetAddress,
    references: readonly PropertyReference[],
    options: ManyOptions,
  ): Promise<Result<readonly PropertyReading[]>>;
}

/** Remembers for each device whether it takes ReadPropertyMultiple, and how much at once. */
export function createReader(options: { readonly writer: RequestWriter; readonly transactions: Transactions }): Reader {
  const { writer, transactions } = options;
  const abilities = new Map<string, Ability>();

  function one(device: BacnetAddress, reference: PropertyReference, signal: AbortSignal | undefined) {
    const request: Request<readonly BacnetValue[]> = {
      device,
      name: `ReadProperty of ${referenceText(reference)}`,
      service: CONFIRMED.readProperty,
      write: (invokeId) => writer.readProperty(invokeId, reference),
      read: (body) => faultOr(readPropertyAck(body, reference)),
    };
    return transactions.ask(request, signal);
  }

  /** Asked once per device. A device that does not say what it can is read one by one. */
  async function learn(device: BacnetAddress, signal: AbortSignal | undefined): Promise<Result<Ability>> {
    const known = abilities.get(addressKey(device));
    if (known !== undefined) return ok(known);
    const services = await one(device, ofItself(SERVICES_SUPPORTED), signal);
    if (!services.ok && FATAL.has(services.problem.code)) return services;
    const bits = services.ok ? services.value[0] : undefined;
    const ability = { multiple: bits?.kind === 'bit-string' && bits.bits[RPM_BIT] === true, atOnce: 1 };
    if (ability.multiple) {
      const size = await one(device, ofItself(MAX_APDU), signal);
      if (!size.ok && FATAL.has(size.problem.code)) return size;
      const value = size.ok ? size.value[0] : undefined;
      const bytes = value?.kind === 'unsigned' ? Number(value.value) : SMALLEST_APDU;
      ability.atOnce = roomFor(Math.min(LARGEST_APDU, Math.max(SMALLEST_APDU, bytes)));
    }
    if (abilities.size >= MOST_DEVICES) abilities.clear();
    abilities.set(addressKey(device), ability);
    return ok(ability);
  }

  async function together(
    device: BacnetAddress,
    references: readonly PropertyReference[],
    signal: AbortSignal | undefined,
  ): Promise<Result<readonly PropertyReading[]>> {
    const name = `ReadPropertyMultiple of ${references.length} properties`;
    const outcomes = await transactions.ask(
      {
        device,
        name,
        service: CONFIRMED.readPropertyMultiple,
        write: (invokeId) => writer.readMultiple(invokeId, references),
        read: (body) => faultOr(readMultipleAck(body, references)),
      },
      signal,
    );
    if (!outcomes.ok) return outcomes;
    return ok(
      references.map((reference, at) => {
        const outcome = outcomes.value[at];
        if (outcome?.kind === 'values') return { reference, result: ok(outcome.values) };
        const asking = { device, name: `${name}, ${referenceText(reference)}` };
        const problem = errorProblem(asking, outcome ?? { errorClass: 0, errorCode: 0 });
        return { reference, result: { ok: false, problem } };
      }),
    );
  }

  async function oneByOne(
    device: BacnetAddress,
    references: readonly PropertyReference[],
    signal: AbortSignal | undefined,
    onReading: () => void,
  ): Promise<Result<readonly PropertyReading[]>> {
    const readings: PropertyReading[] = [];
    for (const reference of references) {
      const result = await one(device, reference, signal);
      if (!result.ok && FATAL.has(result.problem.code)) return result;
      readings.push({ reference, result });
      onReading();
    }
    return ok(readings);
  }

  async function many(
    device: BacnetAddress,
    references: readonly PropertyReference[],
    { signal, onProgress }: ManyOptions,
  ): Promise<Result<readonly PropertyReading[]>> {
    if (references.length === 0) return ok([]);
    const learned = await learn(device, signal);
    if (!learned.ok) return learned;
    const ability = learned.value;
    const readings: PropertyReading[] = [];
    while (readings.length < references.length) {
      const start = readings.length;
      const part = references.slice(start, start + (ability.multiple ? ability.atOnce : references.length));
      const answer = ability.multiple && part.length > 1 ? await together(device, part, signal) : undefined;
      if (answer?.ok === true) readings.push(...answer.value);
      else if (answer !== undefined && FATAL.has(answer.problem.code)) return answer;
      else if (answer !== undefined && isTooMuch(answer.problem)) {
        ability.atOnce = Math.max(1, Math.floor(part.length / 2));
        continue;
      } else {
        if (answer?.problem.details['reason'] === 'unrecognized-service') ability.multiple = false;
        let done = start;
        const singly = await oneByOne(device, part, signal, () => {
          done += 1;
          onProgress?.(done);
        });
        if (!singly.ok) return singly;
        readings.push(...singly.value);
        continue;
      }
      onProgress?.(readings.length);
    }
    return ok(readings);
  }

  return { one, many };
}

function isTooMuch(problem: Problem): boolean {
  return TOO_MUCH.has(String(problem.details['reason']));
}

/** A property of the device object, whatever its number is. */
function ofItself(property: number): PropertyReference {
  return { object: { type: 8, instance: 4_194_303 }, property };
}

function roomFor(maxApdu: number): number {
  return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor((maxApdu - REQUEST_HEAD) / REFERENCE_BYTES)));
}

function faultOr<T>(value: T | string): T | { readonly fault: string } {
  return typeof value === 'string' ? { fault: value } : value;
}
