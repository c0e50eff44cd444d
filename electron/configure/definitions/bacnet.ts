import { DEVICE_MODES } from '../../../shared/domain/settings/bacnet.ts';
import type { SettingDefinition } from '../types.ts';
import { choice, ipv4, oneRow, plainText, wholeNumber, yesNo } from './coding.ts';

const area = 'bacnet';
const label = (id: string): string => `setting.bacnet.${id}`;

/**
 * BACnet/IP, in the order in which it is written: the device gets its identity before it is switched on. Names of the settings: ION7400 user
 * manual, BACnet/IP settings.
 */
export const bacnetSettings: readonly SettingDefinition[] = [
  oneRow({ id: 'deviceId', area, label: label('deviceId'), row: 'BACnet Device ID', coding: wholeNumber }),
  // The meter refuses Foreign mode without an address, so the address comes first.
  oneRow({ id: 'bbmdAddress', area, label: label('bbmdAddress'), row: 'BACnet BBMD Address', coding: ipv4 }),
  oneRow({ id: 'bbmdPort', area, label: label('bbmdPort'), row: 'BACnet BBMD Port', coding: wholeNumber }),
  oneRow({
    id: 'deviceMode',
    area,
    label: label('deviceMode'),
    row: 'BACnet Device Mode',
    coding: choice(DEVICE_MODES),
  }),
  oneRow({
    id: 'ethernetDeviceName',
    area,
    label: label('ethernetDeviceName'),
    row: 'Ethernet Device Name',
    coding: plainText,
    // It is the name for DHCP and DNS too: a meter that is reached by its name may be gone. Source: ION7400 user manual, BACnet/IP settings.
    mayCutConnection: true,
  }),
  oneRow({ id: 'enabled', area, label: label('enabled'), row: 'BACnet Enable', coding: yesNo }),
];
