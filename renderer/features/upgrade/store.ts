import { create } from 'zustand';
import type { BackupItemId } from '../../../shared/domain/backup.ts';
import type { Gate, GateId } from '../../../shared/domain/gate.ts';
import type { MeterPlace, UpgradeChannel, UpgradeTarget } from '../../../shared/domain/job.ts';
import { engine } from '../../engine/client.ts';
import { ask, askPlain, BUSY, IDLE, loaded, lost } from '../ask.ts';
import { channelChoices, type Draft, type DraftStep, emptyDraft, overridesOf, questionOf, waiversOf } from './draft.ts';
import { dropDraft, keepDraft, recallDraft } from './draft-memory.ts';
import { keepRefusal, samePlace, takeRefusal } from './place.ts';
import type { Step } from './steps.ts';

/**
 * What the wizard shows: nothing yet, an upgrade that is being prepared, or a job. Of a job it holds the name only; everything else of it is
 * in the jobs of the engine. `look` is a step that the person went back to, null to follow the job.
 */
export type Wizard =
  | { readonly kind: 'closed' }
  | { readonly kind: 'draft'; readonly draft: Draft }
  | { readonly kind: 'job'; readonly job: string; readonly look: Step | null };

export const useWizard = create<{ readonly wizard: Wizard }>(() => ({ wizard: { kind: 'closed' } }));

/** Each question is answered only if it is still the newest of its kind: a late answer must not overwrite a newer choice. */
const newest = { meter: 0, package: 0, checks: 0, backup: 0 };

function current(): Draft | undefined {
  const { wizard } = useWizard.getState();
  return wizard.kind === 'draft' ? wizard.draft : undefined;
}

/** Whether the wizard still shows the meter that was asked about: an answer about one meter is never put to another. */
function shows({ address }: Draft): boolean {
  const draft = current();
  return draft !== undefined && samePlace(draft.address, address);
}

function change(part: Partial<Draft>): void {
  useWizard.setState(({ wizard }) =>
    wizard.kind === 'draft' ? { wizard: { kind: 'draft', draft: { ...wizard.draft, ...part } } } : { wizard },
  );
}

/** The gates were about something else: they have to be asked again. */
const STALE = { checks: IDLE } as const;

/** Opens the wizard for a meter; a draft for the same meter is kept as it is. */
export function openDraft(address: MeterPlace, by: string): void {
  const draft = current();
  if (draft !== undefined && samePlace(draft.address, address)) return;
  for (const kind of ['meter', 'package', 'checks', 'backup'] as const) newest[kind] += 1;
  const kept = recallDraft(sessionStorage, address);
  const problem = takeRefusal(address);
  const fresh: Draft = { ...emptyDraft(address, by), ...(problem && { start: { state: 'failed', problem } }) };
  if (kept === undefined) {
    useWizard.setState({ wizard: { kind: 'draft', draft: fresh } });
    void identify();
    return;
  }
  const { bag, taking, ...words } = kept;
  // What is shown is kept again at once: it must not say that nothing was being taken before the engine was asked.
  const backup = taking ? ({ state: 'taking', message: '', done: 0, total: 0 } as const) : fresh.backup;
  const draftAgain: Draft = { ...fresh, ...words, backup };
  useWizard.setState({ wizard: { kind: 'draft', draft: draftAgain } });
  void askAgain(draftAgain, bag, taking);
}

/**
 * After a reload: everything that a kept draft was based on is read and asked again, and nothing of it is believed before. The meter is asked
 * after a backup that is under way: the backup holds a session of it, which would look like one that others hold.
 */
async function askAgain(draft: Draft, bag: string | null, taking: boolean): Promise<void> {
  if (taking) await followAgain(draft);
  if (!shows(draft)) return;
  await identify();
  if (!shows(draft) || draft.file === null) return;
  if (!(await inspectAgain(draft.file)) || current()?.step === 'package') return;
  if (bag !== null) {
    const bags = await askPlain(() => engine.backups.list());
    if (!shows(draft)) return;
    const listing = bags.ok ? bags.value.find((one) => one.bag === bag) : undefined;
    if (listing !== undefined && current()?.backup.state === 'none') change({ backup: { state: 'reused', listing } });
  }
  await runChecks();
  if (current()?.step === 'backup') await findBags();
}

