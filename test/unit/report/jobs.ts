import type { ReportContext } from '../../../electron/report/model.ts';
import { reportOf } from '../../../electron/report/model.ts';
import type { Report, ReportBackup } from '../../../electron/report/schema.ts';
import type { StoredJob } from '../../../electron/upgrade/job-store.ts';
import type { JournalEntry } from '../../../electron/upgrade/journal.ts';
import { replay, type UpgradeEvent, type UpgradePlan } from '../../../electron/upgrade/machine.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { problem } from '../../../shared/domain/problem.ts';
import { type Finding, overallVerdict } from '../../../shared/domain/verdict.ts';

const START = Date.parse('2026-03-01T10:00:00.000Z');
const FINGERPRINT = 'f'.repeat(64);

export const METER: MeterIdentity = {
  name: 'Feeder 12',
  model: 'ION7400',
  serial: 'MT-1509A001-02',
  firmware: { major: 4, minor: 0, patch: 0 },
  productId: 18_000,
  commercialReference: null,
  manufacturer: 'Schneider Electric',
  featureSet: 'advanced',
  simulated: true,
};
const AFTER: MeterIdentity = { ...METER, firmware: { major: 4, minor: 6, patch: 0 } };

export const PLAN: UpgradePlan = {
  job: '20260301T100000Z-MT-1509A001-02-a1b2c3',
  createdAt: new Date(START).toISOString(),
  by: 'R. Vance',
  address: {
    host: '192.0.2.17',
    ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47_808 },
    unit: 255,
    timeoutMs: 3000,
  },
  channel: 'sftp-direct',
  target: 'main',
  file: 'C:\\Users\\vance\\Downloads\\ION7400_V004.006.000.zip',
  fileSha256: 'ab'.repeat(32),
  image: { name: 'ION7400_V004.006.000.upx', size: 12_345_678, sha256: 'cd'.repeat(32) },
  targetVersion: { major: 4, minor: 6, patch: 0 },
  minimumIonSetup: '3.2.25037.01',
  before: METER,
  overrides: [{ gate: 'clock-offset', reason: 'Time server is being replaced this week.' }],
  attach: [],
  waive: [],
  folder: '',
};

const PASS: Gate = {
  id: 'package-hash',
  verdict: 'pass',
  because: 'Every file of the package has its listed hash.',
  fix: '',
};
const WARN: Gate = {
  id: 'clock-offset',
  verdict: 'warn',
  because: 'The clock of the meter is 42.0 s behind this PC.',
  fix: 'Set the clock of the meter, or say why it stays.',
};
export const BLOCK: Gate = {
  id: 'revenue-lock',
  verdict: 'block',
  because: 'The revenue lock of the meter is on.',
  fix: 'Take off the lock at the meter.',
};
const BACKUP: Gate = { id: 'backup-fresh', verdict: 'pass', because: 'Taken 2 minutes ago and verified.', fix: '' };

export const PROBLEM = problem({
  code: 'sftp/timeout',
  title: 'The meter stopped answering in the transfer',
  because: 'No answer within 30 s.',
  meterState: 'Part of the image lies on the meter; nothing was applied.',
  nextStep: 'Check the connection and resume the job.',
  details: { path: '/secret/place' },
});

export const FINDINGS: readonly Finding[] = [
  {
    id: 'firmware',
    verdict: 'verified',
    before: '4.0.0',
    after: '4.6.0',
    because: 'The meter runs 4.6.0, as intended.',
  },
  {
    id: 'serial',
    verdict: 'verified',
    before: 'MT-1509A001-02',
    after: 'MT-1509A001-02',
    because: 'The serial number is the same.',
  },
  {
    id: 'energies',
    verdict: 'verified',
    before: '12 registers',
    after: '12 registers',
    because: 'None of 12 energies became smaller.',
  },
  {
    id: 'clock',
    verdict: 'verified',
    before: '-42.0 s',
    after: '-42.3 s',
    because: 'The clock moved by 0.3 s against this PC.',
  },
];
const SMALLER: Finding = {
  id: 'energies',
  verdict: 'mismatch',
  before: '12 registers',
  after: '12 registers',
  because: '1 of 12 became smaller: Energy delivered: 5 before, 4 after.',
};
const UNREAD: Finding = {
  id: 'settings',
  verdict: 'unknown',
  before: '30 settings',
  after: '28 settings',
  because: '28 settings compared, 2 could not be read.',
};

const secured: readonly UpgradeEvent[] = [
  { type: 'gates-evaluated', gates: [PASS, WARN] },
  { type: 'backup-verified', bag: '/data/backups/MT-1509A001-02_20260301', fingerprint: FINGERPRINT, gate: BACKUP },
  { type: 'before-saved', file: '/data/jobs/x/before.json', sha256: FINGERPRINT },
];
const sent: readonly UpgradeEvent[] = [
  ...secured,
  { type: 'transfer-progress', sent: 3_000_000, total: PLAN.image.size },
  { type: 'transfer-progress', sent: 9_000_000, total: PLAN.image.size },
  { type: 'transfer-completed', resumedFrom: 0 },
  { type: 'image-accepted', because: 'Checked by the meter.' },
];
const applied: readonly UpgradeEvent[] = [
  ...sent,
  { type: 'apply-confirmed', by: 'R. Vance' },
  { type: 'apply-sent' },
  { type: 'meter-gone' },
  { type: 'meter-returned', identity: AFTER },
  { type: 'verification-started' },
];
const compared = (findings: readonly Finding[], after: MeterIdentity | null = AFTER): UpgradeEvent => ({
  type: 'compared',
  findings,
  verdict: overallVerdict(findings),
  after,
});

