import type { SettingArea } from '../../../shared/domain/change.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { confirmBindings } from '../../configure/bindings.ts';
import { readSetupArea, type SetupArea } from '../../configure/read.ts';
import type { Bindings } from '../../configure/types.ts';
import type { SiteMap } from '../../meter/site-map/types.ts';
import type { Meter } from '../../meter/types.ts';
import type { House } from '../house.ts';
import { confirmedBindings } from './site-maps.ts';

export interface SetupReadingOptions {
  readonly signal: AbortSignal | undefined;
  /** As if a person had confirmed the rows of the area: what would be written then. */
  readonly assumeConfirmed?: boolean | undefined;
}

/** Reads an area of the settings of a meter that is open, over the map of its firmware. Only reads; waits until no other operation of the meter is under way. */
export async function readSetupOf(
  house: House,
  meter: Meter,
  area: Exclude<SettingArea, 'clock'>,
  { signal, assumeConfirmed = false }: SetupReadingOptions,
): Promise<Result<SetupArea>> {
  const identity = await meter.identify(signal);
  if (!identity.ok) return identity;
  const stored = await confirmedBindings(house, identity.value);
  const bindings = (map: SiteMap): Bindings =>
    assumeConfirmed ? confirmBindings(map, stored(map), { area, by: '', at: house.now() }) : stored(map);
  return readSetupArea(meter, area, { bindingsOf: bindings, now: house.now, signal });
}
