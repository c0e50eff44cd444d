import { type Gate, type GateOverride, openGates } from '../../shared/domain/gate.ts';
import type { Problem } from '../../shared/domain/problem.ts';
import type { StoredJob } from '../upgrade/job-store.ts';
import { isFinal, type UpgradeJob } from '../upgrade/machine.ts';
import { stagesOf, timelineOf, transferOf } from './document/timeline.ts';
import { fileName, findingName, TEXT_OF_STATE, utcText } from './document/words.ts';
import type { Report, ReportBackup, ReportSignature } from './schema.ts';

/** What a report needs besides the job. */
export interface ReportContext {
  readonly toolVersion: string;
  readonly now: Date;
  /** What the bag on the disk says, or why it says nothing; not looked at for a job without a backup. */
  readonly evidence: ReportBackup['evidence'];
  /** A later backup of the same meter, after the upgrade; see the schema. */
  readonly later?: ReportBackup['later'];
  /** Settings applied since the job began, oldest first. */
  readonly configurations?: Report['configurations'];
  /** SHA-256 (hex) of the last line of the journal among the entries of the job. */
  readonly journalTip: string;
  readonly signature: ReportSignature;
}

/** One job as a report. Pure: the same journal and context give the same report; every verdict in it is the job's own. */
export function reportOf(stored: Omit<StoredJob, 'folder'>, context: ReportContext): Report {
  const { job, entries } = stored;
  const { plan } = job;
  return {
    format: 'meterwright-report/1',
    headline: headlineOf(stored),
    job: plan.job,
    state: job.state,
    ended: isFinal(job.state),
    verdict: job.verdict,
    verdictMeans: verdictMeans(job),
    simulated: plan.before.simulated || job.after?.simulated === true,
    tool: { name: 'Meterwright', version: context.toolVersion },
    writtenAt: context.now.toISOString(),
    createdAt: plan.createdAt,
    lastEventAt: entries.at(-1)?.at ?? plan.createdAt,
    people: peopleOf(stored),
    address: { host: plan.address.host, modbusPort: plan.address.ports.modbus, unit: plan.address.unit },
    channel: plan.channel,
    target: plan.target,
    before: plan.before,
    after: job.after,
    package: {
      file: fileName(plan.file),
      sha256: plan.fileSha256,
      image: plan.image,
      targetVersion: plan.targetVersion,
      minimumIonSetup: plan.minimumIonSetup,
    },
    pointOfNoReturn: pointOfNoReturn(stored),
    problem: job.problem === null ? null : withoutDetails(job.problem),
    findings: [...job.findings],
    notCompared: notCompared(job),
    gates: job.gates.map((gate) => gateOf(gate, plan.overrides, plan.by)),
    backup:
      job.bag === null || job.bag.path === ''
        ? null
        : {
            bag: fileName(job.bag.path),
            fingerprint: job.bag.fingerprint,
            evidence: context.evidence,
            ...(context.later === undefined ? {} : { later: context.later }),
          },
    ...(context.configurations === undefined || context.configurations.length === 0
      ? {}
      : { configurations: context.configurations }),
    transfer: transferOf(job, entries),
    stages: stagesOf(entries),
    timeline: timelineOf(entries),
    journal: { lines: entries.length, tip: context.journalTip, check: journalCheck(entries.length) },
    signature: context.signature,
  };
}

/** The first line of every report. */
function headlineOf({ job, entries }: Omit<StoredJob, 'folder'>): string {
  switch (job.state) {
    case 'done':
      return `The job was carried out. ${verdictMeans(job)}`;
    case 'failed':
      return `The job failed: ${job.problem?.title ?? 'the reason is not known'}.`;
    case 'cancelled':
      return `The job was cancelled before anything was applied.${job.sent > 0 ? ' What was sent until then may lie on the meter.' : ''}`;
    default: {
      const at = utcText(entries.at(-1)?.at ?? job.plan.createdAt);
      const state = job.state === 'interrupted' ? (job.interruptedAt ?? 'prepared') : job.state;
      const word = job.state === 'interrupted' ? 'It was interrupted when' : 'At its last record';
      return `This job has not ended. ${word} ${TEXT_OF_STATE[state]} (${at}).`;
    }
  }
}

