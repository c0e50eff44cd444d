import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import type { Report } from '../schema.ts';
import { backupSection } from './backup.ts';
import type { Block, ReportDocument, Section } from './blocks.ts';
import { facts, problemSection, signatureRows, TONE_OF_VERDICT } from './parts.ts';
import { settingsSection } from './settings.ts';
import {
  bytesText,
  durationText,
  findingName,
  TEXT_OF_CHANNEL,
  TEXT_OF_GATE,
  TEXT_OF_TARGET,
  TEXT_OF_VERDICT,
  utcText,
  versionText,
} from './words.ts';

/** Puts a report into words and tables. Pure. */
export function documentOf(report: Report): ReportDocument {
  const meter = report.before.name ?? report.address.host;
  return {
    title: `Upgrade report: ${meter}`,
    headline: report.headline,
    verdict:
      report.verdict === null
        ? { label: 'No verdict', tone: 'open', means: report.verdictMeans }
        : { label: TEXT_OF_VERDICT[report.verdict], tone: TONE_OF_VERDICT[report.verdict], means: report.verdictMeans },
    simulated: report.simulated,
    footer: `Job ${report.job} · ${report.simulated ? 'SIMULATED meter' : 'meter'} ${report.before.serial ?? meter} · Meterwright ${report.tool.version} · written ${utcText(report.writtenAt)}`,
    sections: [
      jobSection(report),
      ...problemSection('Problem', report.problem),
      meterSection(report),
      findingsSection(report),
      packageSection(report),
      gatesSection(report),
      backupSection(report),
      ...transferSection(report),
      ...settingsSection(report),
      timelineSection(report),
      checkSection(report),
    ],
  };
}

function jobSection(report: Report): Section {
  return {
    title: 'Job',
    blocks: [
      facts('What was done, by whom and when', [
        ['Job', { text: report.job, exact: true }],
        ['What', { text: `${TEXT_OF_TARGET[report.target]}${targetText(report)}` }],
        ['Channel', { text: TEXT_OF_CHANNEL[report.channel] }],
        ...report.people.map(({ did, by }) => [did, { text: by }] as const),
        ['Created', { text: utcText(report.createdAt) }],
        ['Last record', { text: utcText(report.lastEventAt) }],
        [
          'Point of no return',
          { text: `${report.pointOfNoReturn.passed ? 'Passed' : 'Not passed'}. ${report.pointOfNoReturn.because}` },
        ],
        ['Written', { text: `${utcText(report.writtenAt)}, by Meterwright ${report.tool.version}` }],
      ]),
    ],
  };
}

function targetText({ package: { targetVersion } }: Report): string {
  return targetVersion === null ? '' : ` ${versionText(targetVersion)}`;
}

function meterSection(report: Report): Section {
  const { before, after } = report;
  const rows: readonly (readonly [string, (identity: MeterIdentity) => string | null])[] = [
    ['Name', ({ name }) => name],
    ['Model', ({ model }) => model],
    ['Manufacturer', ({ manufacturer }) => manufacturer],
    ['Serial number', ({ serial }) => serial],
    ['Firmware', ({ firmware }) => versionText(firmware, 'not readable')],
    ['Feature set', ({ featureSet }) => featureSet],
    ['Product id', ({ productId }) => (productId === null ? null : String(productId))],
    ['Commercial reference', ({ commercialReference }) => commercialReference],
    ['Simulated', ({ simulated }) => (simulated ? 'yes, SIMULATED' : 'no')],
  ];
  return {
    title: 'Meter',
    blocks: [
      {
        kind: 'table',
        caption: `Identity, as the meter at ${report.address.host} port ${report.address.modbusPort} unit ${report.address.unit} gave it`,
        columns: ['Property', 'Before', 'After'],
        widths: [2, 3, 3],
        rows: rows.map(([label, read]) => [
          { text: label },
          { text: read(before) ?? 'not readable' },
          { text: after === null ? 'not read' : (read(after) ?? 'not readable') },
        ]),
      },
    ],
  };
}

