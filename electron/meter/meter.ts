import { CAPABILITY_IDS } from '../../shared/domain/capability.ts';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import { fail, ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import { connectModbus } from '../protocols/modbus/client.ts';
import type { ModbusClient, ModbusEndpoint, ModbusOptions } from '../protocols/modbus/types.ts';
import { connectSftp } from '../protocols/sftp/client.ts';
import type { HostKeyStore, SftpClient, SftpEndpoint } from '../protocols/sftp/types.ts';
import { readMeterClock } from './clock.ts';
import { mayHaveReference, numberOf, readIdentity, readReference, referenceOf } from './identity.ts';
import { createDlmsDoor, type DlmsConnectors } from './logs/door.ts';
import { createMeterLogs } from './logs/session.ts';
import { setMeterClock } from './logs/set-clock.ts';
import { type DlmsAccess, PUBLIC_DLMS } from './logs/types.ts';
import { openWay, type Way } from './logs/way.ts';
import { probeMeter, unknownCapabilities } from './probe.ts';
import { type MeterProfile, meterProfile } from './profile.ts';
import { createQueue, type Unstarted } from './queue.ts';
import { noMap } from './setup/no-map.ts';
import { createSetupSession } from './setup/session.ts';
import { createSftpDoor } from './sftp-door.ts';
import type { SiteMap } from './site-map/types.ts';
import { readRows, takeSnapshot } from './snapshot.ts';
import { type Touch, type TouchOptions, touchTcp } from './touch.ts';
import type { Credentials, Meter, MeterAddress } from './types.ts';

/** How connections are made; tests put their own in. */
export interface Connectors {
  modbus(endpoint: ModbusEndpoint, options: ModbusOptions): Promise<Result<ModbusClient>>;
  sftp(endpoint: SftpEndpoint): Promise<Result<SftpClient>>;
  touch(options: TouchOptions): Promise<Touch>;
  readonly dlms?: DlmsConnectors;
}

export interface OpenMeterOptions {
  readonly address: MeterAddress;
  /** In memory only; without them there is no SFTP session. */
  readonly credentials?: Credentials | undefined;
  /** How a DLMS association may be made; the public client without it. */
  readonly dlms?: DlmsAccess | undefined;
  readonly hostKeys: HostKeyStore;
  /** The Modbus map that was imported for a firmware; only its Unix time is used here. */
  readonly siteMapOf?: (firmware: FirmwareVersion) => SiteMap | undefined;
  /** The clock of this PC. */
  readonly now?: () => Date;
  readonly connectors?: Connectors;
}

const CONNECTORS: Connectors = { modbus: connectModbus, sftp: connectSftp, touch: touchTcp };
const LOCK_STATES: Readonly<Record<number, 'unlocked' | 'locked' | 'pending'>> = {
  0: 'unlocked',
  1: 'locked',
  2: 'pending',
};
const DATE_TIME_IDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];

/**
 * A meter behind its protocols; nothing is connected before it is needed. Operations run one at a time in the order they were called. After
 * {@link Meter.close} every operation ends with `meter/closed` (those that cannot say why give null or `unknown`).
 */
