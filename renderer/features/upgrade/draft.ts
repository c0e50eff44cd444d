import type { BackupListing, GatesView, Identification, PackageView } from '../../../shared/contract/views.ts';
import type { BackupItem, BackupItemId } from '../../../shared/domain/backup.ts';
import { type Gate, type GateId, type GateOverride, openGates } from '../../../shared/domain/gate.ts';
import type { JobSummary, MeterPlace, RowProgress, UpgradeChannel, UpgradeTarget } from '../../../shared/domain/job.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { IDLE, type Load } from '../ask.ts';

/** The steps before there is a job; the job decides about the others. */
export type DraftStep = 'package' | 'checks' | 'backup' | 'upgrade';
export const DRAFT_STEPS: readonly DraftStep[] = ['package', 'checks', 'backup', 'upgrade'];

/** How the backup of this upgrade stands. */
export type BackupWork =
  | { readonly state: 'none' }
  | {
      readonly state: 'taking';
      readonly message: string;
      readonly done: number;
      readonly total: number;
      /** Only while the rows of a log come. */
      readonly rows?: RowProgress;
    }
  | {
      readonly state: 'taken';
      readonly bag: string;
      readonly items: readonly BackupItem[];
      readonly fingerprint: string;
    }
  | { readonly state: 'reused'; readonly listing: BackupListing }
  /** `unheard`: the connection to the engine broke before it told the outcome, so the backup may be going on. */
  | { readonly state: 'failed'; readonly problem: Problem; readonly unheard: boolean };

/** An upgrade that is being prepared. Nothing of it has reached the meter. */
export interface Draft {
  readonly address: MeterPlace;
  readonly step: DraftStep;
  readonly by: string;
  readonly meter: Load<Identification>;
  readonly file: string | null;
  readonly package: Load<PackageView>;
  readonly target: UpgradeTarget;
  /** Null until a person chose, or until there is only one that can be chosen. */
  readonly channel: UpgradeChannel | null;
  readonly ionSetup: { readonly path?: string; readonly version?: string };
  readonly checks: Load<GatesView>;
  readonly overrides: Readonly<Partial<Record<GateId, string>>>;
  readonly bags: Load<readonly BackupListing[]>;
  readonly attach: readonly string[];
  readonly waive: Readonly<Partial<Record<BackupItemId, string>>>;
  readonly backup: BackupWork;
  readonly start: Load<JobSummary>;
}

/** A draft for a meter, with nothing chosen. */
export function emptyDraft(address: MeterPlace, by: string): Draft {
  return {
    address,
    step: 'package',
    by,
    meter: IDLE,
    file: null,
    package: IDLE,
    target: 'main',
    channel: null,
    ionSetup: {},
    checks: IDLE,
    overrides: {},
    bags: IDLE,
    attach: [],
    waive: {},
    backup: { state: 'none' },
    start: IDLE,
  };
}

