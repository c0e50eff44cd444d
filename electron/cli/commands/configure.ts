import { readFile } from 'node:fs/promises';
import type { ChangeResult, SettingArea, SetupPlan } from '../../../shared/domain/change.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { METER_STATE, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { parsePlan } from '../../configure/plan-file.ts';
import type { ApplyOutcome, PlanReview } from '../../configure/types.ts';
import { diskProblem } from '../../inventory/durable.ts';
import { applySettings, readSettings, reviewSettings } from '../../services/configurations.ts';
import type { Access, House } from '../../services/house.ts';
import { confirmMap } from '../../services/site-maps.ts';
import { accessFor, type CommandContext, houseFor, personAtThisPc } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../terminal.ts';
import { askYes } from './asking.ts';

export interface ConfigureCommandOptions {
  readonly show?: boolean;
  readonly plan?: string;
  readonly apply?: string;
  readonly yes: boolean;
  readonly by?: string;
  readonly giveUp?: Readonly<Record<string, string>>;
}

/** `configure HOST AREA --show | --plan FILE | --apply FILE` */
export async function configure(
  context: CommandContext,
  host: string,
  area: Exclude<SettingArea, 'clock'>,
  options: ConfigureCommandOptions,
): Promise<Outcome> {
  const chosen = [options.show, options.plan, options.apply].filter((wish) => wish !== undefined);
  if (chosen.length !== 1) return usage('Give exactly one of --show, --plan FILE and --apply FILE.');
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const file = options.plan ?? options.apply;
  if (file === undefined) return show(context, house.value, access, area);
  const plan = await planFrom(file, area);
  if (!plan.ok) return failedOutcome(plan.problem);
  const wishes = { giveUp: options.giveUp ?? {} };
  const reviewed = await reviewSettings(
    house.value,
    access,
    plan.value,
    { ...wishes, assumeConfirmed: true },
    context.signal,
  );
  if (!reviewed.ok) return failedOutcome(reviewed.problem);
  const review = reviewed.value;
  if (options.apply === undefined) return planOutcome(review);
  if (review.changes.length === 0) return nothingToDo(review);
  if (review.blocks.length > 0) return planOutcome(review);
  for (const line of reviewLines(review)) context.terminal.say(line);
  if (!options.yes && !(await askYes('Apply these changes, through these rows of the map?'))) {
    return failedOutcome(notConfirmed(), planDocument(review), EXIT.interrupted);
  }
  const by = options.by ?? personAtThisPc();
  const { firmware } = review.reading.identity;
  if (review.targets.length > 0 && firmware !== null) {
    // To say yes to the list of rows is the confirmation that writing asks for.
    const bound = await confirmMap(house.value, firmware, { area, by });
    if (!bound.ok) return failedOutcome(bound.problem);
  }
  const applied = await applySettings(house.value, access, plan.value, {
    ...wishes,
    by,
    expected: review,
    signal: context.signal,
    onProgress: (done, of, setting) =>
      context.terminal.progress({ meter: host, stage: 'write', message: `${setting} (${done + 1} of ${of})` }),
  });
  if (!applied.ok) return failedOutcome(applied.problem, planDocument(review));
  return applyOutcome(applied.value);
}

async function show(
  context: CommandContext,
  house: House,
  access: Access,
  area: Exclude<SettingArea, 'clock'>,
): Promise<Outcome> {
  const read = await readSettings(house, access, area, context.signal);
  if (!read.ok) return failedOutcome(read.problem);
  const { reading } = read.value;
  const { settings, map, trouble, users, records, readAt } = reading;
  const document = {
    settings: Object.fromEntries(settings.map(({ id, value }) => [id, value])),
    unread: settings.flatMap(({ id, value, because }) => (value === 'unread' ? [{ id, because: because ?? '' }] : [])),
    users: users.map(({ name, password }) => ({ name, defaultPassword: password === 'default' })),
    records: Object.fromEntries(records),
    map: map === null ? null : { fileName: map.fileName, sha256: map.sha256, provenance: map.provenance },
    readAt,
  };
  const known = settings.filter(({ value }) => value !== 'unread');
  const rows = known.map(({ id, value, unit }) => [id, shown(value), unit ?? '']);
  const lines = [
    ...(trouble === null ? [] : [`${trouble.title}. ${trouble.because} ${trouble.nextStep}`]),
    ...(rows.length === 0 ? ['No setting could be read.'] : table(['Setting', 'Value', 'Unit'], rows)),
    ...users
      .filter(({ password }) => password === 'default')
      .map(({ name }) => `${name} still has the default password.`),
  ];
  return { exit: EXIT.done, document, lines };
}

/** A plan for an area that stands in setup registers. */
async function planFrom(file: string, area: Exclude<SettingArea, 'clock'>): Promise<Result<SetupPlan>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
  const plan = parsePlan(text);
  if (!plan.ok) return plan;
  if (plan.value.area === area) return { ok: true, value: plan.value as SetupPlan };
  return {
    ok: false,
    problem: problem({
      code: 'plan/other-area',
      title: 'The plan is for other settings',
      because: `The file has a plan for ${plan.value.area}, and ${area} was asked for.`,
      nextStep: `Use configure HOST ${plan.value.area}, or another file.`,
    }),
  };
}

