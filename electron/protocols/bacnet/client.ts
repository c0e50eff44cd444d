import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { ok, type Problem, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { addressFault, isWithin, optionsFault, questionFault, referenceFault } from './check.ts';
import { loadRequestWriter, type RequestWriter } from './codec/library.ts';
import { readIAm, readIHave, UNCONFIRMED, writeWhoHas } from './codec/services.ts';
import { createGathering, createSpacing } from './gathering.ts';
import { addressKey, type Incoming, readIncoming } from './incoming.ts';
import { adapterToward, ipv4Adapters } from './network/adapters.ts';
import { BVLC, frame } from './network/bvlc.ts';
import { createForeign } from './network/foreign.ts';
import { writeNpdu } from './network/npdu.ts';
import { openSockets, type Sockets } from './network/sockets.ts';
import { abortedProblem, badRequestProblem, notRegisteredProblem, placeOf, unreachableProblem } from './problems.ts';
import { createReader } from './read-many.ts';
import { createTransactions } from './transactions.ts';
import type {
  BacnetAddress,
  BacnetClient,
  BacnetIncident,
  BacnetOptions,
  BacnetPeer,
  BacnetTarget,
  IAm,
  IHave,
} from './types.ts';

/** 0xBAC0. Source: ANSI/ASHRAE 135, Annex J.1.2. */
const BACNET_PORT = 47_808;

type Message = Extract<Incoming, { kind: 'message' }>;

/**
 * Opens BACnet/IP on this PC. Fails with `bacnet/bind`, `bacnet/bad-request` or `aborted`. A port that is taken is no failure: see the warning of
 * the client's binding.
 */
export async function openBacnet(options: BacnetOptions): Promise<Result<BacnetClient>> {
  const fault = optionsFault(options);
  if (fault !== undefined) return { ok: false, problem: badRequestProblem(fault) };
  const writer = await loadRequestWriter();
  let receive: ((bytes: Uint8Array, from: BacnetPeer) => void) | undefined;
  const sockets = await openSockets({
    address: options.bind?.address ?? '0.0.0.0',
    port: options.bind?.port ?? BACNET_PORT,
    adapters: ipv4Adapters(),
    platform: process.platform,
    datagram: (bytes, from) => receive?.(bytes, from),
  });
  if (!sockets.ok) return sockets;
  if (options.signal?.aborted === true) {
    await sockets.value.close();
    return { ok: false, problem: abortedProblem('Opening BACnet') };
  }
  const made = createClient(options, sockets.value, writer);
  receive = made.receive;
  return ok(made.client);
}

function createClient(options: BacnetOptions, sockets: Sockets, writer: RequestWriter) {
  const { timeoutMs, retries } = options;
  const counters = { sent: 0, received: 0, bytesSent: 0, bytesReceived: 0, roundTrips: 0, retries: 0, timeouts: 0 };
  const thrown = { dropped: 0, strays: 0 };
  const watchers = new Set<(incident: BacnetIncident) => void>();
  const spacing = createSpacing();
  const devices = createGathering<IAm>(spacing);
  const objects = createGathering<IHave>(spacing);
  const transactions = createTransactions({
    timeoutMs,
    retries,
    send: (apdu, device) => send(frame(BVLC.unicast, writeNpdu(apdu, device.routed, true)), device),
    count(what) {
      counters[what] += 1;
    },
  });
  const reader = createReader({ writer, transactions });
  const foreign = createForeign({ timeoutMs, retries, send, own: ownAddress });
  let closing: Promise<void> | undefined;

  function send(bytes: Uint8Array, to: BacnetPeer): Promise<string | undefined> {
    counters.sent += 1;
    counters.bytesSent += bytes.length;
    return sockets.send(bytes, to);
  }

  function ownAddress(bbmd: BacnetPeer): BacnetPeer | undefined {
    const { address, port } = sockets.binding;
    const host = address === '0.0.0.0' ? adapterToward(bbmd.host, ipv4Adapters())?.address : address;
    return host === undefined ? undefined : { host, port };
  }

  function tell(incident: BacnetIncident): void {
    for (const watcher of [...watchers]) watcher(incident);
  }

  function drop(from: BacnetPeer, because: string): void {
    thrown.dropped += 1;
    tell({ kind: 'dropped', from, because });
  }

  function receive(bytes: Uint8Array, from: BacnetPeer): void {
    counters.received += 1;
    counters.bytesReceived += bytes.length;
    const incoming = readIncoming(bytes, from);
    if (incoming.kind === 'malformed') drop(from, incoming.because);
    else if (incoming.kind === 'result') foreign.take(incoming.code, from);
    else if (incoming.kind === 'message') receiveMessage(incoming, from);
  }

  function receiveMessage({ apdu, address, via, cast }: Message, from: BacnetPeer): void {
    if (apdu.kind !== 'unconfirmed') {
      // An answer to a request is never broadcast and never comes by way of a BBMD.
      if (cast !== 'unicast' || !transactions.take(apdu, address)) thrown.strays += 1;
      return;
    }
    const origin = via === undefined ? { address } : { address, via };
    if (apdu.service === UNCONFIRMED.iAm) {
      const read = readIAm(apdu.body);
      if (read === undefined) drop(from, 'an I-Am that is not as it must be');
      else {
        const iAm = { ...read, ...origin };
        devices.take(iAm);
        tell({ kind: 'i-am', iAm });
      }
    } else if (apdu.service === UNCONFIRMED.iHave) {
      const read = readIHave(apdu.body);
      if (read === undefined) drop(from, 'an I-Have that is not as it must be');
      else {
        const iHave = { ...read, ...origin };
        objects.take(iHave);
        tell({ kind: 'i-have', iHave });
      }
    }
  }

  /** Sends a question to everybody that the target means. */
  async function ask(apdu: Uint8Array, target: BacnetTarget): Promise<Problem | undefined> {
    if (target.kind === 'device') {
      const because = await send(frame(BVLC.unicast, writeNpdu(apdu, target.address.routed, false)), target.address);
      return because === undefined ? undefined : unreachableProblem(placeOf(target.address), because);
    }
    const npdu = writeNpdu(apdu, 'everywhere', false);
    if (target.kind === 'foreign') {
      const registration = foreign.now();
      if (registration?.state !== 'registered') return notRegisteredProblem();
      const because = await send(frame(BVLC.distribute, npdu), registration.bbmd);
      return because === undefined ? undefined : unreachableProblem(placeOf(registration.bbmd), because);
    }
    const port = target.port ?? BACNET_PORT;
    const { address } = sockets.binding;
    if (sockets.broadcasts.length === 0)
      return unreachableProblem(address, 'no adapter there has a subnet to broadcast to');
    const failures = await Promise.all(
      sockets.broadcasts.map((host) => send(frame(BVLC.broadcast, npdu), { host, port })),
    );
    const [first] = failures;
    return failures.includes(undefined) || first === undefined ? undefined : unreachableProblem(address, first);
  }

  const client: BacnetClient = {
    binding: sockets.binding,
    counters: () => ({ ...counters, ...thrown }),
    async whoIs(question) {
      const target = await readyTarget(questionFault(question), question.target);
      if (!target.ok) return target;
      const { low, high, waitMs, enough, signal } = question;
      return devices.gather({
        name: 'Who-Is',
        waitMs,
        enough: enough ?? Number.POSITIVE_INFINITY,
        signal,
        fits: ({ deviceId, address }) => isInRange(deviceId, low, high) && isFrom(address, target.value),
        ask: () => ask(writer.whoIs(limitsOf(low, high)), target.value),
      });
    },
    async whoHas(question) {
      const target = await readyTarget(questionFault(question), question.target);
      if (!target.ok) return target;
      const { low, high, waitMs, enough, signal, what } = question;
      return objects.gather({
        name: 'Who-Has',
        waitMs,
        enough: enough ?? Number.POSITIVE_INFINITY,
        signal,
        fits: (iHave) =>
          isInRange(iHave.deviceId, low, high) && isFrom(iHave.address, target.value) && isAbout(iHave, what),
        ask: () => ask(writeWhoHas(what, limitsOf(low, high)), target.value),
      });
    },
    async readProperty(device, reference, signal) {
      const ready = await readyAddress(addressFault(device) ?? referenceFault(reference), device);
      return ready.ok ? reader.one(ready.value, reference, signal) : ready;
    },
    async readMultiple(device, references, many = {}) {
      const fault = references.map(referenceFault).find((one) => one !== undefined);
      const ready = await readyAddress(addressFault(device) ?? fault, device);
      return ready.ok ? reader.many(ready.value, references, many) : ready;
    },
    async registerForeignDevice({ host, port, ttlSeconds }, signal) {
      const ttlFault = isWithin(ttlSeconds, 1, 65_535)
        ? undefined
        : `Times to live are 1 to 65535 s, got ${ttlSeconds}.`;
      const ready = await readyAddress(addressFault({ host, port }) ?? ttlFault, { host, port });
      return ready.ok ? foreign.register(ready.value, ttlSeconds, signal) : ready;
    },
    foreign: () => foreign.now(),
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    close() {
      closing ??= (async () => {
        transactions.close();
        devices.close();
        objects.close();
        await foreign.close();
        await sockets.close();
      })();
      return closing;
    },
  };
  return { client, receive };
}

async function readyTarget(fault: string | undefined, target: BacnetTarget): Promise<Result<BacnetTarget>> {
  if (fault !== undefined) return { ok: false, problem: badRequestProblem(fault) };
  if (target.kind !== 'device') return ok(target);
  const address = await readyAddress(undefined, target.address);
  return address.ok ? ok({ kind: 'device', address: address.value }) : address;
}

/** The address with its host as an IPv4 address, because answers are known by it. */
async function readyAddress<T extends BacnetPeer>(fault: string | undefined, address: T): Promise<Result<T>> {
  if (fault !== undefined) return { ok: false, problem: badRequestProblem(fault) };
  if (isIPv4(address.host)) return ok(address);
  try {
    return ok({ ...address, host: (await lookup(address.host, { family: 4 })).address });
  } catch (error) {
    return { ok: false, problem: unreachableProblem(placeOf(address), `it has no IPv4 address, ${reasonOf(error)}`) };
  }
}

function limitsOf(low: number | undefined, high: number | undefined) {
  return low === undefined || high === undefined ? undefined : { low, high };
}

function isInRange(deviceId: number, low = 0, high = Number.POSITIVE_INFINITY): boolean {
  return deviceId >= low && deviceId <= high;
}

/** A question to one device is answered by that one, be it by broadcast. */
function isFrom(address: BacnetAddress, target: BacnetTarget): boolean {
  return target.kind !== 'device' || addressKey(address) === addressKey(target.address);
}

function isAbout(
  { object, name }: IHave,
  what: { readonly name: string } | { readonly object: IHave['object'] },
): boolean {
  if ('name' in what) return name === what.name;
  return object.type === what.object.type && object.instance === what.object.instance;
}
