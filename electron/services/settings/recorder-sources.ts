import type { Setting } from '../../../shared/domain/change.ts';
import type { RecorderSources } from '../../backup/logs/sources.ts';
import type { Meter } from '../../meter/types.ts';
import type { House } from '../house.ts';
import { readSetupOf } from './setup-reading.ts';

/**
 * Reads how many sources each data recorder has out of the setup registers. That takes the vendor's Modbus map of this firmware; without it, or where the meter does
 * not answer, the reason is told instead. Not to be called while another operation of the meter is under way: it waits for its turn.
 */
export async function recorderSources(
  house: House,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<RecorderSources> {
  const read = await readSetupOf(house, meter, 'recorders', { signal });
  if (!read.ok) return { because: read.problem.because };
  const { trouble, settings } = read.value.reading;
  return trouble === null ? countsIn(settings) : { because: trouble.because };
}

/** Sources by label; a label that two recorders have joins nothing, and neither does a recorder whose sources could not be read. */
export function countsIn(settings: readonly Setting[]): RecorderSources {
  const value = (id: string): Setting | undefined => settings.find((setting) => setting.id === id);
  const counts = new Map<string, number>();
  const twice = new Set<string>();
  let because: string | undefined;
  for (const { id, value: label } of settings) {
    if (!id.endsWith('.name') || typeof label !== 'string' || label === '' || label === 'unread') continue;
    if (counts.has(label)) twice.add(label);
    const sources = value(id.replace(/name$/, 'sources'));
    if (typeof sources?.value === 'string' && sources.value !== 'unread') {
      counts.set(label, sources.value === '' ? 0 : sources.value.split('\n').length);
    } else because ??= sources?.because;
  }
  for (const label of twice) counts.delete(label);
  return counts.size === 0
    ? { because: because ?? 'The setup registers have no data recorder with a label.' }
    : { counts };
}
