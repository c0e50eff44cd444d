import type { BackupItem } from '../../shared/domain/backup.ts';
import { isCovered } from '../../shared/domain/backup.ts';
import type { ClockReading } from '../../shared/domain/identity.ts';
import type { Block, Section } from './blocks.ts';
import type { Report, ReportBackup } from './schema.ts';
import { bytesText, TEXT_OF_ITEM, TEXT_OF_ITEM_STATE, utcText } from './words.ts';

/** What is known of the backup: its seal, every item in its honest state, and what is missing. */
export function backupSection({ backup }: Report): Section {
  const title = 'Backup';
  if (backup === null) return { title, blocks: [{ kind: 'text', text: 'No backup stands for this job.' }] };
  const { evidence } = backup;
  const seal: Block = {
    kind: 'facts',
    caption: 'The backup that was verified for this job',
    rows: [
      ['Folder', { text: backup.bag }],
      ['Fingerprint', { text: backup.fingerprint, exact: true }],
      ...(evidence.read
        ? ([
            ['Taken', { text: `${utcText(evidence.startedAt)} to ${utcText(evidence.endedAt)}, by ${evidence.by}` }],
            ['Clock of the meter then', { text: clockText(evidence.clock) }],
          ] as const)
        : ([['Contents', { text: `Not told here. ${evidence.because}`, tone: 'open' }]] as const)),
    ],
  };
  return { title, blocks: [seal, ...(evidence.read ? contents(evidence) : [])] };
}

function contents(evidence: Extract<ReportBackup['evidence'], { read: true }>): readonly Block[] {
  const table: Block = {
    kind: 'table',
    caption: 'What is in the backup, item by item',
    columns: ['Item', 'State', 'Saved', 'Because'],
    widths: [3, 3, 3, 6],
    rows: evidence.items.map((item) => [
      { text: TEXT_OF_ITEM[item.id] },
      {
        text: TEXT_OF_ITEM_STATE[item.state],
        tone: item.state === 'failed' ? 'bad' : isCovered(item) && item.state !== 'waived' ? 'good' : 'open',
      },
      { text: amountOf(item) },
      { text: reasonOf(item) },
    ]),
  };
  if (evidence.gaps.length === 0) return [table];
  return [
    table,
    { kind: 'text', text: 'On the meter, but not in the backup:' },
    { kind: 'list', items: evidence.gaps },
  ];
}

function amountOf({ count, expected, bytes }: BackupItem): string {
  const things = expected === undefined ? String(count) : `${count} of ${expected}`;
  return bytes === 0 ? things : `${things}, ${bytesText(bytes)}`;
}

function reasonOf({ because, waiver }: BackupItem): string {
  return waiver === undefined ? because : `${because} Waived by ${waiver.by}: ${waiver.reason}`;
}

function clockText({ meterUtc, offsetSeconds, uncertaintySeconds, because }: ClockReading): string {
  if (meterUtc === null || offsetSeconds === null) return `Not readable. ${because}`;
  const ahead = offsetSeconds < 0 ? 'behind' : 'ahead of';
  const within = uncertaintySeconds === null ? '' : ` (within ${uncertaintySeconds.toFixed(1)} s)`;
  return `${utcText(meterUtc)}, ${Math.abs(offsetSeconds).toFixed(1)} s ${ahead} this PC${within}`;
}
