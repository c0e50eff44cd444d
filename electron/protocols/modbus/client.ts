import { fail, ok, type Result } from '../../../shared/domain/problem.ts';
import { type Answer, createDispatcher, type Dispatcher } from './dispatcher.ts';
import { badRequestProblem, type Place } from './problems.ts';
import { openSerialWire } from './serial-wire.ts';
import type { ModbusClient, ModbusEndpoint, ModbusOptions } from './types.ts';
import { openTcpWire, type Wire } from './wire.ts';

/** Requests in flight on one connection: enough to hide the latency of a site network, few enough for a meter that warns of load. */
const IN_FLIGHT_TCP = 4;
/** RTU has no ids, so one at a time. */
const IN_FLIGHT_RTU = 1;
/** Upper bound of listening for a late answer on a serial line before it is used again. */
const LONGEST_QUIET_MS = 1000;
/** Modbus Application Protocol 1.1b3, 6.3 and 6.12. */
const MOST_READ = 125;
const MOST_WRITTEN = 123;

/**
 * Connects to a Modbus server. Fails with `modbus/refused`, `modbus/unreachable`, `modbus/serial-unavailable`, `modbus/bad-request` or
 * `aborted`; the signal in the options ends connecting only, each request takes its own.
 *
 * What the client promises: at most 4 requests in flight (1 on RTU), the rest wait in order; each ends within its time-out once it is
 * sent; after a time-out or a broken stream the connection is thrown away and the next request makes a new one; a connection
 * that ends also ends its requests, at once. A request that was aborted in flight keeps its place until its answer or its time-out
 * has come, so that its id is not used again while it may still be answered.
 */
export async function connectModbus(endpoint: ModbusEndpoint, options: ModbusOptions): Promise<Result<ModbusClient>> {
  const fault = faultOf(endpoint, options);
  if (fault !== undefined) return fail(badRequestProblem(fault, { unit: endpoint.unit, timeoutMs: options.timeoutMs }));
  const { timeoutMs } = options;
  const place: Place = { label: labelOf(endpoint), unit: endpoint.unit };
  const dial = (quietMs: number, signal: AbortSignal | undefined): Promise<Result<Wire>> =>
    endpoint.kind === 'serial'
      ? openSerialWire({ ...endpoint, ...place }, timeoutMs, quietMs, signal)
      : openTcpWire({ ...endpoint, ...place }, timeoutMs, signal);
  // Loaded on the first connection, because it brings the serial driver along where that is installed.
  const { default: Master } = await import('modbus-serial');
  const wire = await dial(0, options.signal);
  if (!wire.ok) return wire;
  const tcp = endpoint.kind === 'tcp';
  const dispatcher = createDispatcher(
    {
      place,
      timeoutMs,
      quietMs: endpoint.kind === 'serial' ? Math.min(timeoutMs, LONGEST_QUIET_MS) : 0,
      dial,
      link: {
        unit: endpoint.unit,
        Master,
        framing: tcp ? 'mbap' : 'rtu',
        slots: tcp ? IN_FLIGHT_TCP : IN_FLIGHT_RTU,
      },
    },
    wire.value,
  );
  return ok(createClient(place, dispatcher));
}

function createClient(place: Place, dispatcher: Dispatcher): ModbusClient {
  return {
    endpoint: place.label,
    async readHolding(address, count, signal) {
      const fault = rangeFault(address, count, MOST_READ);
      if (fault !== undefined) return fail(badRequestProblem(fault, { address, count }));
      return only(await dispatcher.ask({ fc: 3, address, count }, signal), isWords);
    },
    async writeHolding(address, values, signal) {
      const fault = rangeFault(address, values.length, MOST_WRITTEN) ?? valuesFault(values);
      if (fault !== undefined) return fail(badRequestProblem(fault, { address, count: values.length }));
      return only(await dispatcher.ask({ fc: 16, address, values: [...values] }, signal), isNothing);
    },
    async readIdentification(objectId, signal) {
      if (!isWithin(objectId, 0, 255)) {
        return fail(badRequestProblem(`Object ids are 0 to 255, got ${objectId}.`, { objectId }));
      }
      return only(await dispatcher.ask({ fc: 43, objectId }, signal), isText);
    },
    close: () => dispatcher.close(),
  };
}

/** Narrows an answer to what its request brings; the link gives each request its own kind, so the error is never seen. */
function only<T extends Answer>(result: Result<Answer>, is: (answer: Answer) => answer is T): Result<T> {
  if (!result.ok) return result;
  if (is(result.value)) return { ok: true, value: result.value };
  throw new TypeError('an answer of another request was delivered');
}

const isWords = (answer: Answer): answer is Uint16Array => answer instanceof Uint16Array;
const isText = (answer: Answer): answer is string => typeof answer === 'string';
const isNothing = (answer: Answer): answer is undefined => answer === undefined;

function faultOf(endpoint: ModbusEndpoint, options: ModbusOptions): string | undefined {
  if (!isWithin(options.timeoutMs, 100, 60_000)) return `Time-outs are 100 to 60000 ms, got ${options.timeoutMs}.`;
  if (endpoint.unit !== 255 && !isWithin(endpoint.unit, 1, 247)) {
    return `Unit ids are 1 to 247, or 255 for the meter itself; got ${endpoint.unit}.`;
  }
  if (endpoint.kind === 'serial') return undefined;
  if (endpoint.host === '') return 'The address of the meter is empty.';
  return isWithin(endpoint.port, 1, 65_535) ? undefined : `Ports are 1 to 65535, got ${endpoint.port}.`;
}

function rangeFault(address: number, count: number, most: number): string | undefined {
  if (!isWithin(address, 0, 65_535)) return `Wire addresses are 0 to 65535, got ${address}.`;
  if (!isWithin(count, 1, most)) return `One request takes 1 to ${most} registers, got ${count}.`;
  return address + count > 65_536 ? `${count} registers from ${address} go beyond the last address, 65535.` : undefined;
}

function valuesFault(values: readonly number[]): string | undefined {
  const wrong = values.find((value) => !isWithin(value, 0, 65_535));
  return wrong === undefined ? undefined : `Register values are 0 to 65535, got ${wrong}.`;
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function labelOf(endpoint: ModbusEndpoint): string {
  if (endpoint.kind === 'serial') return `${endpoint.path} unit ${endpoint.unit}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${host}:${endpoint.port} unit ${endpoint.unit}`;
}