/** Why Next does not go on, and where on the screen the answer is given. */
export interface Blocker {
  /** DOM id of the control or row to go to. */
  readonly target: string;
  /** Key of the sentence in the texts of the wizard. */
  readonly key: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** What stands in the way of leaving a step; empty when nothing does. */
export function blockersOf(draft: Draft, step: DraftStep): readonly Blocker[] {
  switch (step) {
    case 'package':
      return packageBlockers(draft);
    case 'checks':
      return checkBlockers(draft);
    case 'backup':
      return backupBlockers(draft);
    case 'upgrade':
      return [{ target: 'start-upgrade', key: 'blocked.notStarted' }];
  }
}

function packageBlockers(draft: Draft): readonly Blocker[] {
  const found: Blocker[] = [];
  if (draft.package.state !== 'ready') {
    const key = draft.package.state === 'failed' ? 'blocked.packageUnreadable' : 'blocked.noPackage';
    found.push({ target: 'choose-package', key });
  } else {
    const [first] = draft.package.value.problems;
    if (first !== undefined)
      found.push({ target: 'package-problem', key: 'blocked.package', values: { title: first.title } });
  }
  if (draft.channel === null) found.push({ target: 'channel', key: 'blocked.noChannel' });
  if (draft.by.trim() === '') found.push({ target: 'by', key: 'blocked.noName' });
  return found;
}

function checkBlockers(draft: Draft): readonly Blocker[] {
  if (draft.checks.state !== 'ready') return [{ target: 'run-checks', key: 'blocked.notChecked' }];
  return mostUrgentFirst(openChecks(draft.checks.value.gates, overridesOf(draft))).map((gate) => ({
    target: gateElement(gate.id),
    key: gate.verdict === 'block' ? 'blocked.gate' : gate.confirm === undefined ? 'blocked.reason' : 'blocked.confirm',
    values: { gate: gate.id },
  }));
}

function backupBlockers(draft: Draft): readonly Blocker[] {
  if (draft.backup.state === 'taking') return [{ target: 'backup-state', key: 'blocked.backupRunning' }];
  const gate = backupGate(draft);
  if (draft.backup.state === 'none' || draft.backup.state === 'failed' || gate === undefined) {
    return [{ target: 'take-backup', key: 'blocked.noBackup' }];
  }
  if (gate.verdict === 'pass') return [];
  const item = firstOpenItem(draft.backup);
  return [
    item === undefined
      ? { target: 'take-backup', key: 'blocked.backup', values: { because: gate.because } }
      : { target: itemElement(item), key: 'blocked.item', values: { item } },
  ];
}

const RANK = { block: 0, unknown: 1, warn: 1, pass: 2 } as const;

/** What has to be answered first; within that the order of the gates. */
export function mostUrgentFirst(gates: readonly Gate[]): readonly Gate[] {
  return [...gates].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
}

/** The gates that Checks has to answer; the backup has a step of its own. */
export function openChecks(gates: readonly Gate[], overrides: readonly GateOverride[]): readonly Gate[] {
  return openGates(gates, overrides).filter((gate) => gate.id !== 'backup-fresh');
}

/** What the gates say of the backup that stands for this draft. */
export function backupGate(draft: Pick<Draft, 'checks'>): Gate | undefined {
  return draft.checks.state === 'ready'
    ? draft.checks.value.gates.find((gate) => gate.id === 'backup-fresh')
    : undefined;
}

/** The bag that would be handed to the job. */
export function bagOf(work: BackupWork): string | undefined {
  if (work.state === 'taken') return work.bag;
  return work.state === 'reused' ? work.listing.bag : undefined;
}

/** The items of the backup at hand, saved or not. */
export function itemsOf(work: BackupWork): readonly BackupItem[] {
  if (work.state === 'taken') return work.items;
  return work.state === 'reused' ? work.listing.items : [];
}

function firstOpenItem(work: BackupWork): BackupItemId | undefined {
  return itemsOf(work).find((item) => item.state !== 'saved' && item.state !== 'waived')?.id;
}

/** What a person decided about gates, as the engine takes it; blank reasons are none. */
export function overridesOf(draft: Pick<Draft, 'overrides'>): GateOverride[] {
  return Object.entries(draft.overrides).flatMap(([gate, reason]) =>
    reason === undefined || reason.trim() === '' ? [] : [{ gate: gate as GateId, reason: reason.trim() }],
  );
}

/** What a person decided about items, as the engine takes it; blank reasons are none. */
export function waiversOf(draft: Pick<Draft, 'waive'>): { item: BackupItemId; reason: string }[] {
  return Object.entries(draft.waive).flatMap(([item, reason]) =>
    reason === undefined || reason.trim() === '' ? [] : [{ item: item as BackupItemId, reason: reason.trim() }],
  );
}

/** DOM id of the row of a gate. */
export function gateElement(gate: GateId): string {
  return `gate-${gate}`;
}

/** DOM id of the row of a backup item. */
export function itemElement(item: BackupItemId): string {
  return `item-${item}`;
}

/** Which channels this meter takes now, each with its reason. */
export function channelChoices(meter: Identification): readonly {
  readonly channel: UpgradeChannel;
  readonly offered: boolean;
  readonly because: string;
}[] {
  const folder = meter.capabilities.find(({ id }) => id === 'sftp-upgrade-folder');
  const ion = meter.capabilities.find(({ id }) => id === 'ion');
  return [
    { channel: 'sftp-direct', offered: folder?.state === 'open', because: folder?.because ?? '' },
    { channel: 'ion-setup', offered: true, because: ion?.because ?? '' },
  ];
}

/** Everything that a check and a start have in common; undefined while something is not chosen. */
export function questionOf(draft: Draft) {
  if (draft.file === null || draft.channel === null) return undefined;
  const { path, version } = draft.ionSetup;
  const bag = bagOf(draft.backup);
  const told = version === undefined || version.trim() === '' ? undefined : { version: version.trim(), by: draft.by };
  return {
    address: draft.address,
    file: draft.file,
    target: draft.target,
    channel: draft.channel,
    ...(bag === undefined ? {} : { backup: bag }),
    ...(path === undefined && told === undefined
      ? {}
      : { ionSetup: { ...(path === undefined ? {} : { path }), ...(told === undefined ? {} : { attested: told }) } }),
  };
}
