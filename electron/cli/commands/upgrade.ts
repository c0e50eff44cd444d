import type { BackupItemId } from '../../../shared/domain/backup.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Gate, GateOverride } from '../../../shared/domain/gate.ts';
import type { HandOff } from '../../../shared/domain/hand-off.ts';
import type { JobSummary, UpgradeChannel, UpgradeTarget } from '../../../shared/domain/job.ts';
import { ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { templateHandOff } from '../../firmware/channels/ion-setup.ts';
import { digestOf } from '../../firmware/digest.ts';
import { readWholeFile } from '../../firmware/read-file.ts';
import { identifyMeter } from '../../services/meters.ts';
import type { StartedUpgrade } from '../../services/upgrades/live-jobs.ts';
import { createUpgrades, type Upgrades } from '../../services/upgrades/upgrades.ts';
import { accessFor, type CommandContext, houseFor, personAtThisPc } from '../context.ts';
import { findCredentials, prompt } from '../options.ts';
import {
  EXIT,
  type ExitCode,
  exitFor,
  failedOutcome,
  jobLine,
  type Outcome,
  problemLines,
  table,
} from '../terminal.ts';
import { identityDocument } from './meters.ts';

export interface CheckOptions {
  readonly package: string;
  readonly target: UpgradeTarget;
  readonly channel: UpgradeChannel;
  readonly backup?: string;
  readonly ionSetup?: string;
  readonly ionSetupVersion?: string;
}

export interface UpgradeOptions extends Omit<CheckOptions, 'package' | 'target'> {
  readonly package?: string;
  readonly target: UpgradeTarget | 'template';
  readonly override?: readonly GateOverride[];
  readonly attach?: readonly string[];
  readonly waive?: readonly { readonly item: BackupItemId; readonly reason: string }[];
  readonly yes: boolean;
  readonly by?: string;
  readonly resume?: string;
  readonly folder: string;
}

/** `check HOST --package FILE`: exit 4 when a gate blocks. */
export async function check(context: CommandContext, host: string, options: CheckOptions): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const checked = await createUpgrades(house.value).check(
    access,
    requestOf(options, options.package, options.target),
    context.signal,
  );
  if (!checked.ok) return failedOutcome(checked.problem);
  const { gates, blocked } = checked.value;
  if (!blocked) return { exit: EXIT.done, document: { gates, blocked }, lines: gateLines(gates) };
  const cause = blockedProblem(gates);
  return {
    exit: EXIT.blocked,
    document: { problem: cause, gates, blocked },
    lines: [...gateLines(gates), '', ...problemLines(cause)],
  };
}

/** `upgrade HOST --package FILE` and `upgrade --resume JOB` */
export async function upgrade(
  context: CommandContext,
  host: string | undefined,
  options: UpgradeOptions,
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  if (options.target === 'template') return template(context, host, options);
  const upgrades = createUpgrades(house.value);
  const target = options.target;
  const ended = await follow(
    context,
    upgrades,
    () => begin(context, upgrades, host, { ...options, target }),
    options.yes,
  );
  if (ended.ok) return jobOutcome(ended.value);
  const { problem: cause } = ended;
  switch (cause.code) {
    case 'upgrade/nothing-to-do':
      return failedOutcome(cause, { job: null, state: 'nothing-to-do' }, EXIT.nothingToDo);
    case 'usage':
      return failedOutcome(cause, {}, EXIT.usage);
    default:
      return failedOutcome(cause);
  }
}

async function begin(
  context: CommandContext,
  upgrades: Upgrades,
  host: string | undefined,
  options: UpgradeOptions & { readonly target: UpgradeTarget },
): Promise<Result<StartedUpgrade>> {
  const by = options.by ?? personAtThisPc();
  const { attach = [], waive = [], override = [] } = options;
  if (options.resume !== undefined) {
    if (host !== undefined || options.package !== undefined) {
      return usage('--resume takes the meter and the package from the job; give neither HOST nor --package.');
    }
    const credentials = await findCredentials(process.env, true);
    return upgrades.resume(options.resume, { by, credentials, attach, waive, ...ionSetupOf(options) });
  }
  if (host === undefined || options.package === undefined)
    return usage('Give HOST and --package FILE, or --resume JOB.');
  const access = await accessFor(host, context.options, true);
  return upgrades.start(access, {
    ...requestOf(options, options.package, options.target),
    overrides: [...override],
    attach: [...attach],
    waive: [...waive],
    by,
    folder: options.folder,
  });
}

/**
 * Starts a job and shows it until it ends; one job at a time. The first Ctrl-C is a cancel; the second stops the watching and says what state the
 * meter is in. Listens before it starts, because a job's first words come at once.
 */
