import type { RunReport } from '../run-report.ts';
import type { Block, Cell, ReportDocument, Section, Tone } from './blocks.ts';
import { facts, problemSection, signatureRows, TONE_OF_VERDICT } from './parts.ts';
import { TEXT_OF_AREA, TEXT_OF_OUTCOME } from './settings.ts';
import { TEXT_OF_VERDICT, utcText } from './words.ts';

const TEXT_OF_WAY: Readonly<Record<RunReport['settings'][number]['channel'], string>> = {
  modbus: 'Modbus setup registers, by this tool',
  dlms: 'DLMS, by this tool',
  'hand-off': 'Change sheet, by hand in ION Setup',
};

const MEANS = {
  verified: 'The meter was read again after the last write, and every setting is as planned.',
  mismatch: 'The meter was read again, and not every setting is as planned.',
  unknown: 'Not every setting was written by this tool and read again: what the meter has now is not known for those.',
} as const;

/** Puts the report of one application of a plan into words and tables. Pure. */
export function runDocumentOf(report: RunReport): ReportDocument {
  const { verdict, simulated, run, tool, writtenAt } = report;
  const meter = report.meter.name ?? report.meter.address?.host ?? 'unknown';
  return {
    title: `Settings report: ${meter}, ${TEXT_OF_AREA[report.area]}`,
    headline: report.headline,
    verdict:
      verdict === null
        ? { label: 'No verdict', tone: 'open', means: 'Nothing was to be changed.' }
        : { label: TEXT_OF_VERDICT[verdict], tone: TONE_OF_VERDICT[verdict], means: MEANS[verdict] },
    simulated,
    footer: `Run ${run} · ${simulated ? 'SIMULATED meter' : 'meter'} ${report.meter.serial ?? meter} · Meterwright ${tool.version} · written ${utcText(writtenAt)}`,
    sections: [
      runSection(report),
      ...problemSection('It ended early', report.problem),
      settingsSection(report),
      waySection(report),
      ...erasedSection(report),
      checkSection(report),
    ],
  };
}

function runSection({ run, at, by, meter, simulated, tool, writtenAt }: RunReport): Section {
  const { address } = meter;
  return {
    title: 'Run',
    blocks: [
      facts('What was done, to which meter, by whom and when', [
        ['Run', { text: run, exact: true }],
        ['Meter', { text: meter.name ?? 'not readable' }],
        ['Serial number', { text: meter.serial ?? 'not readable' }],
        ['Firmware', { text: meter.firmware ?? 'not readable' }],
        ['Simulated', { text: simulated ? 'yes, SIMULATED' : 'no' }],
        [
          'Address',
          {
            text: address === null ? 'not recorded' : `${address.host} port ${address.modbusPort} unit ${address.unit}`,
          },
        ],
        ['Applied by', { text: by }],
        ['Begun', { text: utcText(at) }],
        ['Written', { text: `${utcText(writtenAt)}, by Meterwright ${tool.version}` }],
      ]),
    ],
  };
}

function settingsSection({ settings }: RunReport): Section {
  const table: Block =
    settings.length === 0
      ? { kind: 'text', text: 'Nothing was to be changed.' }
      : {
          kind: 'table',
          caption: 'Each setting: what it was, what it was to be, and what the meter gave when it was read again',
          columns: ['Setting', 'Before', 'Planned', 'Read back', 'Outcome', 'Because'],
          widths: [3, 3, 3, 3, 3, 5],
          rows: settings.map(({ id, before, planned, readBack, outcome, because }) => {
            const [text, tone]: readonly [string, Tone] = TEXT_OF_OUTCOME[outcome];
            return [
              { text: id },
              { text: before },
              { text: planned },
              { text: readBack },
              { text, tone },
              { text: because },
            ];
          }),
        };
  return { title: 'Settings', blocks: [table] };
}

function waySection({ settings, map }: RunReport): Section {
  const mapRows: readonly (readonly [string, Cell])[] =
    map === null
      ? [['Modbus map', { text: 'None: nothing was read or written over Modbus setup registers.' }]]
      : [
          ['Modbus map', { text: map.fileName }],
          ['SHA-256 of the map', { text: map.sha256, exact: true }],
          ['Provenance of its rows', { text: map.provenance }],
          [
            'Rows confirmed',
            { text: map.confirmed === null ? 'not confirmed' : `by ${map.confirmed.by}, ${utcText(map.confirmed.at)}` },
          ],
        ];
  return {
    title: 'Way to the meter',
    blocks: [
      facts('Through what the settings were reached', mapRows),
      ...(settings.length === 0
        ? []
        : [
            {
              kind: 'table',
              caption: 'Where each setting went',
              columns: ['Setting', 'Way', 'Rows of the map'],
              widths: [3, 4, 8],
              rows: settings.map(({ id, channel, rows }) => [
                { text: id },
                { text: TEXT_OF_WAY[channel] },
                { text: rows.map(({ name, register }) => `${name} (${register})`).join(', ') },
              ]),
            } as const,
          ]),
    ],
  };
}

function erasedSection({ erased }: RunReport): readonly Section[] {
  if (erased.length === 0) return [];
  return [
    {
      title: 'Logs that the changes erase',
      blocks: [
        {
          kind: 'table',
          caption: 'As they were before the run',
          columns: ['Data Recorder', 'Records', 'Backup', 'Given up'],
          widths: [2, 2, 4, 6],
          rows: erased.map(({ recorder, records, backup, givenUp }) => [
            { text: String(recorder) },
            { text: records === null ? 'not known' : String(records) },
            backup === 'fresh'
              ? { text: 'Held by a fresh, verified backup', tone: 'good' }
              : { text: 'None that is fresh and verified', tone: 'bad' },
            { text: givenUp ?? '' },
          ]),
        },
      ],
    },
  ];
}

function checkSection({ audit, signature }: RunReport): Section {
  return {
    title: 'How to check this report',
    blocks: [
      facts('What ties this report to the records', [
        ...(audit === null
          ? ([
              ['Audit trail', { text: 'Not recorded: the run has not ended, or was made by an older version.' }],
            ] as const)
          : ([
              ['Lines of the audit trail', { text: String(audit.lines) }],
              ['Hash of its first line', { text: audit.trail, exact: true }],
              ['Hash of its last line', { text: audit.tip, exact: true }],
              ['How to check it', { text: audit.check }],
            ] as const)),
        ...signatureRows(signature),
      ]),
    ],
  };
}
