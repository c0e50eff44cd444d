import { create } from 'zustand';
import type { LogReadEvent } from '../../../shared/contract/logs.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { LogReadout, RecorderInfo } from '../../../shared/domain/log.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { engine } from '../../engine/client.ts';
import { ask, BUSY, IDLE, type Load, loaded, lost } from '../ask.ts';

/** How the association with a meter is made, as a person entered it. */
export interface Association {
  readonly clientSap: number;
  readonly serverSap: number;
  readonly password?: string;
}

/** A log that is being read from a meter, or was. */
export type LogReading =
  | { readonly state: 'busy'; readonly recorder: RecorderInfo; readonly progress: Progress | null }
  | {
      readonly state: 'read';
      readonly recorder: RecorderInfo;
      readonly file: string;
      readonly rows: number;
      readonly readout: LogReadout;
    }
  | { readonly state: 'stopped'; readonly recorder: RecorderInfo }
  | { readonly state: 'failed'; readonly recorder: RecorderInfo; readonly problem: Problem };
type Progress = Extract<LogReadEvent, { type: 'progress' }>['progress'];

interface Live {
  readonly list: Load<readonly RecorderInfo[]>;
  readonly reading: LogReading | null;
}

const NOTHING: Live = { list: IDLE, reading: null };

/** What is asked of meters now, by id of the meter: it goes on while the person looks at something else. */
const useLive = create<{ readonly meters: ReadonlyMap<string, Live> }>(() => ({ meters: new Map() }));
const stops = new Map<string, AbortController>();

export function useLiveOf(id: string): Live {
  return useLive(({ meters }) => meters.get(id) ?? NOTHING);
}

/** Asks a meter which logs it exports. One question at a time for each meter. */
export async function askForLogs({ id, address }: ListedMeter, said: Association | null): Promise<void> {
  if (stops.has(id)) return;
  const stop = new AbortController();
  stops.set(id, stop);
  put(id, { list: BUSY, reading: null });
  const found = await ask(() =>
    engine.logs.onMeter({ address, ...(said === null ? {} : { dlms: said }) }, { signal: stop.signal }),
  );
  stops.delete(id);
  put(id, { list: stop.signal.aborted ? IDLE : loaded(found) });
}

/** Reads a log from a meter to its end, or until it is stopped. */
export async function readNow(
  { id, address }: ListedMeter,
  recorder: RecorderInfo,
  said: Association | null,
): Promise<void> {
  if (stops.has(id)) return;
  const stop = new AbortController();
  stops.set(id, stop);
  put(id, { reading: { state: 'busy', recorder, progress: null } });
  try {
    const input = { address, recorder: recorder.id, ...(said === null ? {} : { dlms: said }) };
    for await (const event of await engine.logs.read(input, { signal: stop.signal })) {
      if (event.type === 'progress') put(id, { reading: { state: 'busy', recorder, progress: event.progress } });
      else if (event.type === 'failed') put(id, { reading: { state: 'failed', recorder, problem: event.problem } });
      else put(id, { reading: { state: 'read', recorder, ...event.result } });
    }
    if (stop.signal.aborted) put(id, { reading: { state: 'stopped', recorder } });
  } catch (thrown) {
    const problem = lost(thrown);
    put(id, { reading: stop.signal.aborted ? { state: 'stopped', recorder } : { state: 'failed', recorder, problem } });
  }
  stops.delete(id);
}

/** Ends what is asked of a meter. What was read so far of a log is not kept. */
export function stopLive(id: string): void {
  stops.get(id)?.abort(new Error('A person stopped it.'));
}

function put(id: string, part: Partial<Live>): void {
  useLive.setState(({ meters }) => ({ meters: new Map(meters).set(id, { ...(meters.get(id) ?? NOTHING), ...part }) }));
}
