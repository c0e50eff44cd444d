import { isDeepStrictEqual } from 'node:util';
import type { MeterClock } from '../clock.ts';
import type { SettingChange } from '../modbus/row.ts';
import type { MeterState, Store } from '../state.ts';
import { USER_NAMES } from '../users.ts';
import { FACTORY_RECORDERS, recorderAt, withRecorder } from './recorder-setup.ts';
import { changedRecorders, settingsProblem } from './rules.ts';
import { BACNET_PORT, COMPLEXITY, DEVICE_MODE, RIGHT_BITS, type Settings } from './types.ts';

/** Organisation of the meter's MAC address. Source: the example of the vendor's BACnet/IP settings page. */
const MAC_PREFIX = '006078';
/** The rest of the MAC address of the meter with the seed 0. */
const FIRST_MAC = 0x17_0000;

/** Source: ION Reference, Security User module. */
const DEFAULT_RIGHTS = RIGHT_BITS.read | RIGHT_BITS.peakDemandReset | RIGHT_BITS.timeSync | RIGHT_BITS.fullMeterConfig;
/** USER1 sets up the others. Provenance: simulated. */
const FIRST_USER_RIGHTS = DEFAULT_RIGHTS | RIGHT_BITS.securityConfig | RIGHT_BITS.commConfig;

/** MAC address of a simulated meter, twelve hexadecimal digits: meters with different seeds (modulo 2^24) have different ones. */
export function macOf(seed: number): string {
  const own = (((FIRST_MAC + seed) % 0x100_0000) + 0x100_0000) % 0x100_0000;
  return `${MAC_PREFIX}${own.toString(16).padStart(6, '0').toUpperCase()}`;
}

/**
 * What a meter is set to when it leaves the factory: BACnet off, its Device ID the last five and its name the last six digits of the MAC address
 * (source: vendor's BACnet/IP settings page).
 */
export function defaultSettings({ seed }: Pick<MeterState, 'seed'>): Settings {
  const mac = macOf(seed);
  return {
    bacnet: {
      enabled: false,
      deviceId: Number.parseInt(mac.slice(-5), 16),
      mode: DEVICE_MODE.normal,
      bbmdAddress: 0,
      bbmdPort: BACNET_PORT,
    },
    deviceName: `ION7400-${mac.slice(-6)}`,
    security: { complexity: COMPLEXITY.none, minimumLength: 1 },
    rights: USER_NAMES.map((_, index) => (index === 0 ? FIRST_USER_RIGHTS : DEFAULT_RIGHTS)),
    recorders: [...FACTORY_RECORDERS],
    modbusPort: 0,
  };
}

/** What of the settings changed, so that the meter can act on it. */
export interface Applied {
  readonly bacnet: boolean;
  readonly modbusPort: boolean;
}

/** The settings of a meter, kept in its state. */
export interface SettingsBox {
  readonly current: Settings;
  /**
   * Makes changes that came together, or none: undefined when the meter does not take the result. A changed recorder loses its log, and the event log
   * says what was changed. They hold at once; `stored` settles when they are on disk.
   */
  apply(
    changes: readonly Extract<SettingChange, { setting: 'settings' }>[],
  ): { readonly applied: Applied; readonly stored: Promise<void> } | undefined;
}

export function createSettings(store: Store, clock: MeterClock): SettingsBox {
  const fallback = defaultSettings(store.state);
  const current = (): Settings => store.state.settings ?? fallback;

  return {
    get current() {
      return current();
    },
    apply(changes) {
      const before = current();
      let after = before;
      for (const change of changes) after = change.apply(after);
      const kind = { firmware: store.firmware, featureSet: store.state.featureSet };
      if (settingsProblem(before, after, kind) !== undefined) return undefined;
      const erased = changedRecorders(before, after);
      for (const number of erased) {
        after = withRecorder(after, number, { ...recorderAt(after, number), since: clock.now() });
      }
      const applied = {
        bacnet: !isDeepStrictEqual(before.bacnet, after.bacnet) || before.deviceName !== after.deviceName,
        modbusPort: before.modbusPort !== after.modbusPort,
      };
      if (isDeepStrictEqual(before, after)) return { applied, stored: Promise.resolve() };
      const stored = store.log('setup-change', changeText(before, after, erased), { settings: after });
      return { applied, stored };
    },
  };
}

function changeText(before: Settings, after: Settings, erased: readonly number[]): string {
  const areas = [
    ...(isDeepStrictEqual(before.bacnet, after.bacnet) ? [] : ['BACnet/IP']),
    ...(before.deviceName === after.deviceName ? [] : ['Ethernet Device Name']),
    ...(isDeepStrictEqual(before.security, after.security) ? [] : ['Security']),
    ...(isDeepStrictEqual(before.rights, after.rights) ? [] : ['User rights']),
    ...(before.modbusPort === after.modbusPort ? [] : ['Modbus TCP port']),
    ...erased.map((number) => `Data Recorder ${number} (its log was erased)`),
  ];
  return `Setup changed over Modbus: ${areas.join(', ')}.`;
}
