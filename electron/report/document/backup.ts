import type { BackupItem } from '../../../shared/domain/backup.ts';
import { isCovered } from '../../../shared/domain/backup.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { ClockReading } from '../../../shared/domain/identity.ts';
import type { Report, ReportBackup, ReportLog } from '../schema.ts';
import type { Block, Section } from './blocks.ts';
import { missedText, readoutText } from './log-words.ts';
import { bytesText, TEXT_OF_ITEM, TEXT_OF_ITEM_STATE, utcText } from './words.ts';

/** What is known of the backup: its seal, every item in its honest state, and what is missing. */
export function backupSection({ backup, before }: Report): Section {
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
  return {
    title,
    blocks: [seal, ...(evidence.read ? [...contents(evidence), ...logBlocks(backup, before.firmware)] : [])],
  };
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

/** How the logs were read, and, where a later backup stands beside, how that went on the new firmware. */
function logBlocks({ evidence, later }: ReportBackup, firmware: Report['before']['firmware']): readonly Block[] {
  if (!evidence.read) return [];
  const { logs = [], missedLogs = [] } = evidence;
  if (logs.length + missedLogs.length === 0) return [];
  const was = firmware === null ? 'before' : `on ${formatFirmware(firmware)}`;
  const table: Block = {
    kind: 'table',
    caption: 'Logs, and how they were read over DLMS',
    columns: ['Log', 'In the backup', `Read ${was}`, ...(later === undefined ? [] : [`Read on ${later.firmware}`])],
    widths: later === undefined ? [3, 5, 5] : [3, 4, 4, 4],
    rows: [
      ...logs.map((log) => [
        { text: log.name ?? log.id },
        { text: heldText(log) },
        { text: `${readoutText(log)} ${log.fetched}` },
        ...(later === undefined ? [] : [{ text: laterText(later.logs.find(({ id }) => id === log.id)) }]),
      ]),
      ...missedLogs.map((log) => [
        { text: log.name ?? log.id },
        { text: missedText(log), tone: 'bad' as const },
        { text: log.because },
        ...(later === undefined ? [] : [{ text: laterText(later.logs.find(({ id }) => id === log.id)) }]),
      ]),
    ],
  };
  if (later === undefined) return [table];
  const note = `The last column is from the backup ${later.bag}. Times depend on the network and on how many rows were read, so they compare only roughly.`;
  return [table, { kind: 'text', text: note }];
}

function heldText({ rows, first, last, gapCount }: ReportLog): string {
  if (rows === 0) return 'No rows.';
  const span = first === null || last === null ? '' : `, ${first} to ${last}`;
  return `${rows} rows${span}, ${gapCount} ${gapCount === 1 ? 'gap' : 'gaps'}`;
}

function laterText(log: ReportLog | undefined): string {
  return log === undefined ? 'Not read.' : readoutText(log);
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
