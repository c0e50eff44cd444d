import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../shared/domain/problem.ts';
import { type BacnetFace, createBacnetFace } from './bacnet/face.ts';
import { createMeterClock } from './clock.ts';
import { closeControl, createControl, openControl } from './control.ts';
import { createControlledMeter } from './controlled.ts';
import { createDlmsFace, hasDlms } from './dlms/face.ts';
import { hasCode } from './durable-file.ts';
import { writeFactoryFiles } from './factory-files.ts';
import { createFaultBox, type FaultProtocol } from './faults.ts';
import { createLifecycle } from './lifecycle.ts';
import { createListener, type Listener } from './listener.ts';
import { createChanges } from './modbus/changes.ts';
import { rowsFor } from './modbus/map.ts';
import { serveMbap } from './modbus/mbap.ts';
import { createPduHandler } from './modbus/pdu.ts';
import { createConnectionPool } from './modbus/pool.ts';
import type { MapRow } from './modbus/row.ts';
import { serveRtu } from './modbus/rtu.ts';
import { createView, identificationOf } from './modbus/view.ts';
import { createPhysics } from './physics.ts';
import { createRecorderBook } from './recorders/book.ts';
import { withOutage } from './recorders/disturbances.ts';
import { createSettings } from './settings/settings.ts';
import { openMeterFiles } from './sftp/files.ts';
import { createSftpServer, openHostKey } from './sftp/server.ts';
import { type MeterState, openState } from './state.ts';
import type { SimulatedMeter, SimulatedMeterOptions } from './types.ts';
import { createUpgradeAgent } from './upgrade/agent.ts';
import { createUsers, DEFAULT_CREDENTIALS } from './users.ts';

const HOST = '127.0.0.1';
const DEFAULT_IDLE_SECONDS = 300;
/** At the first start a port that somebody else has is an error of the options; after a loss of power it is only slow to come free. */
const START_PATIENCE_MS = 500;

type PortName = keyof MeterState['ports'];
interface Face {
  readonly name: Exclude<PortName, 'control'>;
  readonly protocol: FaultProtocol;
  readonly listener: Listener;
  /** Whether this firmware has it. */
  readonly here: () => boolean;
}

/**
 * Starts a simulated ION7400 on loopback. What stands in its state folder wins over the options, so that a meter that was upgraded, killed or
 * cut off is what it was; an upgrade that was being applied goes on. Settles when its ports listen or, while it is applying, when they are known.
 * Rejects when the state folder cannot be used or a port that was asked for stays taken.
 */