export async function follow(
  context: CommandContext,
  upgrades: Upgrades,
  begin: () => Promise<Result<StartedUpgrade>>,
  yes: boolean,
): Promise<Result<JobSummary>> {
  const { terminal, signal } = context;
  let shown = false;
  const stop = upgrades.listen((event) => {
    if (event.type === 'progress') terminal.progress(jobLine(event.progress));
    if (event.type === 'asks') void answer(event.job);
    if (event.type === 'changed') showHandOff(event.summary.job);
  });

  async function answer(job: string): Promise<void> {
    upgrades.confirm(job, yes || (await askApply(context)));
  }
  function showHandOff(job: string): void {
    const instructions = upgrades.handOff(job);
    if (shown || !instructions.ok || instructions.value === null) return;
    shown = true;
    for (const line of handOffLines(instructions.value)) terminal.say(line);
  }
  async function cancel(job: string): Promise<void> {
    const cancelled = await upgrades.cancel(job);
    if (!cancelled.ok || cancelled.value !== 'too-late') return;
    terminal.say('Too late to cancel: the meter applies the image by itself. Ctrl-C again stops the watching.');
  }

  try {
    const started = await begin();
    if (!started.ok) return started;
    const { job } = started.value.summary;
    const onAbort = (): void => void cancel(job);
    context.onSecondStop(() => upgrades.detach(job));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    return ok(await started.value.done);
  } finally {
    stop();
    terminal.settle();
  }
}

async function askApply(context: CommandContext): Promise<boolean> {
  context.terminal.say('The image is on the meter and was accepted. Applying it cannot be undone.');
  if (!process.stdin.isTTY) {
    context.terminal.say('There is no terminal to ask on: give --yes to apply without a question.');
    return false;
  }
  return (await prompt('Type APPLY to go on: ', false)) === 'APPLY';
}

/** What a job leaves behind, as a document and for people. */
function jobOutcome(summary: JobSummary): Outcome {
  const document = {
    job: summary.job,
    state: summary.state,
    verdict: summary.verdict,
    before: summary.before === null ? null : identityDocument(summary.before),
    after: summary.after === null ? null : identityDocument(summary.after),
    findings: summary.findings,
    report: summary.report,
  };
  const exit = exitOf(summary);
  if (exit === EXIT.done) return { exit, document, lines: jobLines(summary) };
  const cause = summary.problem ?? unverified(summary);
  return {
    exit,
    document: { problem: cause, ...document },
    lines: [...jobLines(summary), '', ...problemLines(cause), ...overrideLines(summary)],
  };
}

/** What to type to go on in spite of warnings; nothing where a gate blocks, because no reason helps there. */
function overrideLines(summary: JobSummary): readonly string[] {
  const { problem: cause, serial } = summary;
  const gates = cause?.code === 'upgrade/blocked' ? String(cause.details['gates'] ?? '') : '';
  if (gates === '' || gates.includes('=block')) return [];
  const options = gates
    .split(', ')
    .map((gate) => gate.slice(0, gate.indexOf('=')))
    .map((gate) => `--override ${gate}=${gate === 'irreversible' && serial !== null ? serial : 'REASON'}`);
  return [
    '  To go on in spite of that, each with a reason for the records:',
    ...options.map((option) => `    ${option}`),
  ];
}

function exitOf(summary: JobSummary): ExitCode {
  switch (summary.state) {
    case 'done':
      return summary.verdict === 'verified' ? EXIT.done : EXIT.failed;
    case 'interrupted':
    case 'cancelled':
      return EXIT.interrupted;
    default:
      return summary.problem === null ? EXIT.failed : exitFor(summary.problem);
  }
}

export function jobLines(summary: JobSummary): readonly string[] {
  return [
    `Job      ${summary.job}${summary.simulated ? '  SIMULATED' : ''}`,
    `State    ${summary.state}${summary.verdict === null ? '' : `, ${summary.verdict}`}`,
    ...(summary.findings.length === 0
      ? []
      : [
          '',
          ...table(
            ['What', 'Verdict', 'Before', 'After', 'Because'],
            summary.findings.map(({ id, verdict, before, after, because }) => [id, verdict, before, after, because]),
          ),
          '',
        ]),
    ...(summary.report === null ? [] : [`Report   ${summary.report}`]),
  ];
}

/** Gates as people read them: what to do stands beside the reason, and only where something is to be done. */
export function gateLines(gates: readonly Gate[]): readonly string[] {
  return table(
    ['Gate', 'Verdict', 'Because'],
    gates.map(({ id, verdict, because, fix, confirm }) => {
      if (verdict === 'pass') return [id, verdict, because];
      const exactly = confirm === undefined ? '' : ` Override with exactly: ${confirm}`;
      return [id, verdict, `${because} -> ${fix}${exactly}`];
    }),
  );
}

