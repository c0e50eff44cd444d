import {
  atLeast,
  type FirmwareVersion,
  firmwareVersion,
  formatFirmwareLong,
} from '../../shared/domain/firmware-version.ts';
import type { MeterClock } from '../clock.ts';
import type { Recorder } from '../recorders/types.ts';
import type { Store } from '../state.ts';
import type { DlmsOptions } from '../types.ts';
import type { Users } from '../users.ts';
import { createObjects } from './objects.ts';
import { createDlmsServer, type DlmsServer } from './server.ts';

/** Source: technical note 7EN22-0123 "DLMS/COSEM and ION technology". */
const DLMS_SINCE = firmwareVersion('2.1.0');
/** Logs come faster from this firmware on (release notes 7EN12-0483-00); by how much is simulated. */
const FASTER_LOGS_SINCE = firmwareVersion('4.6.0');
const BLOCK_LATENCY_MS = { before: 6, since: 2 } as const;
/** The secret of the DLMS client that may set the clock. Public by design: it opens simulations only. */
const SECRET = '00000000';

export interface DlmsFaceParts {
  readonly options: DlmsOptions;
  readonly store: Store;
  readonly clock: MeterClock;
  readonly users: Users;
  readonly recorders: () => readonly Recorder[];
  /** As the meter shows it now. */
  readonly serial: () => string;
  failed(thrown: unknown): void;
}

/** Whether a firmware speaks DLMS. */
export function hasDlms(firmware: FirmwareVersion): boolean {
  return atLeast(firmware, DLMS_SINCE);
}

/** The meter as its DLMS clients see it: identity, clock and recorders. */
export function createDlmsFace({ options, store, clock, users, recorders, serial, failed }: DlmsFaceParts): DlmsServer {
  const latency = (): number => BLOCK_LATENCY_MS[atLeast(store.firmware, FASTER_LOGS_SINCE) ? 'since' : 'before'];
  return createDlmsServer({
    find: createObjects({
      serial,
      firmware: () => formatFirmwareLong(store.firmware),
      recorders,
      clock: clock.now,
      async setClock(at) {
        await clock.set(at);
        await store.log('clock-set', 'The clock was set over DLMS.');
      },
    }),
    login: (secret) => users.loginWithSecret('DLMS client 1', secret === SECRET, 'dlms'),
    blockLatencyMs: () => options.blockLatencyMs ?? latency(),
    failed,
  });
}
