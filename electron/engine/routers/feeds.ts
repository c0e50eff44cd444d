import { implement } from '@orpc/server';
import { feedsContract, type JobEvent, type ListedMeter } from '../../../shared/contract/feeds.ts';
import type { KnownMeter } from '../../inventory/meter-list.ts';
import { newestFirmware } from '../../meter/newest-firmware.ts';
import { conflate } from '../conflate.ts';
import type { EngineParts } from '../parts.ts';

/** Twenty batches a second are more than a person can read. */
const PAUSE_MS = 50;

/** The calls of `feeds`: what the first picture of a page is made of. */
export function createFeedsRouter({
  house,
  upgrades,
  meters,
  user,
}: Pick<EngineParts, 'house' | 'upgrades' | 'meters' | 'user'>) {
  const os = implement(feedsContract);
  const listed = (): ListedMeter[] => meters.list().map(listedMeterOf);
  return {
    about: os.about.handler(() => ({
      version: house.version,
      home: house.paths.home,
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      user,
      newestFirmware: newestFirmware(),
    })),
    meters: os.meters.handler(({ signal }) =>
      conflate<ListedMeter[]>((push) => meters.listen(() => push(listed())), {
        key: () => 'list',
        first: async () => [listed()],
        signal,
        pauseMs: PAUSE_MS,
      }),
    ),
    jobs: os.jobs.handler(({ signal }) =>
      conflate<JobEvent>((push) => upgrades.listen(push), {
        key: keyOfJobEvent,
        first: async () => [{ type: 'snapshot', jobs: [...(await upgrades.list())] }],
        signal,
        pauseMs: PAUSE_MS,
      }),
    ),
  };
}

/** A meter of the list as the page sees it. */
export function listedMeterOf({ practice: _ours, ...meter }: KnownMeter): ListedMeter {
  return { ...meter, advisories: [...meter.advisories] };
}

/** Of a job only the newest of each kind counts: a page that is slow misses steps in between, never how it stands. */
function keyOfJobEvent(event: JobEvent): string {
  switch (event.type) {
    case 'snapshot':
      return 'snapshot';
    case 'progress':
      return `progress ${event.progress.job}`;
    case 'changed':
      return `changed ${event.summary.job}`;
    case 'asks':
      return `asks ${event.job}`;
  }
}
