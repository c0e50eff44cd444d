import { type FeatureSet, featureLimits } from '../../shared/domain/feature-set.ts';
import {
  atLeast,
  type FirmwareVersion,
  firmwareVersion,
  formatFirmwareLong,
} from '../../shared/domain/firmware-version.ts';
import { recorderRows } from '../settings/recorder-rows.ts';
import { settingRows } from '../settings/rows.ts';
import { userRows } from '../settings/user-rows.ts';
import { float, type MapRow, type MapView, type RevenueLock, row, text, type WorkbookRow, word } from './row.ts';
import { decodeDateTime } from './values.ts';

const MODEL = 'ION7400 SIMULATED';
const MANUFACTURER = 'Schneider Electric';
const PRODUCT_ID = 18_000;
/** From this firmware on the clock is readable as Unix time. Source: release notes 7EN12-0483-00. */
const UNIX_TIME_SINCE = firmwareVersion('4.6.0');
const BAUD_RATES: ReadonlySet<number> = new Set([2400, 4800, 9600, 19_200, 38_400, 57_600]);
/** Ten-minute values exist once ten minutes have been measured. */
const TEN_MINUTES = 600_000;
const REVENUE_LOCK_CODES: Readonly<Record<RevenueLock, number>> = { unlocked: 0, locked: 1, pending: 2 };
const FEATURE_SET_CODES: Readonly<Record<MapView['featureSet'], number>> = { essential: 1, standard: 2, advanced: 3 };

/** Texts of the meter that more than one protocol shows. */
export const IDENTITY_TEXTS = {
  model: MODEL,
  manufacturer: MANUFACTURER,
  commercialReference: 'METSEION7400',
} as const;

const identityRows: readonly MapRow[] = [
  text('Meter Name', 30, 20, (view) => view.name),
  text('Meter Model', 50, 20, () => MODEL),
  text('Manufacturer', 70, 9, () => MANUFACTURER),
  word('Product ID Number', 90, () => PRODUCT_ID),
  text('Serial Number', 117, 12, (view) => view.serial),
  text('Firmware Version', 1717, 6, (view) => formatFirmwareLong(view.firmware)),
];

const clockRows: readonly MapRow[] = [
  word('Year', 1837, (view) => new Date(view.clock).getUTCFullYear()),
  word('Month', 1838, (view) => new Date(view.clock).getUTCMonth() + 1),
  word('Day', 1839, (view) => new Date(view.clock).getUTCDate()),
  word('Hour', 1840, (view) => new Date(view.clock).getUTCHours()),
  word('Minute', 1841, (view) => new Date(view.clock).getUTCMinutes()),
  word('Second', 1842, (view) => new Date(view.clock).getUTCSeconds()),
  word('Millisecond', 1843, (view) => new Date(view.clock).getUTCMilliseconds()),
  word('Day of Week', 1844, (view) => new Date(view.clock).getUTCDay() + 1),
  {
    ...row('Date and Time', 1845, 4, 'DATETIME', '', (view) => view.clock),
    write(words) {
      const at = decodeDateTime(words);
      return at === undefined ? undefined : { setting: 'clock', at };
    },
  },
];

const ioRows: readonly MapRow[] = [
  word('Digital Input Status Validity (base unit)', 2400, () => 1),
  word('Digital Input Status (base unit)', 2401, () => 0b101),
  word('Digital Output Status Validity (base unit)', 2402, () => 1),
  word('Digital Output Status (base unit)', 2403, () => 0),
  word('Setpoint Status Validity', 2420, () => 1),
  word('Setpoint Status', 2421, () => 0),
  ...['A', 'B', 'C', 'D'].flatMap((slot, index): readonly MapRow[] => [
    // No option module is fitted: the rows are mapped and not available.
    word(`Digital Input Status Validity (slot ${slot})`, 2550 + 2 * index, () => null),
    word(`Digital Input Status (slot ${slot})`, 2551 + 2 * index, () => null),
    word(`Digital Output Status Validity (slot ${slot})`, 2566 + 2 * index, () => null),
    word(`Digital Output Status (slot ${slot})`, 2567 + 2 * index, () => null),
  ]),
];