function findingsSection(report: Report): Section {
  const table: Block =
    report.findings.length === 0
      ? { kind: 'text', text: 'Nothing was compared.' }
      : {
          kind: 'table',
          caption: 'What was compared before and after, and how',
          columns: ['Compared', 'Verdict', 'Before', 'After', 'Because'],
          widths: [3, 2.8, 3, 3, 6],
          rows: report.findings.map((finding) => [
            { text: findingName(finding.id) },
            { text: TEXT_OF_VERDICT[finding.verdict], tone: TONE_OF_VERDICT[finding.verdict] },
            { text: finding.before },
            { text: finding.after },
            { text: finding.because },
          ]),
        };
  return {
    title: 'Findings',
    blocks: [
      table,
      { kind: 'text', text: 'Not compared, or not readable over open protocols:' },
      { kind: 'list', items: report.notCompared },
    ],
  };
}

function packageSection({ package: pack }: Report): Section {
  return {
    title: 'Package',
    blocks: [
      facts('The file that was given, and what was sent from it', [
        ['File', { text: pack.file }],
        ['SHA-256 of the file', { text: pack.sha256, exact: true }],
        ['Sent', { text: `${pack.image.name}, ${bytesText(pack.image.size)}` }],
        ['SHA-256 of what was sent', { text: pack.image.sha256, exact: true }],
        ['Version', { text: versionText(pack.targetVersion, 'The file does not say.') }],
        [
          'ION Setup needed',
          { text: pack.minimumIonSetup === null ? 'The file does not say.' : `${pack.minimumIonSetup} or later` },
        ],
      ]),
    ],
  };
}

const GATE_VERDICT = { pass: 'Pass', warn: 'Warning', block: 'Block', unknown: 'Unknown' } as const;

function gatesSection({ gates }: Report): Section {
  if (gates.length === 0) return { title: 'Checks', blocks: [{ kind: 'text', text: 'No check was made.' }] };
  return {
    title: 'Checks',
    blocks: [
      {
        kind: 'table',
        caption: 'Checks before the upgrade, and how each was answered',
        columns: ['Check', 'Verdict', 'Because', 'Answer'],
        widths: [3, 2.6, 6, 5],
        rows: gates.map((gate) => [
          { text: TEXT_OF_GATE[gate.id] },
          {
            text: GATE_VERDICT[gate.verdict],
            tone: gate.verdict === 'pass' ? 'good' : gate.verdict === 'block' ? 'bad' : 'open',
          },
          { text: gate.because },
          { text: answerOf(gate) },
        ]),
      },
    ],
  };
}

function answerOf(gate: Report['gates'][number]): string {
  if (gate.override !== null) return `Gone on. ${gate.override.by}: ${gate.override.reason}`;
  return gate.outcome === 'stops' ? `In the way. ${gate.fix}` : '';
}

function transferSection({ transfer }: Report): readonly Section[] {
  if (transfer === null) return [];
  const { totalBytes, sentBytes, resumedFrom, bytesPerSecond } = transfer;
  return [
    {
      title: 'Transfer',
      blocks: [
        facts('The bytes that went to the meter', [
          ['Sent', { text: `${bytesText(sentBytes)} of ${bytesText(totalBytes)}` }],
          [
            'Resumed',
            {
              text:
                resumedFrom === null
                  ? 'The transfer was not completed.'
                  : resumedFrom === 0
                    ? 'No'
                    : `The last attempt went on at ${bytesText(resumedFrom)}`,
            },
          ],
          [
            'Rate',
            {
              text:
                bytesPerSecond === null
                  ? 'Not measured'
                  : `${bytesText(bytesPerSecond)} a second, between the records of the journal`,
            },
          ],
        ]),
      ],
    },
  ];
}

function timelineSection({ stages, timeline }: Report): Section {
  return {
    title: 'Timeline',
    blocks: [
      ...(stages.length === 0
        ? []
        : [
            facts(
              'Time in each stage',
              stages.map(({ stage, seconds }) => [stage, { text: durationText(seconds) }] as const),
            ),
          ]),
      {
        kind: 'table',
        caption: 'Every record of the journal',
        columns: ['No.', 'Time (UTC)', 'What happened'],
        widths: [1, 3, 9],
        rows: timeline.map(({ seq, at, text }) => [
          { text: String(seq + 1) },
          { text: utcText(at).replace(' UTC', '') },
          { text },
        ]),
      },
    ],
  };
}

function checkSection({ journal, signature }: Report): Section {
  return {
    title: 'How to check this report',
    blocks: [
      facts('What ties this report to the records', [
        ['Records in the journal', { text: String(journal.lines) }],
        ['Hash of the last record', { text: journal.tip, exact: true }],
        ['How to check it', { text: journal.check }],
        ...signatureRows(signature),
      ]),
    ],
  };
}
