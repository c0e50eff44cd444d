import { firmwareVersion } from '../../shared/domain/firmware-version.ts';
import { long, type MapRow, row, type SettingChange, text, word, writable } from '../modbus/row.ts';
import {
  COMPLEXITY,
  HIGHEST_DEVICE_ID,
  LONGEST_DEVICE_NAME,
  LONGEST_LOCKOUT,
  LONGEST_PASSWORD,
  type Settings,
} from './types.ts';

/** Firmware that brought BACnet/IP and password complexity. Source: release notes 7EN12-0483-00. */
const SINCE = firmwareVersion('4.6.0');
/** Time Sync Source: Ethernet. Provenance of the code: simulated. */
const SYNC_ETHERNET = 2;

type Write = (words: readonly number[]) => SettingChange | undefined;

/** A write of a number in [least, most]. */
export function number(least: number, most: number, apply: (before: Settings, value: number) => Settings): Write {
  return (words) => {
    const value = words.reduce((high, low) => high * 0x1_0000 + low, 0);
    if (value < least || value > most) return undefined;
    return { setting: 'settings', apply: (before) => apply(before, value) };
  };
}

/** Printable ASCII that NUL bytes fill up; undefined for anything else. */
export function asciiText(words: readonly number[]): string | undefined {
  const bytes = Buffer.alloc(words.length * 2);
  for (const [index, value] of words.entries()) bytes.writeUInt16BE(value, index * 2);
  const spelled = bytes.toString('latin1').replace(/\0+$/, '');
  return /^[ -~]*$/.test(spelled) ? spelled : undefined;
}

const bacnet =
  (change: (value: number) => Partial<Settings['bacnet']>) =>
  (before: Settings, value: number): Settings => ({ ...before, bacnet: { ...before.bacnet, ...change(value) } });

const security =
  (key: keyof Settings['security']) =>
  (before: Settings, value: number): Settings => ({ ...before, security: { ...before.security, [key]: value } });

const since = (added: MapRow): MapRow => ({ ...added, since: SINCE });

/** Setup registers of network, clock, BACnet/IP and security. Their registers are simulated; the settings and ranges are the vendor's. */
export const settingRows: readonly MapRow[] = [
  word('Time Sync Source', 61_030, () => SYNC_ETHERNET),
  long('IP Address', 61_040, '', ({ network }) => network.address),
  long('Subnet Mask', 61_042, '', ({ network }) => network.mask),
  long('Gateway', 61_044, '', ({ network }) => network.gateway),
  text('MAC Address', 61_046, 6, ({ network }) => network.mac),
  writable(
    word('Modbus TCP Port', 61_052, ({ network }) => network.modbusPort),
    number(1, 65_535, (before, modbusPort) => ({ ...before, modbusPort })),
  ),

  since(
    writable(
      word('BACnet Enable', 61_100, ({ settings }) => (settings.bacnet.enabled ? 1 : 0)),
      number(
        0,
        1,
        bacnet((value) => ({ enabled: value === 1 })),
      ),
    ),
  ),
  since(
    writable(
      long('BACnet Device ID', 61_101, '', ({ settings }) => settings.bacnet.deviceId),
      number(
        0,
        HIGHEST_DEVICE_ID,
        bacnet((deviceId) => ({ deviceId })),
      ),
    ),
  ),
  since(
    writable(
      word('BACnet Device Mode', 61_103, ({ settings }) => settings.bacnet.mode),
      number(
        0,
        1,
        bacnet((value) => ({ mode: value === 1 ? 1 : 0 })),
      ),
    ),
  ),
  since(
    writable(
      long('BACnet BBMD Address', 61_104, '', ({ settings }) => settings.bacnet.bbmdAddress),
      number(
        0,
        0xffff_ffff,
        bacnet((bbmdAddress) => ({ bbmdAddress })),
      ),
    ),
  ),
  since(
    writable(
      word('BACnet BBMD Port', 61_106, ({ settings }) => settings.bacnet.bbmdPort),
      number(
        1,
        65_535,
        bacnet((bbmdPort) => ({ bbmdPort })),
      ),
    ),
  ),
  since(word('BACnet Foreign Device Status', 61_107, ({ foreignStatus }) => foreignStatus)),
  since(
    writable(
      row('Ethernet Device Name', 61_108, 25, 'UTF8', '', ({ settings }) => settings.deviceName),
      (words) => {
        const deviceName = asciiText(words);
        if (deviceName === undefined || deviceName === '' || deviceName.length > LONGEST_DEVICE_NAME) return undefined;
        return { setting: 'settings', apply: (before) => ({ ...before, deviceName }) };
      },
    ),
  ),

  since(
    writable(
      word('Password Complexity', 61_200, ({ settings }) => settings.security.complexity),
      number(COMPLEXITY.none, COMPLEXITY.nerc, security('complexity')),
    ),
  ),
  since(
    writable(
      word('Password Minimum Length', 61_201, ({ settings }) => settings.security.minimumLength),
      number(1, LONGEST_PASSWORD, security('minimumLength')),
    ),
  ),
  writable(
    word('Protocol Lockout Attempts', 61_202, ({ lockout }) => lockout.attempts),
    ([attempts = 0]) => (attempts > 255 ? undefined : { setting: 'lockout', attempts }),
  ),
  writable(
    {
      ...word('Protocol Lockout Duration', 61_203, ({ lockout }) => Math.ceil(lockout.minutes)),
      unit: 'min',
    },
    ([minutes = 0]) => (minutes < 1 || minutes > LONGEST_LOCKOUT ? undefined : { setting: 'lockout', minutes }),
  ),
];