function blockedProblem(gates: readonly Gate[]): Problem {
  const blocking = gates.filter((gate) => gate.verdict === 'block');
  return problem({
    code: 'upgrade/blocked',
    title: blocking.length === 1 ? 'A check stands in the way' : `${blocking.length} checks stand in the way`,
    because: blocking.map((gate) => `${gate.id}: ${gate.because}`).join(' '),
    nextStep: blocking[0]?.fix ?? '',
  });
}

/** Why a job that has no problem of its own is not a success. */
export function unverified(summary: JobSummary): Problem {
  const open = summary.findings.filter((finding) => finding.verdict !== 'verified');
  return problem({
    code:
      summary.verdict === 'mismatch'
        ? 'upgrade/mismatch'
        : `upgrade/${summary.state === 'cancelled' ? 'cancelled' : 'not-verified'}`,
    title: summary.state === 'cancelled' ? 'Cancelled' : 'Not everything is verified',
    because:
      summary.state === 'cancelled'
        ? 'The job was cancelled before the point of no return.'
        : open.map((finding) => `${finding.id}: ${finding.because}`).join(' '),
    meterState: summary.state === 'cancelled' ? cancelledState(summary) : answersState(summary),
    nextStep:
      summary.state === 'cancelled' ? 'Start a new upgrade when you are ready.' : 'Look at each finding in the report.',
  });
}

/** The summary does not say whether bytes were sent, so it is not said that none are on the meter. */
function cancelledState({ channel }: JobSummary): string {
  const whole = 'Nothing was applied; the meter runs what it ran before.';
  return channel === 'ion-setup' ? whole : `${whole} What was sent may still lie on the meter.`;
}

function answersState({ after }: JobSummary): string {
  const version = after?.firmware ?? null;
  return version === null ? 'The meter answers.' : `The meter answers and runs ${formatFirmware(version)}.`;
}

/** A template is opaque to open protocols: the command gives the instructions, with the values to compare. */
async function template(context: CommandContext, host: string | undefined, options: UpgradeOptions): Promise<Outcome> {
  if (host === undefined || options.package === undefined) {
    const refused = usage('Give HOST and --package FILE with the template.');
    return failedOutcome(refused.problem, {}, EXIT.usage);
  }
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  if (!options.package.toLowerCase().endsWith('.dcf')) {
    return failedOutcome(
      problem({
        code: 'upgrade/not-a-template',
        title: 'This is not a template',
        because: 'Templates of ION Setup have names that end in .dcf.',
        nextStep: 'Take the .dcf file out of the firmware package, or the one that ION Setup saved, and give that.',
      }),
    );
  }
  const file = await readWholeFile(options.package, context.signal);
  if (!file.ok) return failedOutcome(file.problem);
  const access = await accessFor(host, context.options, false);
  const found = await identifyMeter(house.value, access, context.signal);
  if (!found.ok) return failedOutcome(found.problem);
  const handOff = templateHandOff({
    host,
    serial: found.value.identity.serial,
    file: options.package,
    sha256: await digestOf(file.value, 'sha256'),
  });
  return {
    exit: EXIT.done,
    document: { handOff },
    lines: handOffLines(handOff),
  };
}

/** Instructions as people follow them: numbered, each value under its step. */
function handOffLines(handOff: HandOff): readonly string[] {
  return [
    handOff.title,
    ...handOff.steps.flatMap((step, index) => [
      `${index + 1}. ${step.text}`,
      ...step.values.map(({ label, value }) => `     ${label}: ${value}`),
    ]),
    handOff.watch,
  ];
}

function requestOf(
  options: Pick<UpgradeOptions, 'channel' | 'backup' | 'ionSetup' | 'ionSetupVersion'>,
  file: string,
  target: UpgradeTarget,
) {
  return {
    file,
    target,
    channel: options.channel,
    ...(options.backup === undefined ? {} : { backup: options.backup }),
    ...ionSetupOf(options),
  };
}

function ionSetupOf(options: Pick<UpgradeOptions, 'ionSetup' | 'ionSetupVersion'>) {
  if (options.ionSetup === undefined && options.ionSetupVersion === undefined) return {};
  return {
    ionSetup: {
      ...(options.ionSetup === undefined ? {} : { path: options.ionSetup }),
      ...(options.ionSetupVersion === undefined
        ? {}
        : { attested: { version: options.ionSetupVersion, by: personAtThisPc() } }),
    },
  };
}

function usage(because: string) {
  return {
    ok: false,
    problem: problem({ code: 'usage', title: 'The command is incomplete', because, nextStep: 'See upgrade --help.' }),
  } as const;
}
