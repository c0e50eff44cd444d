import type { Change, SettingArea, SettingValue } from '../../shared/domain/change.ts';
import type { HandOff, HandOffStep } from '../../shared/domain/hand-off.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import { recorderOf } from '../../shared/domain/settings/desired.ts';

/** Names of the settings as ION Setup and the vendor's manuals write them. */
const NAMES: Readonly<Record<string, string>> = {
  enabled: 'Enabled',
  deviceId: 'Device ID',
  deviceMode: 'Device Mode',
  bbmdAddress: 'BBMD Address',
  bbmdPort: 'BBMD Port',
  ethernetDeviceName: 'Ethernet Device Name',
  complexity: 'Password Complexity',
  minimumLength: 'Minimum Password Length',
  name: 'Label',
  interval: 'Period of the Periodic Timer (s)',
  depth: 'Depth',
  bufferDepth: 'Buffer Depth',
  preTrigger: 'Pre-trigger Records',
  postTrigger: 'Post-trigger Records',
  insertOutageRecords: 'Insert Outage Records',
  mode: 'RecordMode',
  sources: 'Source',
};

const VALUES: Readonly<Record<string, string>> = {
  normal: 'Normal',
  foreign: 'Foreign',
  none: 'None',
  ieee1686_2013: 'IEEE 1686-2013',
  nerc_cip_007_5: 'NERC CIP-007-5',
  circular: 'Circular',
  'stop-when-full': 'Stop-when-full',
};

/**
 * The change sheet for ION Setup: numbered steps with the exact values. Menu paths are those of published vendor documents (BACnet/IP: the
 * ION7400 help on configuring it with ION Setup; security: the wizard; memory of recorders: the logging page); what no document names is said so.
 */
export function handOffFor(
  area: Exclude<SettingArea, 'clock'>,
  changes: readonly Change[],
  meter: Pick<MeterIdentity, 'name' | 'serial'>,
): HandOff {
  const which = `${meter.name ?? 'the meter'} (serial ${meter.serial ?? 'unknown'})`;
  const open: HandOffStep = { text: `Open ${which} in ION Setup and log in.`, values: [] };
  switch (area) {
    case 'bacnet':
      return { title: 'Set BACnet/IP in ION Setup', steps: [open, ...bacnetSteps(changes)], watch: BACNET_WATCH };
    case 'security':
      return { title: 'Set security in ION Setup', steps: [open, ...securitySteps(changes)], watch: SECURITY_WATCH };
    case 'recorders':
      return { title: 'Set data recorders in ION Setup', steps: [open, ...recorderSteps(changes)], watch: LOG_WATCH };
  }
}

/** The change sheet for a clock that Meterwright cannot set. Source: ION Setup's TimeSync; Siemens 9810 manual, p. 244. */
export function clockHandOff(meter: Pick<MeterIdentity, 'name' | 'serial'>): HandOff {
  return {
    title: 'Set the clock in ION Setup',
    steps: [
      { text: 'Check that the clock of the PC is right: ION Setup sends its time.', values: [] },
      {
        text: `Open ${meter.name ?? 'the meter'} (serial ${meter.serial ?? 'unknown'}) in ION Setup and log in.`,
        values: [],
      },
      {
        text: 'Check that the Time Sync Source of the Clock module names the port that ION Setup uses: times that come over another port are ignored.',
        values: [],
      },
      {
        text: 'Use TimeSync to send the time. Do not do it in the last seconds of an interval: it splits the interval.',
        values: [],
      },
    ],
    watch: 'Meterwright reads the clock again and shows its offset.',
  };
}

const BACNET_WATCH =
  'Meterwright asks the network for the Device ID and reads the name of the device over BACnet/IP; device mode and BBMD cannot be read back over an open protocol.';
const SECURITY_WATCH = 'Policy and rights cannot be read back over an open protocol of this meter.';
const LOG_WATCH =
  'The setup of recorders cannot be read back over an open protocol of this meter; the logs that it exports over DLMS show their interval, depth and columns.';

function bacnetSteps(changes: readonly Change[]): readonly HandOffStep[] {
  const enable = changes.filter(({ id }) => id === 'enabled');
  const others = changes.filter(({ id }) => id !== 'enabled');
  const settings: HandOffStep[] =
    others.length === 0
      ? []
      : [
          {
            text: 'In Setup Assistant > Communications open the BACnet/IP settings (under the third-party protocols) and enter these values. The Ethernet Device Name is also the name for DHCP, DNS and DPWS.',
            values: others.map(valueOfChange),
          },
        ];
  const [first] = enable;
  if (first === undefined) return settings;
  const protocol: HandOffStep = {
    text: 'In Setup Assistant > Communications > Advanced Ethernet > Protocols choose BACnet/IP, then Edit, and set this on the screen "BACnet/IP Protocol Settings".',
    values: [valueOfChange(first)],
  };
  // The vendor's procedure enables the protocol first.
  return [protocol, ...settings];
}

function securitySteps(changes: readonly Change[]): readonly HandOffStep[] {
  const policy = changes.filter(({ id }) => !id.endsWith('.rights'));
  const rights = changes.filter(({ id }) => id.endsWith('.rights'));
  return [
    {
      text: 'Open Setup Assistant > Security > Security Mode > Edit. Choose the .scf file that holds the present settings of this meter, not one of those that came with ION Setup.',
      values: [],
    },
    ...(policy.length === 0
      ? []
      : [
          {
            text: 'Set the password policy. It holds for new and changed passwords only: change the passwords of all users afterwards.',
            values: policy.map(valueOfChange),
          },
        ]),
    ...rights.map((change) => ({
      text: `Give ${change.id.split('.')[0] ?? ''} exactly these rights; at least one user has to keep Full Meter Config.`,
      values: [{ label: 'Rights', value: shown(change.to).split('\n').join(', ') || 'none' }],
    })),
    {
      text: 'Finish the wizard. It saves to an .scf file; save under a new name, and treat the file as a secret.',
      values: [],
    },
  ];
}

function recorderSteps(changes: readonly Change[]): readonly HandOffStep[] {
  const numbers = [...new Set(changes.flatMap(({ id }) => recorderOf(id)?.number ?? []))];
  return numbers.flatMap((number): HandOffStep[] => {
    const own = changes.filter(({ id }) => recorderOf(id)?.number === number);
    const values = own.flatMap((change) =>
      recorderOf(change.id)?.key === 'sources'
        ? shown(change.to)
            .split('\n')
            .filter((source) => source !== '')
            .map((value, index) => ({ label: `Source ${index + 1}`, value }))
        : [valueOfChange(change)],
    );
    // The label is no setup register: to change it erases nothing. Source: ION Reference, Data Recorder module.
    const erases = own.some(({ id }) => recorderOf(id)?.key !== 'name');
    return [
      ...(erases
        ? [{ text: `Make sure that the log of Data Recorder ${number} is saved: the next step erases it.`, values: [] }]
        : []),
      {
        text: `Change Data Recorder ${number} to these values. The free memory is shown at Setup Assistant > Logging > Memory.`,
        values,
      },
    ];
  });
}

function valueOfChange(change: Change): { readonly label: string; readonly value: string } {
  const key = recorderOf(change.id)?.key ?? change.id;
  return { label: NAMES[key] ?? key, value: shown(change.to) };
}

function shown(value: SettingValue): string {
  if (value === null) return '(empty)';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return VALUES[String(value)] ?? String(value);
}
