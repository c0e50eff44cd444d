import type { SettingValue } from '../../../shared/domain/change.ts';
import { RECORD_MODES } from '../../../shared/domain/settings/recorders/recorder.ts';
import type { SetupValue } from '../../meter/setup/types.ts';
import type { SettingDefinition } from '../types.ts';
import { choice, oneRow, orNone, plainText, wholeNumber, yesNo } from './coding.ts';

const area = 'recorders';
/** Recorders of the largest feature set. Source: vendor's default data logging page. */
export const RECORDERS = 64;
/** Sources of a recorder from 4.6.0. Source: release notes 7EN12-0483-00. */
const SOURCES = 50;

/** The sources that a recorder can have, by the number that links them; it depends on the meter and is read from it. */
export type SourceNames = ReadonlyMap<number, string>;

/** Row with the name of a source that can be linked. */
export const SOURCE_NAME = /^Data Source (\d{1,5})$/;

/** Row with the number of records in the log of a recorder. */
export function recordCountRow(recorder: number): string {
  return `DR${recorder} Record Count`;
}

/** The settings of a Data Recorder in the order of their registers. Names: ION Reference, Data Recorder module. */
export function recorderSettings(recorder: number, sources: SourceNames): readonly SettingDefinition[] {
  const common = (key: string) => ({ id: `${recorder}.${key}`, area, label: `setting.recorders.${key}` }) as const;
  const row = (name: string): string => `DR${recorder} ${name}`;
  return [
    oneRow({ ...common('name'), row: row('Label'), coding: plainText }),
    oneRow({ ...common('interval'), unit: 's', row: row('Interval'), coding: orNone(wholeNumber, 0) }),
    oneRow({ ...common('depth'), row: row('Depth'), coding: wholeNumber }),
    oneRow({ ...common('bufferDepth'), row: row('Buffer Depth'), coding: wholeNumber }),
    oneRow({ ...common('preTrigger'), row: row('Pre-trigger Records'), coding: wholeNumber }),
    oneRow({ ...common('postTrigger'), row: row('Post-trigger Records'), coding: wholeNumber }),
    oneRow({ ...common('insertOutageRecords'), row: row('Insert Outage Records'), coding: yesNo }),
    oneRow({ ...common('mode'), row: row('Record Mode'), coding: choice(RECORD_MODES) }),
    {
      ...common('sources'),
      natural: false,
      mayCutConnection: false,
      rows: Array.from({ length: SOURCES }, (_, index) => row(`Source ${index + 1}`)),
      read: (values) => linkedSources(values, sources),
      write: (value) => sourceNumbers(value, sources),
    },
  ];
}

/** Labels of the linked sources, one a line. A number without a name is shown as what it is, and cannot be written back. */
function linkedSources(values: readonly SetupValue['value'][], names: SourceNames): SettingValue | 'unread' {
  const linked: string[] = [];
  for (const value of values) {
    // Registers of sources that this firmware does not have are not mapped.
    if (value === 'unavailable') break;
    if (typeof value !== 'number') return 'unread';
    if (value !== 0) linked.push(names.get(value) ?? `#${value}`);
  }
  return values[0] === 'unavailable' || values.length === 0 ? 'unread' : linked.join('\n');
}

/** The numbers of all places, 0 behind the last; undefined for a label that no source has or that two have. */
function sourceNumbers(value: SettingValue, names: SourceNames): readonly number[] | undefined {
  if (typeof value !== 'string') return undefined;
  const labels = value === '' ? [] : value.split('\n');
  if (labels.length > SOURCES) return undefined;
  const numbers = labels.map((wanted) => {
    const found = [...names].filter(([, name]) => name === wanted);
    return found.length === 1 ? found[0]?.[0] : undefined;
  });
  const known = numbers.flatMap((number) => number ?? []);
  if (known.length !== labels.length) return undefined;
  return Array.from({ length: SOURCES }, (_, index) => known[index] ?? 0);
}