export function openMeter(options: OpenMeterOptions): Meter {
  const { address, now = () => new Date(), connectors = CONNECTORS } = options;
  const queue = createQueue();
  const loaded = meterProfile();
  const door = createSftpDoor({
    address,
    credentials: options.credentials,
    hostKeys: options.hostKeys,
    connect: connectors.sftp,
  });
  const dlms = options.dlms ?? PUBLIC_DLMS;
  const dlmsDoor = createDlmsDoor(address, dlms, connectors.dlms);
  let modbus: ModbusClient | undefined;
  let identity: MeterIdentity | undefined;
  let closing: Promise<void> | undefined;

  /** The one Modbus connection, made when it is first needed; the client itself comes back after a break. */
  async function withModbus<T>(
    signal: AbortSignal,
    work: (client: ModbusClient, profile: MeterProfile) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    if (!loaded.ok) return loaded;
    if (modbus === undefined) {
      const { host, ports, unit, timeoutMs } = address;
      const connected = await connectors.modbus({ kind: 'tcp', host, port: ports.modbus, unit }, { timeoutMs, signal });
      if (!connected.ok) return connected;
      modbus = connected.value;
    }
    return work(modbus, loaded.value);
  }

  /** Without the commercial reference, which only `identify` needs. */
  async function identifyNow(signal: AbortSignal): Promise<Result<MeterIdentity>> {
    const read = await withModbus(signal, (client, profile) => readIdentity(client, profile, signal));
    if (read.ok) identity = read.value;
    return read;
  }

  async function known(signal: AbortSignal): Promise<Result<MeterIdentity>> {
    return identity === undefined ? identifyNow(signal) : ok(identity);
  }

  async function identifyFully(signal: AbortSignal): Promise<Result<MeterIdentity>> {
    const read = await identifyNow(signal);
    if (!read.ok || !mayHaveReference(read.value)) return read;
    const reference = await withModbus(signal, (client) => readReference(client, signal));
    if (!reference.ok && reference.problem.code === 'aborted') return reference;
    return ok({ ...read.value, commercialReference: referenceOf(reference) });
  }

  /** Numbers of rows of the profile; undefined when one of them is not on this meter or was not read. */
  async function numbersOf(ids: readonly string[], signal: AbortSignal): Promise<readonly number[] | undefined> {
    const read = await withModbus(signal, async (client, profile) => {
      const who = await known(signal);
      if (!who.ok) return who;
      const rows = ids.flatMap((id) => profile.registerById(id) ?? []);
      return ok(await readRows(client, rows, who.value, signal));
    });
    if (!read.ok) return undefined;
    const numbers = ids.map((id) => numberOf(read.value.values.find(({ row }) => row.id === id)));
    return numbers.includes(null) ? undefined : numbers.map((number) => number ?? 0);
  }

  function run<T>(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    return queue.run<Result<T>>(work, (why) => ({ ok: false, problem: unstarted(why) }), signal);
  }

  /** Whatever happens inside, the association is given back: the meter has one. */
  async function associated<T>(signal: AbortSignal, work: (way: Way) => Promise<Result<T>>): Promise<Result<T>> {
    const opened = await openWay(dlmsDoor, signal);
    if (!opened.ok) return opened;
    try {
      return await work(opened.value);
    } finally {
      await opened.value.close();
    }
  }

  return {
    address,
    identify: (signal) => run(signal, identifyFully),
    readClock: (outer) =>
      run(outer, (signal) =>
        withModbus(signal, async (client, profile) => {
          const who = await known(signal);
          if (!who.ok) return who;
          const dateTimeRows = DATE_TIME_IDS.flatMap((id) => profile.registerById(`clock-${id}`) ?? []);
          const { firmware } = who.value;
          const siteMap = firmware === null ? undefined : options.siteMapOf?.(firmware);
          return readMeterClock({ client, identity: who.value, dateTimeRows, siteMap, now, signal });
        }),
      ),
    readGroup: (group, outer) =>
      run(outer, (signal) =>
        withModbus(signal, async (client, profile) => {
          const who = await known(signal);
          if (!who.ok) return who;
          const { snapshot, trouble } = await takeSnapshot(client, profile.rowsOf(group), who.value, now, signal);
          if (trouble !== undefined && (trouble.code === 'aborted' || snapshot.values.length === 0)) {
            return { ok: false, problem: trouble };
          }
          return ok(snapshot);
        }),
      ),
    probe: (outer) =>
      queue.run(
        async (signal) => {
          if (!loaded.ok) return unknownCapabilities(CAPABILITY_IDS, loaded.problem.because);
          return probeMeter({
            address,
            profile: loaded.value,
            signal,
            touch: connectors.touch,
            identify: () => identifyNow(signal),
            reference: () => withModbus(signal, (client) => readReference(client, signal)),
            sftpOpen: door.isOpen,
            login: options.credentials === undefined ? undefined : () => door.open(signal),
          });
        },
        (why) => unknownCapabilities(CAPABILITY_IDS, unstarted(why).because),
        outer,
      ),
    advisories({ model, firmware }) {
      if (!loaded.ok || (model !== null && model !== loaded.value.model)) return [];
      return loaded.value.advisoriesFor(firmware);
    },
    readRevenueLock: (outer) =>
      queue.run(
        async (signal) => LOCK_STATES[(await numbersOf(['revenue-lock'], signal))?.[0] ?? -1] ?? null,
        () => null,
        outer,
      ),
    readConnections: (outer) =>
      queue.run(
        async (signal) => {
          const [used, of] = (await numbersOf(['connections-used', 'connections-in-all'], signal)) ?? [];
          return used === undefined || of === undefined ? null : { used, of };
        },
        () => null,
        outer,
      ),
    readDefaultPasswords: (outer) =>
      queue.run(
        async (signal) => (await numbersOf(['default-password-users'], signal))?.[0] ?? null,
        () => null,
        outer,
      ),
    withSetup: (work, outer) =>
      run(outer, (signal) =>
        withModbus(signal, async (client, profile) => {
          const who = await known(signal);
          if (!who.ok) return who;
          const { firmware } = who.value;
          const map = firmware === null ? undefined : options.siteMapOf?.(firmware);
          if (map === undefined) return { ok: false, problem: noMap(firmware) };
          const serialAt = async (port: number): Promise<Result<string | null>> => {
            const { host, unit, timeoutMs } = address;
            const connected = await connectors.modbus({ kind: 'tcp', host, port, unit }, { timeoutMs, signal });
            if (!connected.ok) return connected;
            try {
              const read = await readIdentity(connected.value, profile, signal);
              return read.ok ? ok(read.value.serial) : read;
            } finally {
              await connected.value.close();
            }
          };
          return work(createSetupSession({ client, identity: who.value, map, signal, serialAt }));
        }),
      ),
    withLogs: (work, outer) => run(outer, (signal) => associated(signal, (way) => work(createMeterLogs(way, signal)))),
    setClock: (utc, outer) =>
      run(outer, (signal) => associated(signal, (way) => setMeterClock(way.client(), dlms.deviationSign, utc, signal))),
    sftp: (signal) => run(signal, door.open),
    close() {
      closing ??= (async () => {
        const ended = queue.end();
        // Closed at once, because that ends what is in flight; and once more for a connection that came about meanwhile.
        await Promise.all([modbus?.close(), door.close()]);
        await ended;
        await Promise.all([modbus?.close(), door.close()]);
      })();
      return closing;
    },
  };
}

function unstarted(why: Unstarted): Problem {
  const stopped = why === 'aborted';
  return fail({
    code: stopped ? 'aborted' : 'meter/closed',
    title: stopped ? 'Stopped' : 'The connection to the meter was closed',
    because: stopped ? 'It was stopped before it began.' : 'The work with this meter had ended already.',
    nextStep: stopped ? 'Start again when you are ready.' : 'Open the meter again.',
  }).problem;
}