function planDocument(review: PlanReview) {
  const { changes, rules, blocks, handOff, targets, reading } = review;
  return {
    changes,
    targets,
    rules: rules.filter(({ verdict }) => verdict !== 'pass'),
    blocked: blocks.length > 0,
    blocks,
    handOff: handOff === null ? [] : [handOff],
    serial: reading.identity.serial,
    firmware: reading.identity.firmware === null ? null : formatFirmware(reading.identity.firmware),
  };
}

function planOutcome(review: PlanReview): Outcome {
  const document = planDocument(review);
  if (review.blocks.length === 0) {
    return review.changes.length === 0
      ? nothingToDo(review)
      : { exit: EXIT.done, document, lines: reviewLines(review) };
  }
  const found = problem({
    code: 'configure/blocked',
    title: 'The plan cannot be applied',
    because: review.blocks.join(' '),
    nextStep: 'Correct the plan; take a backup first where a log would be lost.',
  });
  return {
    exit: EXIT.blocked,
    document: { problem: found, ...document },
    lines: [...reviewLines(review), '', ...problemLines(found)],
  };
}

function nothingToDo(review: PlanReview): Outcome {
  const document = { ...planDocument(review), written: [], skipped: [], failed: [], unconfirmed: [] };
  return { exit: EXIT.nothingToDo, document, lines: ['The meter is as the plan wants it: nothing to do.'] };
}

function reviewLines(review: PlanReview): readonly string[] {
  const place = (id: string): string => {
    const own = review.targets.filter((target) => target.id === id);
    const [first] = own;
    if (first === undefined) return 'change sheet';
    return own.length === 1
      ? `${first.name} (${first.register})`
      : `${first.name} … (${first.register}, ${own.length} rows)`;
  };
  return [
    ...table(
      ['Setting', 'Now', 'Planned', 'Where'],
      review.changes.map(({ id, from, to }) => [id, shown(from), shown(to), place(id)]),
    ),
    ...review.changes.flatMap(({ destroys }) =>
      destroys.map(
        ({ recorder, records, backup }) =>
          `Erases the log of Data Recorder ${recorder}: ${records ?? 'an unknown number of'} records; fresh backup: ${backup === 'fresh' ? 'yes' : 'NO'}`,
      ),
    ),
    ...review.changes
      .filter(({ mayCutConnection }) => mayCutConnection)
      .map(({ id }) => `May cut the connection: ${id}; it is tested and taken back when the meter is not reached.`),
    ...review.rules
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ verdict, field, because }) => `${verdict.toUpperCase()}  ${field}: ${because}`),
    ...handOffLines(review.handOff),
  ];
}

function applyOutcome(outcome: ApplyOutcome): Outcome {
  const { run, results, handOff, problem: ended } = outcome;
  const of = (came: ChangeResult['outcome']) => results.filter((result) => result.outcome === came);
  const document = {
    written: of('written'),
    skipped: of('skipped'),
    failed: of('failed'),
    unconfirmed: of('cannot-be-read-back'),
    handOff: handOff === null ? [] : [handOff],
    run,
  };
  const lines = [
    ...table(
      ['Setting', 'Outcome', 'Now', 'Because'],
      results.map(({ id, outcome: came, after, because }) => [id, came, shown(after), because]),
    ),
    ...handOffLines(handOff),
  ];
  const cause = ended ?? (document.failed.length > 0 ? someFailed(document.failed) : undefined);
  if (cause === undefined) return { exit: EXIT.done, document, lines };
  return {
    exit: cause.code === 'aborted' ? EXIT.interrupted : EXIT.failed,
    document: { problem: cause, ...document },
    lines: [...lines, '', ...problemLines(cause)],
  };
}

/** A sheet for ION Setup, as lines. */
export function handOffLines(handOff: PlanReview['handOff']): readonly string[] {
  if (handOff === null) return [];
  return [
    '',
    `By hand: ${handOff.title}`,
    ...handOff.steps.flatMap(({ text, values }, index) => [
      `${index + 1}. ${text}`,
      ...values.map(({ label, value }) => `     ${label}: ${value}`),
    ]),
    handOff.watch,
  ];
}

function shown(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  const text = String(value).split('\n');
  return text.length <= 3 ? text.join(', ') : `${text.slice(0, 2).join(', ')}, … (${text.length})`;
}

function someFailed(failed: readonly ChangeResult[]): Problem {
  return problem({
    code: 'configure/failed',
    title: `${failed.length} of the settings could not be set`,
    because: failed.map(({ id, because }) => `${id}: ${because}`).join(' '),
    meterState: 'The settings that are listed as written were read again; the others are as the list says.',
    nextStep: 'Correct the plan and apply it again: what is set already is left alone. Or follow the change sheet.',
  });
}

function notConfirmed(): Problem {
  return problem({
    code: 'configure/not-confirmed',
    title: 'Nothing was written',
    because: 'The changes were not confirmed.',
    nextStep: 'Apply again with --yes, or answer the question with y.',
  });
}

function usage(because: string): Outcome {
  const found = problem({
    code: 'usage',
    title: 'It is not clear what to do',
    because,
    meterState: METER_STATE.untouched,
    nextStep: 'See configure --help.',
  });
  return failedOutcome(found, {}, EXIT.usage);
}