const liveRows: readonly MapRow[] = [
  float('Current A', 3000, 'A', ({ live }) => live.current[0]),
  float('Current B', 3002, 'A', ({ live }) => live.current[1]),
  float('Current C', 3004, 'A', ({ live }) => live.current[2]),
  float('Current N', 3006, 'A', ({ live }) => live.currentNeutral),
  float('Current Avg', 3010, 'A', ({ live }) => live.currentAverage),
  float('Voltage A-B', 3020, 'V', ({ live }) => live.voltageLineToLine[0]),
  float('Voltage B-C', 3022, 'V', ({ live }) => live.voltageLineToLine[1]),
  float('Voltage C-A', 3024, 'V', ({ live }) => live.voltageLineToLine[2]),
  float('Voltage L-L Avg', 3026, 'V', ({ live }) => live.voltageLineToLineAverage),
  float('Voltage A-N', 3028, 'V', ({ live }) => live.voltageLineToNeutral[0]),
  float('Voltage B-N', 3030, 'V', ({ live }) => live.voltageLineToNeutral[1]),
  float('Voltage C-N', 3032, 'V', ({ live }) => live.voltageLineToNeutral[2]),
  float('Voltage L-N Avg', 3036, 'V', ({ live }) => live.voltageLineToNeutralAverage),
  float('Active Power A', 3054, 'W', ({ live }) => live.activePower[0]),
  float('Active Power B', 3056, 'W', ({ live }) => live.activePower[1]),
  float('Active Power C', 3058, 'W', ({ live }) => live.activePower[2]),
  float('Active Power Total', 3060, 'W', ({ live }) => live.activePowerTotal),
  float('Reactive Power A', 3062, 'var', ({ live }) => live.reactivePower[0]),
  float('Reactive Power B', 3064, 'var', ({ live }) => live.reactivePower[1]),
  float('Reactive Power C', 3066, 'var', ({ live }) => live.reactivePower[2]),
  float('Reactive Power Total', 3068, 'var', ({ live }) => live.reactivePowerTotal),
  float('Apparent Power A', 3070, 'VA', ({ live }) => live.apparentPower[0]),
  float('Apparent Power B', 3072, 'VA', ({ live }) => live.apparentPower[1]),
  float('Apparent Power C', 3074, 'VA', ({ live }) => live.apparentPower[2]),
  float('Apparent Power Total', 3076, 'VA', ({ live }) => live.apparentPowerTotal),
  float('Frequency', 3110, 'Hz', ({ live }) => live.frequency),
  float('True Power Factor A', 3144, '', ({ live }) => live.powerFactor[0]),
  float('True Power Factor B', 3146, '', ({ live }) => live.powerFactor[1]),
  float('True Power Factor C', 3148, '', ({ live }) => live.powerFactor[2]),
  float('True Power Factor Total', 3150, '', ({ live }) => live.powerFactorTotal),
  float('THD Voltage V1 10-minute Mean', 40_028, '%', (view) =>
    view.uptime < TEN_MINUTES ? null : view.live.thdVoltage,
  ),
];

type EnergyKind = 'active' | 'reactive' | 'apparent';
const ENERGY_KINDS: readonly { readonly kind: EnergyKind; readonly label: string; readonly unit: string }[] = [
  { kind: 'active', label: 'Active', unit: 'Wh' },
  { kind: 'reactive', label: 'Reactive', unit: 'varh' },
  { kind: 'apparent', label: 'Apparent', unit: 'VAh' },
];
const SUMS: readonly { readonly label: string; of(delivered: bigint, received: bigint): bigint }[] = [
  { label: 'Delivered', of: (delivered) => delivered },
  { label: 'Received', of: (_delivered, received) => received },
  { label: 'Delivered + Received', of: (delivered, received) => delivered + received },
  { label: 'Delivered - Received', of: (delivered, received) => delivered - received },
];
const QUADRANTS: readonly { readonly label: string; of(delivered: bigint, received: bigint): bigint }[] = [
  { label: 'in Quadrant 1', of: (delivered) => delivered },
  { label: 'in Quadrant 2', of: () => 0n },
  { label: 'in Quadrant 3', of: (_delivered, received) => received },
  { label: 'in Quadrant 4', of: () => 0n },
];

