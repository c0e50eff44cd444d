import { atLeast, type FirmwareVersion, firmwareVersion, formatFirmware } from '../firmware-version.ts';
import type { GateVerdict } from '../gate.ts';
import {
  type BacnetSettings,
  DEFAULT_BACNET_PORT,
  defaultDeviceId,
  ipv4Of,
  LARGEST_DEVICE_ID,
  LONGEST_DEVICE_NAME,
} from './bacnet.ts';
import type { RuleId, RuleRow } from './rule-row.ts';

/** Whether another device answered to a Device ID; why that is not known, where somebody asked in vain; null when nobody asked. */
export type DeviceIdTaken = boolean | { readonly unknown: string } | null;

/** What is known of the meter and its network. */
export interface BacnetFacts {
  readonly firmware: FirmwareVersion;
  /** MAC address of the meter as people write it; null when it is not known. */
  readonly mac: string | null;
  readonly deviceIdTaken: DeviceIdTaken;
  /** The settings as they are now, as far as they could be read. */
  readonly before: Partial<BacnetSettings>;
}

type Said = readonly [GateVerdict, string];

const BACNET_SINCE = firmwareVersion('4.6.0');

/** BACnet/IP settings as a whole, rule by rule. Fields are the keys of {@link BacnetSettings}. */
export function checkBacnet(settings: BacnetSettings, facts: BacnetFacts): readonly RuleRow[] {
  const { deviceId, deviceMode, bbmdAddress, bbmdPort, ethernetDeviceName } = settings;
  const inRange = isDeviceId(deviceId);
  return [
    row('enabled', 'firmware', '4.6.0 or newer', saysFirmware(facts.firmware)),
    row('enabled', 'enable', '', saysEnabled(settings.enabled)),
    row('deviceId', 'device-id-range', `0 to ${LARGEST_DEVICE_ID}`, saysDeviceId(deviceId)),
    // Whether a number is taken or comes from the MAC is of no interest while it is no Device ID.
    ...(inRange
      ? [
          row('deviceId', 'device-id-default', '', saysDefault(deviceId, facts.mac)),
          row('deviceId', 'device-id-unique', '', saysUnique(deviceId, facts.deviceIdTaken)),
        ]
      : []),
    row('bbmdAddress', 'bbmd-needed', '', saysBbmdNeeded(deviceMode, bbmdAddress)),
    ...(bbmdAddress === null ? [] : [row('bbmdAddress', 'bbmd-address', 'IPv4', saysAddress(bbmdAddress))]),
    row('bbmdPort', 'bbmd-port', '1 to 65535', saysPort(bbmdPort)),
    row(
      'ethernetDeviceName',
      'device-name-length',
      `1 to ${LONGEST_DEVICE_NAME} characters`,
      saysLength(ethernetDeviceName),
    ),
    row('ethernetDeviceName', 'device-name-characters', 'letters, digits, hyphen', saysCharacters(ethernetDeviceName)),
    row(
      'ethernetDeviceName',
      'device-name-shared',
      '',
      saysShared(ethernetDeviceName, facts.before.ethernetDeviceName),
    ),
  ];
}

function row(field: keyof BacnetSettings, rule: RuleId, limit: string, [verdict, because]: Said): RuleRow {
  return { field, rule, verdict, because, limit };
}

function saysFirmware(firmware: FirmwareVersion): Said {
  return atLeast(firmware, BACNET_SINCE)
    ? ['pass', 'The meter has BACnet/IP.']
    : ['block', `Firmware ${formatFirmware(firmware)} has no BACnet/IP; it comes with 4.6.0.`];
}

function saysEnabled(enabled: boolean): Said {
  return enabled
    ? [
        'warn',
        'BACnet/IP has neither login nor encryption: let only the building network reach UDP 47808 of the meter.',
      ]
    : ['pass', 'BACnet/IP is off; the other settings take effect when it is switched on.'];
}

function isDeviceId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= LARGEST_DEVICE_ID;
}

function saysDeviceId(id: number): Said {
  if (isDeviceId(id)) return ['pass', `${id} is a Device ID.`];
  return id === LARGEST_DEVICE_ID + 1
    ? ['block', `${id} can be stored, but it means that the device is not set up.`]
    : ['block', `A Device ID is a whole number from 0 to ${LARGEST_DEVICE_ID}.`];
}

function saysDefault(id: number, mac: string | null): Said {
  const own = mac === null ? undefined : defaultDeviceId(mac);
  if (own?.ok !== true) {
    return ['unknown', 'The MAC address is not known, so whether this is the Device ID from the factory is not known.'];
  }
  return own.value === id
    ? [
        'warn',
        'This is the Device ID from the factory, which gives a part of the MAC address away; the vendor advises to change it.',
      ]
    : ['pass', `The Device ID from the factory would be ${own.value}.`];
}

function saysUnique(id: number, taken: DeviceIdTaken): Said {
  if (taken === null) return ['unknown', `Nobody has asked yet whether another device has the Device ID ${id}.`];
  if (typeof taken === 'object') {
    return ['unknown', `Whether another device has the Device ID ${id} could not be found out: ${taken.unknown}`];
  }
  return taken
    ? ['block', `Another device on the network answers to the Device ID ${id}.`]
    : ['pass', `No other device that could be reached answers to the Device ID ${id}.`];
}

function saysBbmdNeeded(mode: BacnetSettings['deviceMode'], address: string | null): Said {
  if (mode === 'normal') {
    return [
      'pass',
      address === null ? 'In mode Normal no BBMD is used.' : 'In mode Normal the BBMD address is not used.',
    ];
  }
  return address === null
    ? ['block', 'In mode Foreign the meter registers with a BBMD, so it needs the address of one.']
    : ['pass', 'The meter registers with this BBMD.'];
}

function saysAddress(address: string): Said {
  const parts = ipv4Of(address);
  if (parts === undefined) return ['block', 'The address of a BBMD is written like 192.0.2.10.'];
  const [first] = parts;
  return first === 0 || first === 127 || first >= 224
    ? ['block', `${address} is not the address of a device.`]
    : ['pass', `${address} can be the address of a BBMD.`];
}

function saysPort(port: number | null): Said {
  if (port === null) return ['pass', `Left empty, the port is ${DEFAULT_BACNET_PORT}.`];
  return Number.isInteger(port) && port >= 1 && port <= 65_535
    ? ['pass', port === DEFAULT_BACNET_PORT ? 'This is the usual port.' : `The BBMD has to listen on port ${port}.`]
    : ['block', 'A port is a whole number from 1 to 65535.'];
}

/** Counted in code points: no document says whether the meter counts characters or bytes, and with ASCII both are the same. */
function saysLength(name: string): Said {
  const { length } = [...name];
  if (name.trim() === '') return ['block', 'The name must not be empty.'];
  return length <= LONGEST_DEVICE_NAME
    ? ['pass', `The name has ${length} of ${LONGEST_DEVICE_NAME} characters.`]
    : ['block', `The name has ${length} characters; the meter takes ${LONGEST_DEVICE_NAME}.`];
}

function saysCharacters(name: string): Said {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return ['block', 'The name has characters that cannot be seen.'];
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)
    ? ['pass', 'The name is also valid for DNS.']
    : ['warn', 'DNS allows letters, digits and hyphens between them; the meter is not found there under another name.'];
}

function saysShared(name: string, before: string | undefined): Said {
  if (name === before) return ['pass', 'The name stays as it is.'];
  return [
    'warn',
    'The name is also used for DHCP, DNS and DPWS: whoever finds the meter by its old name will not find it any more.',
  ];
}
