import { join } from 'node:path';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { logFileName } from '../../backup/logs/in-bag.ts';
import type { LogSidecar } from '../../backup/logs/types.ts';
import type { LogReadOptions, MeterRecorder } from '../../meter/logs/types.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';
import { folderOf } from './library.ts';
import { listLogs, readLog } from './logs.ts';

/** The logs that a meter exports, with the times of their first and last rows; without what only reading them needs. */
export async function logsOnMeter(house: House, access: Access, signal?: AbortSignal): Promise<Result<RecorderInfo[]>> {
  const found = await listLogs(house, access, signal);
  return found.ok ? ok(found.value.map(infoOf)) : found;
}

/** A log in the data folder, and what its sidecar says. */
export interface KeptReadout {
  readonly file: string;
  readonly sidecar: LogSidecar;
}

/**
 * Reads a log from a meter to `logs/<serial number>/<code>_<time>.csv` in the data folder, with its sidecar; one that fails or is stopped leaves nothing.
 * Who the meter is is asked over Modbus first, because a log belongs to a serial number.
 */
export async function readIntoHome(
  house: House,
  access: Access,
  recorder: string,
  options: Pick<LogReadOptions, 'signal' | 'onProgress'>,
): Promise<Result<KeptReadout>> {
  const who = await withMeter(house, access, (meter) => meter.identify(options.signal));
  if (!who.ok) return who;
  const stamp = house.now().toISOString().replace(/[:.]/g, '-');
  const file = join(house.paths.logs, folderOf(who.value.serial ?? ''), `${logFileName(recorder)}_${stamp}.csv`);
  const read = await readLog(house, access, recorder, { ...options, out: file });
  return read.ok ? ok({ file, sidecar: read.value.sidecar }) : read;
}

function infoOf({ shape: _forReading, ...recorder }: MeterRecorder): RecorderInfo {
  return recorder;
}
