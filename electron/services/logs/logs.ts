import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { saveLog } from '../../backup/logs/save.ts';
import { withSources } from '../../backup/logs/sources.ts';
import type { LogSidecar } from '../../backup/logs/types.ts';
import type { WrittenLog } from '../../backup/logs/writer.ts';

import type { LogReadOptions, MeterLogs, MeterRecorder } from '../../meter/logs/types.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';
import { recorderSources } from '../settings/recorder-sources.ts';
import { mayWriteLog, writeWhole } from './files.ts';

export interface ReadLogOptions extends LogReadOptions {
  /** File to write, ending in `.csv`; its description goes beside it. */
  readonly out: string;
  /** Whether files of these names may be replaced; else `logs/file-exists`. */
  readonly overwrite?: boolean;
}

/** The logs that a meter exports now, with the times of their first and last rows, and the number of sources that each does not export. */
export function listLogs(
  house: House,
  access: Access,
  signal?: AbortSignal,
): Promise<Result<readonly MeterRecorder[]>> {
  return withMeter(house, access, async (meter) => {
    const listed = await meter.withLogs((logs) => logs.recorders({ times: true }), signal);
    if (!listed.ok || listed.value.length === 0) return listed;
    const sources = await recorderSources(house, meter, signal);
    return ok(listed.value.map((recorder) => withSources(recorder, sources)));
  });
}

/**
 * Reads a log, named by its id or its name, into a file. It is written under a name that ends in `.partial.csv` and gets its own when it is whole; a read
 * that fails or is stopped leaves no file and what was there untouched.
 */
export async function readLog(
  house: House,
  access: Access,
  recorder: string,
  options: ReadLogOptions,
): Promise<Result<WrittenLog>> {
  const { out, overwrite = false, ...reading } = options;
  if (!/\.csv$/i.test(out)) return fail(notCsv(out));
  const free = await mayWriteLog(out, overwrite);
  if (!free.ok) return free;
  return withMeter(house, access, async (meter) => {
    // Who the meter is belongs to the file; a meter that is reached over DLMS only still gives its log.
    const identity = await meter.identify(options.signal);
    if (!identity.ok && identity.problem.code === 'aborted') return identity;
    const who: LogSidecar['meter'] = identity.ok
      ? {
          serial: identity.value.serial,
          firmware: identity.value.firmware === null ? null : formatFirmware(identity.value.firmware),
          simulated: identity.value.simulated,
        }
      : { serial: null, firmware: null, simulated: false };
    const sources = identity.ok
      ? await recorderSources(house, meter, options.signal)
      : { because: identity.problem.because };
    return writeWhole(out, (csv) =>
      meter.withLogs(async (logs) => {
        const found = await findRecorder(logs, recorder);
        if (!found.ok) return found;
        return saveLog(logs, withSources(found.value, sources), { ...reading, csv, meter: who, now: house.now });
      }, options.signal),
    );
  });
}

/** By id, else by name; a name that two recorders have names none. */
async function findRecorder(logs: MeterLogs, wanted: string): Promise<Result<MeterRecorder>> {
  const recorders = await logs.recorders();
  if (!recorders.ok) return recorders;
  const byId = recorders.value.find(({ id }) => id === wanted);
  if (byId !== undefined) return ok(byId);
  const named = recorders.value.filter(({ name }) => name?.toLowerCase() === wanted.toLowerCase());
  const [only] = named;
  if (only !== undefined && named.length === 1) return ok(only);
  const known = recorders.value.map(({ id, name }) => (name === null ? id : `${id} (${name})`)).join(', ');
  return fail({
    code: 'logs/no-such-recorder',
    title: named.length > 1 ? 'Several recorders have this name' : 'The meter has no such recorder',
    because: known === '' ? 'It exports no recorder over DLMS.' : `It exports: ${known}.`,
    nextStep: 'Name the recorder by its id; see logs list.',
    details: { recorder: wanted.slice(0, 200) },
  });
}

function notCsv(out: string): Problem {
  return fail({
    code: 'logs/bad-name',
    title: 'The name of the file has to end in .csv',
    because: `${out.slice(0, 200)} does not; the description of the log lies beside it under the same name with .json.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Give a name that ends in .csv.',
  }).problem;
}
