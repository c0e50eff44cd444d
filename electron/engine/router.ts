import { lazy, type Router } from '@orpc/server';
import type { contract } from '../../shared/contract/index.ts';
import type { EngineParts } from './parts.ts';
import { createFeedsRouter } from './routers/feeds.ts';

/**
 * Every call of the contract, bound to the services; inputs and outputs are checked against it. What the first picture of a page asks for is
 * ready; every other room comes with its first call, so that the page does not wait for its program and its part of the contract.
 */
export function createRouter(parts: EngineParts): Router<typeof contract, Record<never, never>> {
  const meters = once(async () => (await import('./routers/meter.ts')).createMeterRouter(parts));
  const records = once(async () => (await import('./routers/record.ts')).createRecordRouter(parts));
  const passwords = once(async () => (await import('./routers/password.ts')).createPasswordRouter(parts));
  const settings = once(async () => (await import('./routers/settings.ts')).createSettingsRouter(parts));
  const clocks = once(async () => (await import('./routers/clock.ts')).createClockRouter(parts));

  return {
    feeds: createFeedsRouter(parts),

    credentials: lazy(async () => ({ default: (await meters()).credentials })),
    meters: lazy(async () => ({ default: (await meters()).meters })),
    hostKeys: lazy(async () => ({ default: (await meters()).hostKeys })),
    checks: lazy(async () => ({ default: (await meters()).checks })),
    upgrades: lazy(async () => ({ default: (await meters()).upgrades })),
    jobs: lazy(async () => ({ default: (await meters()).jobs })),
    practice: lazy(async () => ({ default: (await meters()).practice })),

    packages: lazy(async () => ({ default: (await records()).packages })),
    resources: lazy(async () => ({ default: (await records()).resources })),
    backups: lazy(async () => ({ default: (await records()).backups })),
    logs: lazy(async () => ({ default: (await records()).logs })),
    waveforms: lazy(async () => ({ default: (await records()).waveforms })),

    maps: lazy(async () => ({ default: (await settings()).maps })),
    configure: lazy(async () => ({ default: (await settings()).configure })),
    templates: lazy(async () => ({ default: (await settings()).templates })),
    clock: lazy(async () => ({ default: (await clocks()).clock })),
    bacnet: lazy(async () => ({ default: (await clocks()).bacnet })),
    passwords: lazy(async () => ({ default: (await passwords()).passwords })),
  };
}

/** Loads at the first call, and never again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
