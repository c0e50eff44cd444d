import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DlmsAccess, LogRow, MeterLogs, MeterRecorder } from '../../../electron/meter/logs/types.ts';
import { openMeter } from '../../../electron/meter/meter.ts';
import type { Meter } from '../../../electron/meter/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import type { Fault } from '../../../simulator/faults.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { DlmsOptions, SimulatedMeter } from '../../../simulator/types.ts';

/** Simulated meters and what reads their logs, each ended after its test. */
export interface LogBench {
  later(undo: () => Promise<unknown> | unknown): void;
  cleanUp(): Promise<void>;
  simulated(
    dlms?: DlmsOptions,
    more?: { readonly faults?: readonly Fault[]; readonly firmware?: string },
  ): Promise<SimulatedMeter>;
  open(meter: SimulatedMeter, dlms?: Partial<DlmsAccess>): Meter;
}

const PUBLIC: DlmsAccess = { link: 'auto', clientSap: 16, serverSap: 1, deviationSign: 'standard' };

export function createLogBench(): LogBench {
  const undos: (() => Promise<unknown> | unknown)[] = [];
  const later = (undo: () => Promise<unknown> | unknown): void => void undos.push(undo);
  return {
    later,
    async cleanUp() {
      for (const undo of undos.splice(0).reverse()) await undo();
    },
    async simulated(dlms = {}, { faults = [], firmware = '4.6.0' } = {}) {
      const stateFolder = await mkdtemp(join(tmpdir(), 'meterwright-logs-'));
      later(() => rm(stateFolder, { recursive: true, force: true, maxRetries: 3 }));
      const meter = await startSimulatedMeter({
        name: 'Feeder 12',
        serial: 'SN-00012',
        firmware: firmwareVersion(firmware),
        shipped: firmwareVersion(firmware),
        featureSet: 'advanced',
        stateFolder,
        seed: 12,
        ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
        applySeconds: 0,
        faults,
        dlms: { blockLatencyMs: 0, loadCurveRows: 3000, ...dlms },
      });
      later(() => meter.stop());
      return meter;
    },
    open({ address }, dlms = {}) {
      const { modbus, sftp } = address.ports;
      const meter = openMeter({
        address: {
          host: address.host,
          ports: { modbus, sftp, dlms: address.ports.dlms, bacnet: 1 },
          unit: 255,
          timeoutMs: 5000,
        },
        hostKeys: { lookup: async () => undefined, pin: async () => undefined },
        dlms: { ...PUBLIC, ...dlms },
      });
      later(() => meter.close());
      return meter;
    },
  };
}

/** The value, or an error that shows the problem. */
export function granted<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.problem));
}

/** The recorder of a name, as the meter lists it. */
export async function recorderNamed(logs: MeterLogs, name: string): Promise<MeterRecorder> {
  const found = granted(await logs.recorders()).find((recorder) => recorder.name === name);
  if (found === undefined) throw new Error(`no recorder ${name}`);
  return found;
}

/** Faults for the next connections of a meter, through its control address. */
export async function arm({ address }: SimulatedMeter, ...faults: readonly object[]): Promise<void> {
  const answer = await fetch(new URL('fault', address.control), { method: 'POST', body: JSON.stringify(faults) });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Ends all faults of a meter. */
export async function clear({ address }: SimulatedMeter): Promise<void> {
  const answer = await fetch(new URL('fault', address.control), {
    method: 'POST',
    body: JSON.stringify({ kind: 'clear' }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Collects rows. */
export function collector(): { readonly rows: LogRow[]; take(rows: readonly LogRow[]): void } {
  const rows: LogRow[] = [];
  return { rows, take: (some) => void rows.push(...some) };
}