/** Reads the package of a kept draft; false where it cannot be read, or another one was chosen meanwhile. */
async function inspectAgain(file: string): Promise<boolean> {
  const turn = ++newest.package;
  change({ package: BUSY });
  const found = await ask(() => engine.packages.inspect({ file }));
  if (turn !== newest.package) return false;
  change({ package: loaded(found) });
  return found.ok;
}

/** A backup went on without the page; it may have ended meanwhile, and an engine that was started anew knows nothing of it. */
async function followAgain(draft: Draft): Promise<void> {
  await followBackup(() => engine.backups.follow({ address: draft.address }));
  if (shows(draft) && current()?.backup.state === 'taking') change({ backup: { state: 'none' } });
}

/** What a person typed survives the page; a job that was made of it needs it no more. */
useWizard.subscribe(({ wizard }, { wizard: before }) => {
  if (wizard.kind === 'draft') keepDraft(sessionStorage, wizard.draft);
  else if (wizard.kind === 'job' && before.kind === 'draft') dropDraft(sessionStorage, before.draft.address);
});

/** Shows a job, at the step at which it stands or at another one; a job that is shown already stays at its step. */
export function openJob(job: string, look: Step | null = null): void {
  const { wizard } = useWizard.getState();
  if (wizard.kind === 'job' && wizard.job === job && look === null) return;
  useWizard.setState({ wizard: { kind: 'job', job, look } });
}

/** Looks at another step of the job; null follows it again. */
export function lookAt(look: Step | null): void {
  useWizard.setState(({ wizard }) => (wizard.kind === 'job' ? { wizard: { ...wizard, look } } : { wizard }));
}

/** Leaves a job alone; a draft stays. */
export function forgetJob(): void {
  if (useWizard.getState().wizard.kind === 'job') useWizard.setState({ wizard: { kind: 'closed' } });
}

/** Asks the meter who it is and what it can do. Uses the login that the engine remembers, and none where it remembers none. */
export async function identify(): Promise<void> {
  const draft = current();
  if (draft === undefined) return;
  const turn = ++newest.meter;
  change({ meter: BUSY });
  const found = await ask(() => engine.meters.identify({ address: draft.address }));
  if (turn !== newest.meter) return;
  change({ meter: loaded(found) });
  const now = current();
  if (!found.ok || now === undefined) return;
  const offered = channelChoices(found.value).filter((choice) => choice.offered);
  if (now.channel !== null && !offered.some(({ channel }) => channel === now.channel))
    change({ channel: null, ...STALE });
}

export async function choosePackage(file: string): Promise<void> {
  const turn = ++newest.package;
  change({ file, package: BUSY, target: 'main', ...STALE });
  const found = await ask(() => engine.packages.inspect({ file }));
  if (turn === newest.package) change({ package: loaded(found) });
}

export function chooseChannel(channel: UpgradeChannel): void {
  change(channel === 'ion-setup' ? { channel, target: 'main', ...STALE } : { channel, ...STALE });
}

export function chooseTarget(target: UpgradeTarget): void {
  change({ target, ...STALE });
}

export function setName(by: string): void {
  change({ by });
}

export function setIonSetup(ionSetup: Draft['ionSetup']): void {
  change({ ionSetup });
}

export function overrideGate(gate: GateId, reason: string): void {
  const draft = current();
  if (draft !== undefined) change({ overrides: { ...draft.overrides, [gate]: reason } });
}

export function attach(files: readonly string[]): void {
  const draft = current();
  if (draft === undefined) return;
  change({ attach: [...draft.attach, ...files.filter((file) => !draft.attach.includes(file))] });
}

export function detach(file: string): void {
  const draft = current();
  if (draft !== undefined) change({ attach: draft.attach.filter((one) => one !== file) });
}

export function waive(item: BackupItemId, reason: string): void {
  const draft = current();
  if (draft !== undefined) change({ waive: { ...draft.waive, [item]: reason } });
}

export function goTo(step: DraftStep): void {
  change({ step });
  const draft = current();
  if (draft === undefined) return;
  if (step === 'checks' && draft.checks.state === 'idle') void runChecks();
  if (step === 'backup' && draft.bags.state === 'idle') void findBags();
}

