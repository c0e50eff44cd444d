import { fail, METER_STATE, ok, type Result } from '../problem.ts';

/** How the meter takes part in broadcasts: on its own subnet, or registered with a BBMD of another one. */
export const DEVICE_MODES = ['normal', 'foreign'] as const;
export type DeviceMode = (typeof DEVICE_MODES)[number];

/** The BACnet/IP settings that the vendor documents for the ION7400 from 4.6.0. Source: ION7400 user manual, BACnet/IP settings. */
export interface BacnetSettings {
  readonly enabled: boolean;
  /** 0 to 4194302, unique on the whole internetwork. */
  readonly deviceId: number;
  readonly deviceMode: DeviceMode;
  /** IPv4 in dotted decimal; null for none. */
  readonly bbmdAddress: string | null;
  /** UDP port of the BBMD, 1 to 65535; null is the empty field, which is 47808. */
  readonly bbmdPort: number | null;
  /** Object_Name of the Device object, up to 49 characters. The same name is used for DHCP, DNS and DPWS. */
  readonly ethernetDeviceName: string;
}

/** The largest Device ID; one more can be stored and means "not set up". Source: ION7400 user manual; ASHRAE 135, clause 12.11. */
export const LARGEST_DEVICE_ID = 4_194_302;
/** The port that an empty BBMD port means. Source: ION7400 user manual. */
export const DEFAULT_BACNET_PORT = 47_808;
/** Longest Ethernet Device Name, in characters. Source: ION7400 user manual. */
export const LONGEST_DEVICE_NAME = 49;

/**
 * The Device ID that a meter has from the factory: the last five hexadecimal digits of its MAC address, so 0 to 1048575
 * (00-60-78-17-33-93 -> 0x73393 = 471955). `bacnet/no-mac-address` for anything but twelve hexadecimal digits, alone or in pairs divided by
 * colons or hyphens. Source: ION7400 user manual, BACnet/IP settings.
 */
export function defaultDeviceId(mac: string): Result<number> {
  const digits = macDigits(mac);
  return digits.ok ? ok(Number.parseInt(digits.value.slice(-5), 16)) : digits;
}

/**
 * The Ethernet Device Name that a meter has from the factory: its type, a hyphen and the last six digits of the MAC address
 * ("ION7400-173393"). Problems as {@link defaultDeviceId}.
 */
export function defaultDeviceName(meterType: string, mac: string): Result<string> {
  const digits = macDigits(mac);
  return digits.ok ? ok(`${meterType}-${digits.value.slice(-6)}`) : digits;
}

/** Twelve digits in upper case. */
function macDigits(mac: string): Result<string> {
  const text = mac.trim();
  if (/^(?:[0-9a-f]{12}|[0-9a-f]{2}(?:(?::[0-9a-f]{2}){5}|(?:-[0-9a-f]{2}){5}))$/i.test(text)) {
    return ok(text.replace(/[:-]/g, '').toUpperCase());
  }
  return fail({
    code: 'bacnet/no-mac-address',
    title: 'This is not a MAC address',
    because: `Expected twelve hexadecimal digits like 00-60-78-17-33-93, got ${JSON.stringify(text.slice(0, 40))}.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Read the MAC address from the label of the meter or from its web pages.',
  });
}

/** Dotted decimal without leading zeros, as four numbers; undefined for anything else. */
export function ipv4Of(text: string): readonly [number, number, number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [a = '', b = '', c = '', d = ''] = match.slice(1);
  const parts = [a, b, c, d];
  if (parts.some((part) => Number(part) > 255 || String(Number(part)) !== part)) return undefined;
  return [Number(a), Number(b), Number(c), Number(d)];
}