export async function startSimulatedMeter(options: SimulatedMeterOptions): Promise<SimulatedMeter> {
  await mkdir(options.stateFolder, { recursive: true });
  const { store, fresh } = await openState(options);
  const files = await openMeterFiles(join(options.stateFolder, 'files'));
  if (fresh) await writeFactoryFiles(files, store.state);

  const physics = createPhysics(store.state.seed, store.state.startedAt);
  const clock = createMeterClock(store);
  const users = createUsers(store);
  const settings = createSettings(store, clock);
  const recorders = createRecorderBook(settings, {
    physics,
    state: () => store.state,
    clock: clock.now,
    nullClock: options.dlms?.nullClock,
  });
  const pool = createConnectionPool();
  const faults = createFaultBox(() => lifecycle.refresh().catch(failed));
  const agent = createUpgradeAgent(store, files, faults);
  let picked: { readonly firmware: string; readonly rows: readonly MapRow[] } | undefined;
  let poweredAt: number | undefined;
  let lostPowerAt: number | undefined;
  let serial = store.state.serial;

  const view = createView({
    store,
    clock,
    physics,
    users,
    settings,
    recorders,
    faults,
    now: () => ({
      serial,
      poweredAt,
      modbusPort: ports.modbus,
      sharedConnections: pool.shared(),
      foreignStatus: bacnet.foreignStatus,
      passwordResult: setup.passwordResult,
    }),
  });
  const handlePdu = createPduHandler({
    rows: mapRows,
    view,
    identification: () => identificationOf(store),
    change: (changes) => setup.make(changes),
  });
  const setup = createChanges({
    store,
    clock,
    users,
    settings,
    applied({ bacnet: bacnetChanged, modbusPort }) {
      if (!bacnetChanged && !modbusPort) return;
      lifecycle
        .refresh()
        .then(() => (bacnetChanged ? bacnet.settingsChanged() : undefined))
        .catch(failed);
    },
    failed,
  });
  const sftp = createSftpServer({
    hostKey: await openHostKey(options.stateFolder),
    users,
    files,
    agent,
    faults,
    idleSeconds: options.sftpIdleSeconds ?? DEFAULT_IDLE_SECONDS,
    apply: () => lifecycle.apply().catch(failed),
    failed,
  });
  const dlms = createDlmsFace({
    options: options.dlms ?? {},
    store,
    clock,
    users,
    recorders: recorders.exported,
    serial: () => serial,
    failed,
  });
  const bacnet: BacnetFace = createBacnetFace({
    options: options.bacnet ?? {},
    settings,
    firmware: () => store.firmware,
    rows: mapRows,
    view,
    faults,
    powerLoss,
  });
  const faces: readonly Face[] = [
    face('modbus', 'modbus', (stream) => {
      const taken = pool.take('modbus-tcp', stream);
      if (taken) serveMbap(stream, handlePdu);
      return taken;
    }),
    face('rtuOverTcp', 'rtu-over-tcp', (stream) => {
      const taken = pool.take('shared', stream);
      if (taken) serveRtu(stream, handlePdu);
      return taken;
    }),
    face('sftp', 'sftp', sftp.accept),
    face(
      'dlms',
      'dlms',
      (stream) => dlms.accept(stream, () => pool.take('shared', stream)),
      () => hasDlms(store.firmware),
    ),
    { name: 'bacnet', protocol: 'bacnet', listener: bacnet.listener, here: bacnet.here },
  ];

  function face(
    name: Face['name'],
    protocol: FaultProtocol,
    accept: Parameters<typeof createListener>[0]['accept'],
    here = (): boolean => true,
  ): Face {
    return { name, protocol, here, listener: createListener({ protocol, faults, powerLoss, accept }) };
  }

  function powerLoss(seconds: number): void {
    lifecycle.losePower(seconds).catch(failed);
  }

  const lifecycle = createLifecycle({
    applySeconds: options.applySeconds,
    applying: agent.applying,
    async finishApplying() {
      await agent.finish();
      if (faults.logsLostByUpgrade()) await store.update(() => ({ logsSince: clock.now() }));
    },
    failed,
    unpowered() {
      lostPowerAt = clock.now();
    },
    async powered() {
      // The wrong serial shows after a restart, not at the first start.
      serial = (poweredAt === undefined ? undefined : faults.serialAfterRestart()) ?? store.state.serial;
      poweredAt = Date.now();
      await store.log('power-up', `Started on firmware ${store.state.firmware}.`, {
        restarts: store.state.restarts + 1,
        revenueLock: { locked: store.state.revenueLock.next, next: store.state.revenueLock.next },
        ...(lostPowerAt === undefined
          ? {}
          : { powerOutages: withOutage(store.state.powerOutages, { from: lostPowerAt, to: clock.now() }) }),
      });
      lostPowerAt = undefined;
      agent.resume().catch(failed);
    },
    async openPorts() {
      await moveModbus();
      for (const { name, protocol, listener, here } of faces) {
        if (faults.refuses(protocol) || !here()) listener.shut();
        else await listener.open(ports[name]);
      }
    },
    async closePorts(orderly) {
      await Promise.all(faces.map(({ listener }) => listener.close(orderly)));
    },
  });

  /** Opens the Modbus port that the settings want; when somebody else has it, the meter stays where it is. Connections stay. */
  async function moveModbus(): Promise<void> {
    const wanted = settings.current.modbusPort;
    const listener = faces.find(({ name }) => name === 'modbus')?.listener;
    if (listener === undefined || wanted === 0 || wanted === ports.modbus) return;
    listener.shut();
    try {
      ports.modbus = await listener.open(wanted, START_PATIENCE_MS);
      await store.update(() => ({ ports: { ...ports } }));
    } catch (thrown) {
      const kept = { ...settings.current, modbusPort: ports.modbus };
      await store.log('setup-failed', `Modbus TCP stays on its port: ${reasonOf(thrown)}`, { settings: kept });
    }
  }

  /** Thousands of rows: they are picked again only when the firmware is another one. */
  function mapRows(): readonly MapRow[] {
    const { firmware, featureSet } = store.state;
    if (picked?.firmware !== firmware) picked = { firmware, rows: rowsFor(store.firmware, featureSet) };
    return picked.rows;
  }

  const controlled = createControlledMeter({
    store,
    clock,
    physics,
    users,
    settings,
    files,
    faults,
    agent,
    lifecycle,
    serial: () => serial,
    connections: () => ({
      shared: pool.shared(),
      sftp: sftp.connections,
      dlms: dlms.connected ? 1 : 0,
    }),
  });

  const control = createControl(controlled);
  const ports = { ...store.state.ports };
  for (const { name, listener } of faces) {
    ports[name] = await settlePort(name, (port, patience) => listener.open(port, patience), agent.applying());
  }
  ports.control = await settlePort('control', (port) => openControl(control, port), false);
  const closed = faces.filter(({ here }) => agent.applying() || !here());
  await Promise.all(closed.map(({ listener }) => listener.close(false)));
  await store.update(() => ({ ports }));
  if (options.faults !== undefined && options.faults.length > 0) faults.arm(options.faults);
  await lifecycle.start();

  /** The port that was asked for, the one of the last time when it is free, or any; `known` ones need not be opened yet while `closed`. */
  async function settlePort(
    name: PortName,
    open: (port: number, patienceMs?: number) => Promise<number>,
    closed: boolean,
  ): Promise<number> {
    const set = name === 'modbus' ? settings.current.modbusPort : 0;
    const asked = set === 0 ? (options.ports[name] ?? 0) : 0;
    const last = set === 0 ? store.state.ports[name] : set;
    if (closed && (asked || last) !== 0) return asked || last;
    if (asked !== 0 || last === 0) return open(asked, START_PATIENCE_MS);
    try {
      return await open(last, 0);
    } catch (thrown) {
      if (!hasCode(thrown, 'EADDRINUSE')) throw thrown;
      return open(0);
    }
  }

  return {
    get address() {
      const { control, ...reachable } = ports;
      return {
        name: store.state.name,
        serial: store.state.serial,
        host: HOST,
        ports: reachable,
        credentials: DEFAULT_CREDENTIALS,
        control: `http://${HOST}:${control}/`,
      } as const;
    },
    async stop() {
      await lifecycle.stop();
      await closeControl(control);
      await store.flush();
    },
  };
}

/** A failure that no request waits for is told on stderr by Node's own warning. */
function failed(thrown: unknown): void {
  process.emitWarning(reasonOf(thrown), 'SimulatedMeterWarning');
}
