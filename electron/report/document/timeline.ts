import type { JournalEntry } from '../../upgrade/journal.ts';
import { advance, begin, isFinal, type UpgradeEvent, type UpgradeJob } from '../../upgrade/machine.ts';
import type { Report } from '../schema.ts';
import {
  bytesText,
  fileName,
  STAGE_OF_STATE,
  TEXT_OF_CHANNEL,
  TEXT_OF_STAGE,
  TEXT_OF_TARGET,
  TEXT_OF_VERDICT,
  versionText,
} from './words.ts';

/** Every entry of a journal in words, in its order. */
export function timelineOf(entries: readonly JournalEntry[]): Report['timeline'] {
  return walk(entries).map(({ entry, before }) => ({
    seq: entry.seq,
    at: entry.at,
    event: entry.event.type,
    text: sentence(entry.event, before),
  }));
}

/**
 * How long a job was in each stage, in seconds; stages that were not reached are left out. A PC whose clock was put back in between adds
 * nothing rather than something negative.
 */
export function stagesOf(entries: readonly JournalEntry[]): Report['stages'] {
  const spent = new Map<string, number>();
  const steps = walk(entries);
  for (const [index, { entry, after }] of steps.entries()) {
    const stage = STAGE_OF_STATE[after.state];
    const next = steps[index + 1];
    if (stage === null || next === undefined) continue;
    spent.set(stage, (spent.get(stage) ?? 0) + secondsBetween(entry.at, next.entry.at));
  }
  return TEXT_OF_STAGE.flatMap((stage) => {
    const seconds = spent.get(stage);
    return seconds === undefined ? [] : [{ stage, seconds }];
  });
}

/** What the journal says of the transfer; null when this tool sent nothing. */
export function transferOf(job: UpgradeJob, entries: readonly JournalEntry[]): Report['transfer'] {
  const { plan } = job;
  const moving = entries.some(({ event }) => event.type === 'transfer-progress' || event.type === 'transfer-completed');
  if (plan.channel === 'ion-setup' || !moving) return null;
  let resumedFrom: number | null = null;
  let bytes = 0;
  let seconds = 0;
  let last: { readonly at: string; readonly sent: number } | undefined;
  for (const { at, event } of entries) {
    if (event.type === 'transfer-completed') resumedFrom = event.resumedFrom;
    const sent =
      event.type === 'transfer-progress'
        ? event.sent
        : event.type === 'transfer-completed'
          ? plan.image.size
          : undefined;
    if (sent === undefined) {
      last = undefined;
      continue;
    }
    if (last !== undefined && sent > last.sent) {
      bytes += sent - last.sent;
      seconds += secondsBetween(last.at, at);
    }
    last = { at, sent };
  }
  return {
    totalBytes: plan.image.size,
    sentBytes: job.sent,
    resumedFrom,
    bytesPerSecond: seconds > 0 ? bytes / seconds : null,
  };
}

interface Walked {
  readonly entry: JournalEntry;
  /** Undefined before the first entry. */
  readonly before: UpgradeJob | undefined;
  readonly after: UpgradeJob;
}

/** The job around every entry: what an entry means depends on when it came. */
function walk(entries: readonly JournalEntry[]): readonly Walked[] {
  const steps: Walked[] = [];
  let job: UpgradeJob | undefined;
  for (const entry of entries) {
    const before: UpgradeJob | undefined = job;
    if (before !== undefined) job = advance(before, entry.event).job;
    else if (entry.event.type === 'created') job = begin(entry.event.plan).job;
    if (job !== undefined) steps.push({ entry, before, after: job });
  }
  return steps;
}

function sentence(event: UpgradeEvent, before: UpgradeJob | undefined): string {
  switch (event.type) {
    case 'created': {
      const { plan } = event;
      const what = `${TEXT_OF_TARGET[plan.target]} ${versionText(plan.targetVersion, '')}`.trim();
      return `${plan.by} created the job: ${what} from ${fileName(plan.file)} to ${plan.address.host}. Channel: ${TEXT_OF_CHANNEL[plan.channel]}.`;
    }
    case 'gates-evaluated': {
      const passed = event.gates.filter((gate) => gate.verdict === 'pass').length;
      return `${event.gates.length} checks were made; ${passed} passed.`;
    }
    case 'backup-verified':
      return event.bag === ''
        ? `No backup stands for this job. ${event.gate.because}`
        : `The backup ${fileName(event.bag)} was verified. ${event.gate.because}`;
    case 'before-saved':
      return 'The state of the meter before the upgrade was read and is on the disk.';
    case 'transfer-progress':
      return `${bytesText(event.sent)} of ${bytesText(event.total)} were sent.`;
    case 'transfer-completed':
      return event.resumedFrom > 0
        ? `The transfer was completed; the last attempt went on at ${bytesText(event.resumedFrom)}.`
        : 'The transfer was completed.';
    case 'image-accepted':
      return `The meter accepted what was sent. ${event.because}`;
    case 'apply-confirmed':
      return `${event.by} confirmed the point of no return.`;
    case 'apply-sent':
      return 'The meter was told to apply the image.';
    case 'meter-gone':
      return 'The meter stopped answering.';
    case 'meter-returned':
      return `The meter answers again and runs ${versionText(event.identity.firmware, 'a firmware that could not be read')}.`;
    case 'verification-started':
      return 'The meter is read again to be compared.';
    case 'compared':
      return `${event.findings.length} findings were made. Verdict: ${TEXT_OF_VERDICT[event.verdict]}.`;
    case 'reported':
      return 'A report was written.';
    case 'failed':
      return before !== undefined && isFinal(before.state)
        ? `After the end of the job: ${event.problem.title}. ${event.problem.because}`
        : `${event.problem.title}. ${event.problem.because}`;
    case 'cancel-requested':
      return before?.pastNoReturn === true
        ? 'A cancel was asked for after the point of no return and changed nothing.'
        : 'The job was cancelled.';
    case 'interrupted':
      return `The job was interrupted. ${event.because}`;
    case 'resumed':
      return `${event.by} took the job up again.`;
    case 'laptop-slept':
      return `The laptop slept for ${Math.round(secondsBetween(event.from, event.until))} s; nobody watched the meter meanwhile.`;
    case 'meter-asked':
      return event.identity === null
        ? `The meter was asked and did not say what it runs. ${event.because}`
        : `The meter was asked: it runs ${versionText(event.identity.firmware, 'a firmware that could not be read')} and says of the image: ${event.image}.`;
  }
}

function secondsBetween(from: string, to: string): number {
  const milliseconds = Date.parse(to) - Date.parse(from);
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) / 1000 : 0;
}
