import { firmwareVersion } from '../../shared/domain/firmware-version.ts';
import { long, type MapRow, type MapView, type SettingChange, text, word, writable } from '../modbus/row.ts';
import { SOURCES } from '../recorders/sources.ts';
import { recorderAt, withRecorder } from './recorder-setup.ts';
import { number } from './rows.ts';
import { LONGEST_INTERVAL, MOST_SOURCES, type RecorderSetup } from './types.ts';

const RECORDERS = 64;
const BASE = 55_001;
const STRIDE = 80;
const OFFSET = { label: 0, count: 10, records: 11, interval: 13, depth: 15, buffer: 17, pre: 19, sources: 23 } as const;
const SOURCE_NAMES = { base: 62_001, registers: 12 } as const;
/** Sources of a recorder before 4.6.0. Source: release notes 7EN12-0483-00. */
const FORMER_SOURCES = 16;
const MORE_SOURCES_SINCE = firmwareVersion('4.6.0');

/**
 * Setup of the Data Recorders, 80 registers each: label, source count and record count, then 60 registers that can be written in one request,
 * interval to source 50; and the names of the sources that can be linked. Provenance of the registers: simulated.
 */
export const recorderRows: readonly MapRow[] = [
  ...Array.from({ length: RECORDERS }, (_, index) => rowsOf(index + 1)).flat(),
  ...SOURCES.map(({ id, name }, index) =>
    text(`Data Source ${id}`, SOURCE_NAMES.base + SOURCE_NAMES.registers * index, SOURCE_NAMES.registers, () => name),
  ),
];

function rowsOf(recorder: number): readonly MapRow[] {
  const at = (offset: number): number => BASE + STRIDE * (recorder - 1) + offset;
  const setup = ({ settings }: MapView): RecorderSetup => recorderAt(settings, recorder);
  const written = (
    most: number,
    change: (value: number, before: RecorderSetup) => Partial<RecorderSetup>,
  ): ((words: readonly number[]) => SettingChange | undefined) =>
    number(0, most, (before, value) => {
      const own = recorderAt(before, recorder);
      return withRecorder(before, recorder, { ...own, ...change(value, own) });
    });
  const name = (what: string): string => `DR${recorder} ${what}`;
  const rows: readonly MapRow[] = [
    text(name('Label'), at(OFFSET.label), 10, (view) => view.recorder(recorder).label),
    word(name('Source Count'), at(OFFSET.count), (view) => setup(view).sources.filter((id) => id !== 0).length),
    long(name('Record Count'), at(OFFSET.records), '', (view) => view.recorder(recorder).records),
    writable(
      long(name('Interval'), at(OFFSET.interval), 's', (view) => setup(view).interval),
      written(LONGEST_INTERVAL, (interval) => ({ interval })),
    ),
    writable(
      long(name('Depth'), at(OFFSET.depth), '', (view) => setup(view).depth),
      written(0xffff_ffff, (depth) => ({ depth })),
    ),
    writable(
      long(name('Buffer Depth'), at(OFFSET.buffer), '', (view) => setup(view).bufferDepth),
      written(0xffff_ffff, (bufferDepth) => ({ bufferDepth })),
    ),
    writable(
      word(name('Pre-trigger Records'), at(OFFSET.pre), (view) => setup(view).preTrigger),
      written(65_535, (preTrigger) => ({ preTrigger })),
    ),
    writable(
      word(name('Post-trigger Records'), at(OFFSET.pre + 1), (view) => setup(view).postTrigger),
      written(65_535, (postTrigger) => ({ postTrigger })),
    ),
    writable(
      word(name('Insert Outage Records'), at(OFFSET.pre + 2), (view) => (setup(view).insertOutageRecords ? 1 : 0)),
      written(1, (value) => ({ insertOutageRecords: value === 1 })),
    ),
    writable(
      word(name('Record Mode'), at(OFFSET.pre + 3), (view) => (setup(view).stopWhenFull ? 1 : 0)),
      written(1, (value) => ({ stopWhenFull: value === 1 })),
    ),
    ...Array.from({ length: MOST_SOURCES }, (_, place): MapRow => {
      const source = writable(
        word(name(`Source ${place + 1}`), at(OFFSET.sources + place), (view) => setup(view).sources[place] ?? 0),
        written(65_535, (id, { sources }) => ({ sources: linked(sources, place, id) })),
      );
      return place < FORMER_SOURCES ? source : { ...source, since: MORE_SOURCES_SINCE };
    }),
  ];
  return rows.map((own) => ({ ...own, recorder }));
}

/** The list with another source at a place, without 0 at its end. */
function linked(sources: readonly number[], place: number, id: number): number[] {
  const list = Array.from({ length: Math.max(sources.length, place + 1) }, (_, index) =>
    index === place ? id : (sources[index] ?? 0),
  );
  while (list.at(-1) === 0) list.pop();
  return list;
}