function verdictMeans(job: UpgradeJob): string {
  switch (job.verdict) {
    case 'verified':
      return 'The meter was read again and everything that was compared is as it should be.';
    case 'mismatch': {
      const names = job.findings.filter(({ verdict }) => verdict === 'mismatch').map(({ id }) => findingName(id));
      return `The meter was read again and is not as it should be: ${names.join(', ')}.`;
    }
    case 'unknown': {
      const names = job.findings.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => findingName(id));
      return `The meter was read again, and not everything could be compared${names.length === 0 ? '' : `: ${names.join(', ')}`}.`;
    }
    case null:
      return 'There is no verdict: the meter was not compared after the upgrade.';
  }
}

function peopleOf({ job, entries }: Omit<StoredJob, 'folder'>): Report['people'] {
  const people: Report['people'] = [{ did: 'Created the job', by: job.plan.by }];
  for (const { event } of entries) {
    if (event.type === 'resumed') people.push({ did: 'Took the job up again', by: event.by });
    if (event.type === 'apply-confirmed') people.push({ did: 'Confirmed the point of no return', by: event.by });
  }
  const seen = new Set<string>();
  return people.filter(({ did, by }) => {
    const key = JSON.stringify([did, by]);
    return !seen.has(key) && seen.add(key);
  });
}

function pointOfNoReturn({ job, entries }: Omit<StoredJob, 'folder'>): Report['pointOfNoReturn'] {
  if (job.plan.target !== 'main') {
    return { passed: false, because: 'A file in a documented folder can be replaced again; there is no such point.' };
  }
  if (!job.pastNoReturn) return { passed: false, because: 'Nothing was applied by this job.' };
  const confirmed = entries.find(({ event }) => event.type === 'apply-confirmed');
  if (confirmed?.event.type === 'apply-confirmed') {
    return { passed: true, because: `Confirmed by ${confirmed.event.by} at ${utcText(confirmed.at)}.` };
  }
  return { passed: true, because: 'Seen on the meter, not confirmed in this tool: the upgrade was started elsewhere.' };
}

function gateOf(gate: Gate, overrides: readonly GateOverride[], by: string): Report['gates'][number] {
  if (gate.verdict === 'pass') return { ...gate, outcome: 'passed', override: null };
  if (openGates([gate], overrides).length > 0) return { ...gate, outcome: 'stops', override: null };
  const reason = overrides.find((override) => override.gate === gate.id)?.reason ?? '';
  return { ...gate, outcome: 'overridden', override: { reason, by } };
}

/** What nobody may conclude from the findings. */
function notCompared(job: UpgradeJob): string[] {
  if (job.findings.length === 0)
    return ['Nothing was compared; the report makes no statement about the meter after the job.'];
  return [
    ...job.findings
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ id, because }) => `${findingName(id)}: ${because}`),
    'Settings that have no register in the map of this meter are not readable over open protocols and were not compared: among them the ION module setup, the set-up of the data recorders, users and passwords. ION Setup reads them.',
    'Live values change by themselves and were not compared.',
    'The contents of the data recorders and of the event log were not read again after the upgrade.',
    ...(job.plan.target === 'main'
      ? []
      : ['Whether the meter uses the file cannot be read over open protocols; only the file itself was compared.']),
  ];
}

function withoutDetails({ code, title, because, meterState, nextStep }: Problem): NonNullable<Report['problem']> {
  return { code, title, because, meterState, nextStep };
}

function journalCheck(lines: number): string {
  return `SHA-256 of line ${lines} of journal.jsonl without its line break; each line names the hash of the one before it in "previous". With GNU tools: head -n ${lines} journal.jsonl | tail -n 1 | tr -d '\\n' | sha256sum`;
}