/** Runs all gates on what the meter and this laptop say now. Resolves with them when they are on the screen; with none where there is no answer to show. */
export async function runChecks(): Promise<readonly Gate[]> {
  const draft = current();
  const question = draft === undefined ? undefined : questionOf(draft);
  if (question === undefined) return [];
  const turn = ++newest.checks;
  change({ checks: BUSY });
  const found = await ask(() => engine.checks.run(question));
  if (turn !== newest.checks) return [];
  change({ checks: loaded(found) });
  return found.ok ? found.value.gates : [];
}

/** Looks for backups of this meter; one that counts is taken over. */
async function findBags(): Promise<void> {
  const draft = current();
  if (draft === undefined || draft.meter.state !== 'ready') return;
  const { serial } = draft.meter.value.identity;
  change({ bags: BUSY });
  const found = await askPlain(() => engine.backups.list());
  if (!shows(draft)) return;
  if (!found.ok) return change({ bags: loaded(found) });
  const ofMeter = found.value.filter((bag) => serial !== null && bag.serial === serial);
  change({ bags: loaded({ ok: true, value: ofMeter }) });
  const gate = current()?.checks;
  const passes =
    gate?.state === 'ready' && gate.value.gates.some(({ id, verdict }) => id === 'backup-fresh' && verdict === 'pass');
  const [newestBag] = ofMeter;
  if (passes && newestBag !== undefined && current()?.backup.state === 'none') await reuse(newestBag.bag);
}

/** Takes an existing backup for this upgrade; the gates say whether it counts. */
export async function reuse(bag: string): Promise<void> {
  const draft = current();
  const listing = draft?.bags.state === 'ready' ? draft.bags.value.find((one) => one.bag === bag) : undefined;
  if (listing === undefined) return;
  change({ backup: { state: 'reused', listing } });
  await runChecks();
}

/** Takes a backup with what was attached and waived, and asks the gates about it. */
export async function takeBackup(): Promise<void> {
  const draft = current();
  if (draft === undefined) return;
  const { address, by } = draft;
  const input = { address, by, attach: [...draft.attach], waive: waiversOf(draft) };
  change({ backup: { state: 'taking', message: '', done: 0, total: 0 } });
  const turn = await followBackup(() => engine.backups.take(input));
  if (turn === newest.backup && current()?.backup.state === 'taken') await Promise.all([runChecks(), findBags()]);
}

/** Ends the backup that is being taken; it then fails with that as its reason. */
export async function stopBackup(): Promise<void> {
  const draft = current();
  if (draft !== undefined) await askPlain(() => engine.backups.stop({ address: draft.address }));
}

/** Shows how a backup goes until its outcome; answers with its turn, which a newer backup ends. */
async function followBackup(open: () => ReturnType<typeof engine.backups.take>): Promise<number> {
  const turn = ++newest.backup;
  try {
    for await (const event of await open()) {
      if (turn !== newest.backup) return turn;
      if (event.type === 'progress') {
        const { item: _, ...progress } = event.progress;
        change({ backup: { state: 'taking', ...progress } });
      } else if (event.type === 'failed') {
        change({ backup: { state: 'failed', problem: event.problem, unheard: false } });
      } else {
        const { bag, items, fingerprint } = event.result;
        change({ backup: { state: 'taken', bag, items, fingerprint } });
      }
    }
  } catch (thrown) {
    if (turn === newest.backup) change({ backup: { state: 'failed', problem: lost(thrown), unheard: true } });
  }
  return turn;
}

/** Makes the job. From here on the engine knows more than the page. */
export async function startUpgrade(): Promise<void> {
  const draft = current();
  const question = draft === undefined ? undefined : questionOf(draft);
  if (draft === undefined || question === undefined || draft.start.state === 'busy') return;
  change({ start: BUSY });
  const started = await ask(() =>
    engine.upgrades.start({
      ...question,
      overrides: overridesOf(draft),
      attach: [...draft.attach],
      waive: waiversOf(draft),
      by: draft.by.trim(),
      folder: '',
    }),
  );
  if (!shows(draft)) {
    if (started.ok) dropDraft(sessionStorage, draft.address);
    else keepRefusal(draft.address, started.problem);
  } else if (started.ok) openJob(started.value.job);
  else change({ start: loaded(started) });
}