/** One journal for each way in which an upgrade can end or stay open; every entry comes 10 s after the one before. */
export const JOBS = {
  verified: jobOf([...applied, compared(FINDINGS)]),
  mismatch: jobOf([...applied, compared([...FINDINGS.slice(0, 2), SMALLER])]),
  unknown: jobOf([...applied, compared([...FINDINGS, UNREAD])]),
  blocked: jobOf([{ type: 'gates-evaluated', gates: [PASS, WARN, BLOCK] }]),
  failed: jobOf([...secured, { type: 'failed', problem: PROBLEM }]),
  cancelled: jobOf([
    ...secured,
    { type: 'transfer-progress', sent: 3_000_000, total: PLAN.image.size },
    { type: 'cancel-requested' },
  ]),
  interrupted: jobOf([
    ...sent.slice(0, 4),
    { type: 'interrupted', because: 'The transfer broke 4 times.', problem: PROBLEM },
  ]),
  afterNoReturn: jobOf([...sent, { type: 'apply-confirmed', by: 'R. Vance' }, { type: 'failed', problem: PROBLEM }]),
  running: jobOf(sent.slice(0, 5)),
  justCreated: jobOf([]),
  resumed: jobOf([
    ...sent.slice(0, 4),
    { type: 'interrupted', because: 'The program that worked on this job ended.', problem: null },
    { type: 'resumed', by: 'A. Okafor' },
    { type: 'meter-asked', identity: METER, image: 'none', because: 'The meter answered.' },
    ...secured,
    { type: 'transfer-completed', resumedFrom: 3_000_000 },
    { type: 'image-accepted', because: 'Checked by the meter.' },
    { type: 'apply-confirmed', by: 'A. Okafor' },
    { type: 'meter-gone' },
    { type: 'meter-returned', identity: AFTER },
    { type: 'verification-started' },
    compared(FINDINGS),
    { type: 'failed', problem: PROBLEM },
  ]),
  handOff: jobOf(
    [
      ...secured,
      { type: 'meter-gone' },
      { type: 'meter-returned', identity: AFTER },
      { type: 'verification-started' },
      compared(FINDINGS),
    ],
    {
      channel: 'ion-setup',
    },
  ),
  webPages: jobOf(
    [
      ...sent,
      { type: 'verification-started' },
      compared(
        [
          ...FINDINGS,
          { id: 'file', verdict: 'verified', before: 'cd'.repeat(32), after: 'cd'.repeat(32), because: 'Read back.' },
        ],
        METER,
      ),
    ],
    {
      target: 'web-pages',
      targetVersion: null,
    },
  ),
} as const;

/** A job whose journal has these events after `created`. */
export function jobOf(events: readonly UpgradeEvent[], plan: Partial<UpgradePlan> = {}): Omit<StoredJob, 'folder'> {
  const all: readonly UpgradeEvent[] = [{ type: 'created', plan: { ...PLAN, ...plan } }, ...events];
  const step = replay(all);
  if (step === undefined) throw new Error('The journal of a fixture does not begin a job.');
  const entries: JournalEntry[] = all.map((event, seq) => ({
    seq,
    at: new Date(START + seq * 10_000).toISOString(),
    event,
    previous: '0'.repeat(64),
  }));
  return { job: step.job, entries };
}

export const EVIDENCE: ReportBackup['evidence'] = {
  read: true,
  startedAt: '2026-03-01T09:55:00.000Z',
  endedAt: '2026-03-01T09:58:00.000Z',
  by: 'R. Vance',
  toolVersion: '0.1.0',
  clock: {
    meterUtc: '2026-03-01T09:54:18.000Z',
    pcUtc: '2026-03-01T09:55:00.000Z',
    offsetSeconds: -42,
    uncertaintySeconds: 0.6,
    source: 'date-time-registers',
    because: '',
  },
  items: [
    { id: 'identity', state: 'saved', count: 9, bytes: 812, because: 'All fields were read.' },
    {
      id: 'registers',
      state: 'partial',
      count: 310,
      expected: 312,
      bytes: 20_480,
      because: '2 registers did not answer.',
    },
    {
      id: 'recorder-logs',
      state: 'waived',
      count: 0,
      bytes: 0,
      because: 'No open protocol reaches them.',
      waiver: { by: 'R. Vance', reason: 'Exported with ION Setup yesterday, ticket 4711.' },
    },
    { id: 'event-log', state: 'unreachable', count: 0, bytes: 0, because: 'Only ION Setup reads it.' },
    { id: 'comtrade', state: 'failed', count: 0, bytes: 0, because: 'The folder could not be listed.' },
  ],
  gaps: ['Users and passwords: no protocol gives them out.'],
};

const CONTEXT: ReportContext = {
  toolVersion: '0.1.0',
  now: new Date('2026-03-01T11:00:00.000Z'),
  evidence: EVIDENCE,
  configurations: [
    {
      run: '2026-03-01T10-30-00-000Z_bacnet_a1b2c3',
      at: '2026-03-01T10:30:00.000Z',
      by: 'R. Vance',
      area: 'bacnet',
      settings: [
        { id: 'deviceId', from: '471955', to: '6022', outcome: 'written', because: 'It was read again.' },
        { id: 'enabled', from: 'false', to: 'true', outcome: 'unknown', because: '' },
      ],
      problem: 'The meter stopped answering. No answer within 5 s.',
    },
  ],
  journalTip: 'e'.repeat(64),
  signature: { signed: true, algorithm: 'Ed25519', fingerprint: 'SHA256:abc', check: 'Check it with OpenSSL.' },
};

export function reportFor(job: Omit<StoredJob, 'folder'>, context: Partial<ReportContext> = {}): Report {
  return reportOf(job, { ...CONTEXT, ...context });
}
