import type { z } from 'zod';
import { create } from 'zustand';
import type { DlmsRequest, knownDlmsSchema } from '../../../../shared/contract/dlms.ts';
import type { LogReadEvent, LogToRead } from '../../../../shared/contract/logs.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { RecorderInfo } from '../../../../shared/domain/log.ts';
import { engine } from '../../../engine/client.ts';
import { ask, askPlain, BUSY, IDLE, type Load, loaded, lost } from '../../ask.ts';

type KnownDlms = z.infer<typeof knownDlmsSchema>;

interface Live {
  readonly list: Load<readonly RecorderInfo[]>;
  /** The newest word of the engine on the read that is under way, or on how the last one ended. */
  readonly reading: LogReadEvent | null;
  /** The association that the meter took; null is the public client. */
  readonly known: KnownDlms | null;
}

const NOTHING: Live = { list: IDLE, reading: null, known: null };

/** What is asked of meters now, by id of the meter. Reads belong to the engine: here is only what it told of them. */
const useLive = create<{ readonly meters: ReadonlyMap<string, Live> }>(() => ({ meters: new Map() }));
const questions = new Map<string, AbortController>();
/** Meters whose read this page listens to. */
const listening = new Set<string>();

export function useLiveOf(id: string): Live {
  return useLive(({ meters }) => meters.get(id) ?? NOTHING);
}

/** Asks a meter which logs it exports, and answers whether it told. One question at a time for each meter, and none while one of its logs is read. */
export async function askForLogs(meter: ListedMeter, said: DlmsRequest | null): Promise<boolean> {
  const { id, address } = meter;
  if (questions.has(id) || isReading(id)) return false;
  const stop = new AbortController();
  questions.set(id, stop);
  put(id, { list: BUSY, reading: null });
  const found = await ask(() =>
    engine.logs.onMeter({ address, ...(said === null ? {} : { dlms: said }) }, { signal: stop.signal }),
  );
  questions.delete(id);
  put(id, { list: stop.signal.aborted ? IDLE : loaded(found) });
  await readKnown(meter);
  return found.ok;
}

/** Reads a log from a meter and follows it to its end. */
export async function readNow({ id, address }: ListedMeter, recorder: LogToRead): Promise<void> {
  if (questions.has(id) || isReading(id)) return;
  const log = { id: recorder.id, kind: recorder.kind, name: recorder.name };
  put(id, { reading: { type: 'progress', log, progress: null } });
  await listen(id, log, () => engine.logs.read({ address, log }));
}

/** Finds the read that is under way for a meter, or how the last one ended: it may have been started before this page was loaded. */
export async function findReading(meter: ListedMeter): Promise<void> {
  const { id, address } = meter;
  await readKnown(meter);
  if (useLive.getState().meters.get(id)?.reading == null) {
    await listen(id, null, () => engine.logs.follow({ address }));
  }
}

/** Ends what is asked of a meter. What was read so far of a log is not kept. */
export async function stopLive({ id, address }: ListedMeter): Promise<void> {
  questions.get(id)?.abort(new Error('A person stopped it.'));
  const reading = useLive.getState().meters.get(id)?.reading;
  if (reading?.type !== 'progress') return;
  try {
    await engine.logs.stop({ address });
  } catch (thrown) {
    put(id, { reading: { type: 'failed', log: reading.log, problem: lost(thrown) } });
  }
}

async function readKnown({ id, address }: ListedMeter): Promise<void> {
  const door = { host: address.host, port: address.ports.dlms };
  const found = await askPlain(() => engine.credentials.knownDlms(door));
  if (found.ok) put(id, { known: found.value });
}

/** @param wanted the log that is read; null where only the engine knows whether one is */
async function listen(
  id: string,
  wanted: LogToRead | null,
  open: () => ReturnType<typeof engine.logs.read>,
): Promise<void> {
  if (listening.has(id)) return;
  listening.add(id);
  let log = wanted;
  try {
    for await (const event of await open()) {
      ({ log } = event);
      put(id, { reading: event });
    }
  } catch (thrown) {
    if (log !== null) put(id, { reading: { type: 'failed', log, problem: lost(thrown) } });
  } finally {
    listening.delete(id);
  }
}

function isReading(id: string): boolean {
  return useLive.getState().meters.get(id)?.reading?.type === 'progress';
}

function put(id: string, part: Partial<Live>): void {
  useLive.setState(({ meters }) => ({ meters: new Map(meters).set(id, { ...(meters.get(id) ?? NOTHING), ...part }) }));
}
