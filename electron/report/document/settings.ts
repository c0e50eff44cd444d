import type { Report } from '../schema.ts';
import type { Block, Section, Tone } from './blocks.ts';
import { utcText } from './words.ts';

type Configuration = NonNullable<Report['configurations']>[number];
type Outcome = Configuration['settings'][number]['outcome'];

export const TEXT_OF_AREA = {
  bacnet: 'BACnet/IP',
  security: 'Passwords and users',
  recorders: 'Data recorders',
  clock: 'Clock',
} as const satisfies Record<Configuration['area'], string>;

export const TEXT_OF_OUTCOME: Readonly<Record<Outcome, readonly [string, Tone]>> = {
  written: ['Written, and read again', 'good'],
  skipped: ['Not written by this tool', 'open'],
  failed: ['Failed', 'bad'],
  'cannot-be-read-back': ['Cannot be read back', 'open'],
  unknown: ['Not known: the record ends before its outcome', 'bad'],
};

/** The settings that were applied to the meter since the job began; no section where there were none. */
export function settingsSection({ configurations = [] }: Report): readonly Section[] {
  if (configurations.length === 0) return [];
  return [{ title: 'Settings', blocks: configurations.flatMap(blocksOf) }];
}

function blocksOf({ area, at, by, settings, problem }: Configuration): readonly Block[] {
  const table: Block = {
    kind: 'table',
    caption: `${TEXT_OF_AREA[area]}, ${utcText(at)}, by ${by}`,
    columns: ['Setting', 'From', 'To', 'Outcome', 'Because'],
    widths: [3, 3, 3, 3, 5],
    rows: settings.map(({ id, from, to, outcome, because }) => {
      const [text, tone] = TEXT_OF_OUTCOME[outcome];
      return [{ text: id }, { text: from }, { text: to }, { text, tone }, { text: because }];
    }),
  };
  return problem === null ? [table] : [table, { kind: 'text', text: `It ended early: ${problem}` }];
}
