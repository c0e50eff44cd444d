import { EventEmitter } from 'node:events';
import type ModbusRTU from 'modbus-serial';
import { reasonOf } from '../../../shared/domain/problem.ts';
import { crc16 } from './crc.ts';
import { checkAnswer, type ModbusRequest } from './frames.ts';
import { mbapFraming, rtuFraming } from './framing.ts';
import type { Wire } from './wire.ts';

/** How a request that was sent ended on its link. */
export type Outcome =
  | { readonly kind: 'words'; readonly words: Uint16Array }
  | { readonly kind: 'written' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'malformed'; readonly because: string };

/** One connection with its requests in flight. It ends once and is never used again. */
export interface Link {
  /** At most `slots` requests may wait at a time; `done` is called at most once, and never after the link broke or was closed. */
  send(request: ModbusRequest, done: (outcome: Outcome) => void): void;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly wire: Wire;
  readonly unit: number;
  readonly framing: 'mbap' | 'rtu';
  /** Requests that may be in flight: more than one needs ids on the wire, so RTU has 1. */
  readonly slots: number;
  /** The constructor of modbus-serial. */
  readonly Master: typeof ModbusRTU;
  /** The connection ended (`closed`) or carried something that cannot be trusted (`malformed`). Called at most once. */
  broken(kind: 'closed' | 'malformed', because: string): void;
}

interface Waiting {
  readonly id: number;
  readonly slot: number;
  readonly request: ModbusRequest;
  readonly done: (outcome: Outcome) => void;
}

/** The part of a port that modbus-serial uses: it reads and sets the two ids, writes RTU frames and listens for RTU frames. */
interface Port extends EventEmitter {
  isOpen: boolean;
  _transactionIdRead: number;
  _transactionIdWrite: number;
  open(callback: (error?: Error | null) => void): void;
  write(rtu: Buffer): void;
}

/** Answers to nobody are dropped as the standard says; this many on one connection are an attack or a fault. */
const MOST_STRAYS = 64;
const LONGEST_RTU = 256;

/**
 * Ties modbus-serial to a wire through a port of our own. modbus-serial builds the requests and reads the registers out of the answers;
 * this port stands between it and the wire because its own ports do not check lengths, protocol ids or FC43 contents, reuse
 * 8-bit transaction ids, and leave pending calls hanging when a socket ends. An answer reaches modbus-serial only after it was
 * matched and checked byte by byte. FC43 answers never reach it: it follows `more follows` without bound and decodes text as ASCII.
 */
export function createLink(options: LinkOptions): Link {
  const { wire, unit } = options;
  const waiting = new Map<number, Waiting>();
  const freeSlots = Array.from({ length: options.slots }, (_, index) => index);
  const scratch = Buffer.alloc(LONGEST_RTU);
  let nextId = 0;
  let strays = 0;
  let over = false;
  let sending: Waiting | undefined;

  const framing =
    options.framing === 'mbap'
      ? mbapFraming(onAnswer)
      : rtuFraming(unit, () => waiting.values().next().value, onAnswer);
  const port = createPort((rtu) => {
    if (sending !== undefined) wire.write(framing.wrap(sending.id, rtu));
  });
  const master = new options.Master(port);
  master.open();

  function breakOff(kind: 'closed' | 'malformed', because: string): void {
    if (over) return;
    over = true;
    port.isOpen = false;
    waiting.clear();
    options.broken(kind, because);
  }

  function onAnswer(id: number, body: Buffer): void {
    const entry = waiting.get(id);
    if (entry === undefined) {
      strays += 1;
      return;
    }
    const checked = checkAnswer(entry.request, unit, body);
    if (checked.kind === 'good' || checked.kind === 'exception') {
      handOver(entry.slot, body);
      return;
    }
    finish(entry, checked);
  }

  /** Gives a checked answer to modbus-serial as the RTU frame it expects. It is read before this returns, so one buffer is enough. */
  function handOver(slot: number, body: Buffer): void {
    body.copy(scratch);
    scratch.writeUInt16LE(crc16(scratch, body.length), body.length);
    port._transactionIdRead = slot;
    port.emit('data', scratch.subarray(0, body.length + 2));
  }

  function finish(entry: Waiting, outcome: Outcome): void {
    // modbus-serial keeps its callback until the slot is used again; a second call must change nothing.
    if (!waiting.delete(entry.id)) return;
    freeSlots.push(entry.slot);
    entry.done(outcome);
  }

  function freeId(): number {
    do nextId = (nextId + 1) & 0xffff;
    while (waiting.has(nextId));
    return nextId;
  }

  wire.start({
    data(chunk) {
      if (over) return;
      const fault = framing.take(chunk);
      if (fault !== undefined) breakOff('malformed', fault);
      else if (strays > MOST_STRAYS) breakOff('malformed', `${strays} answers came that nobody asked for`);
    },
    ended: (because) => breakOff('closed', because),
  });

  return {
    send(request, done) {
      const slot = freeSlots.pop();
      if (slot === undefined) throw new RangeError('more requests in flight than slots');
      const entry: Waiting = { id: freeId(), slot, request, done };
      waiting.set(entry.id, entry);
      port._transactionIdWrite = slot;
      sending = entry;
      start(master, unit, request, (outcome) => finish(entry, outcome));
      sending = undefined;
    },
    close() {
      over = true;
      port.isOpen = false;
      waiting.clear();
      return wire.close();
    },
  };
}

/** Starts the request in modbus-serial, which writes to the port before it returns and calls back with the parsed answer. */
function start(master: ModbusRTU, unit: number, request: ModbusRequest, done: (outcome: Outcome) => void): void {
  if (request.fc === 3) {
    master.writeFC3(unit, request.address, request.count, (error, answer) =>
      done(failureOf(error) ?? { kind: 'words', words: new Uint16Array(answer.data) }),
    );
  } else if (request.fc === 16) {
    master.writeFC16(unit, request.address, [...request.values], (error) =>
      done(failureOf(error) ?? { kind: 'written' }),
    );
  } else {
    // The same bytes as its readDeviceIdentification, without the parser behind it; only an exception comes back here.
    master.writeCustomFC(unit, 43, [0x0e, 0x04, request.objectId], (error) =>
      done(failureOf(error) ?? { kind: 'malformed', because: 'an identification was not recognised' }),
    );
  }
}

function failureOf(error: unknown): Outcome | undefined {
  if (error === null || error === undefined) return undefined;
  const code = typeof error === 'object' && 'modbusCode' in error ? error.modbusCode : undefined;
  return typeof code === 'number' ? { kind: 'exception', code } : { kind: 'malformed', because: reasonOf(error) };
}

function createPort(write: (rtu: Buffer) => void): Port {
  return Object.assign(new EventEmitter(), {
    isOpen: true,
    _transactionIdRead: 0,
    _transactionIdWrite: 0,
    open: (callback: (error?: Error | null) => void): void => callback(null),
    write,
  });
}
