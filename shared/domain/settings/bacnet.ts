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