const energyRows: readonly MapRow[] = ENERGY_KINDS.flatMap(({ kind, label, unit }, index) => {
  const counters = ({ energy }: MapView): readonly [bigint, bigint] => [
    energy[`${kind}Delivered`],
    energy[`${kind}Received`],
  ];
  return [
    ...SUMS.map((sum, n) =>
      row(`${label} Energy ${sum.label}`, 3204 + 16 * index + 4 * n, 4, 'INT64', unit, (view) =>
        sum.of(...counters(view)),
      ),
    ),
    ...SUMS.map((sum, n) =>
      float(`${label} Energy ${sum.label} (k${unit})`, 2700 + 8 * index + 2 * n, `k${unit}`, (view) =>
        kilo(sum.of(...counters(view))),
      ),
    ),
    ...QUADRANTS.map((quadrant, n) =>
      float(`${label} Energy ${quadrant.label} (k${unit})`, 2724 + 8 * index + 2 * n, `k${unit}`, (view) =>
        kilo(quadrant.of(...counters(view))),
      ),
    ),
  ];
});

const setupRows: readonly MapRow[] = [
  {
    ...word('COM1 Baud Rate', 54_392, (view) => view.baudRate),
    write([value = 0]) {
      return BAUD_RATES.has(value) ? { setting: 'baudRate', value } : undefined;
    },
  },
];

/** Rows that only simulated meters have. */
const simulatedRows: readonly MapRow[] = [
  word('Revenue Lock', 61_000, (view) => REVENUE_LOCK_CODES[view.revenueLock]),
  word('Feature Set', 61_001, (view) => FEATURE_SET_CODES[view.featureSet]),
  word('Shared Connections In Use', 61_002, (view) => view.sharedConnections.used),
  word('Shared Connections', 61_003, (view) => view.sharedConnections.all),
  word('Users With Default Password', 61_004, (view) => view.defaultPasswords),
  {
    ...row('Unix Time', 61_010, 2, 'UINT32', 's', (view) => Math.floor(view.clock / 1000)),
    since: UNIX_TIME_SINCE,
  },
  word('Modbus Programming', 61_020, (view) => (view.modbusProgramming ? 1 : 0)),
];

/** Every row of the newest map, ordered by register. */
const ROWS: readonly MapRow[] = [
  ...identityRows,
  ...clockRows,
  ...ioRows,
  ...energyRows,
  ...liveRows,
  ...setupRows,
  ...simulatedRows,
  ...settingRows,
  ...userRows,
  ...recorderRows,
].sort((a, b) => a.register - b.register);

/** The rows that a meter with this firmware and feature set has, ordered by register. */
export function rowsFor(firmware: FirmwareVersion, featureSet: Exclude<FeatureSet, 'unknown'>): readonly MapRow[] {
  const recorders = featureLimits(featureSet)?.dataRecorders ?? 0;
  return ROWS.filter(
    ({ since, recorder = 0 }) => (since === undefined || atLeast(firmware, since)) && recorder <= recorders,
  );
}

/** What the sheet "Detailed Modbus Map" of the simulated firmware package lists, ordered by register. */
export function workbookRows(): readonly WorkbookRow[] {
  return ROWS.map(({ name, register, count, type, unit, write, writeOnly }) => ({
    name,
    register,
    count,
    type,
    unit,
    permission: write === undefined ? 'R' : writeOnly === true ? 'W' : 'RW',
  }));
}

function kilo(energy: bigint): number {
  return Number(energy) / 1000;
}
