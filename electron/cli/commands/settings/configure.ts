import type { Plan, SettingArea, SetupPlan } from '../../../../shared/domain/change.ts';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import { problem, type Result } from '../../../../shared/domain/problem.ts';
import { blockOf } from '../../../configure/apply.ts';
import type { PlanReview } from '../../../configure/types.ts';
import type { Access, House } from '../../../services/house.ts';
import { applySettings, readSettings, reviewSettings } from '../../../services/settings/configurations.ts';
import { confirmMap } from '../../../services/settings/site-maps.ts';
import { accessFor, type CommandContext, houseFor, personAtThisPc } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table, usageOutcome } from '../../terminal.ts';
import { askYes } from '../asking.ts';
import { setOrPlanClock, showClock } from './clock.ts';
import { applyOutcome, handOffLines, notConfirmed, shown } from './configure-lines.ts';
import { planFrom, planOf } from './templates.ts';

export interface ConfigureCommandOptions {
  readonly show?: boolean;
  /** A file; `true` where a template is to be taken. */
  readonly plan?: string | true;
  readonly apply?: string | true;
  readonly template?: string;
  readonly yes: boolean;
  readonly by?: string;
  readonly giveUp?: Readonly<Record<string, string>>;
}

/** `configure HOST AREA --show | --plan [FILE] | --apply [FILE]`, with a file or with `--template NAME`. */
export async function configure(
  context: CommandContext,
  host: string,
  area: SettingArea,
  options: ConfigureCommandOptions,
): Promise<Outcome> {
  const chosen = [options.show, options.plan, options.apply].filter((wish) => wish !== undefined);
  if (chosen.length !== 1) return usageOutcome('Give exactly one of --show, --plan and --apply.', 'configure');
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const source = options.plan ?? options.apply;
  if (source === undefined) {
    return area === 'clock' ? showClock(context, house.value, access) : show(context, house.value, access, area);
  }
  if ((source === true) === (options.template === undefined)) {
    return usageOutcome('Give the plan either as a file or with --template NAME.', 'configure');
  }
  const plan = planFor(area, source === true ? await planOf(house.value, options.template) : await planFrom(source));
  if (!plan.ok) return failedOutcome(plan.problem);
  if (plan.value.area === 'clock') {
    return setOrPlanClock(context, house.value, access, plan.value.settings, {
      ...options,
      apply: options.apply !== undefined,
    });
  }
  return reviewAndApply(context, { host, house: house.value, access }, plan.value, options);
}

async function reviewAndApply(
  context: CommandContext,
  { host, house, access }: { readonly host: string; readonly house: House; readonly access: Access },
  plan: SetupPlan,
  options: ConfigureCommandOptions,
): Promise<Outcome> {
  const wishes = { giveUp: options.giveUp ?? {} };
  const reviewed = await reviewSettings(house, access, plan, { ...wishes, assumeConfirmed: true }, context.signal);
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
    const bound = await confirmMap(house, firmware, { area: plan.area, by });
    if (!bound.ok) return failedOutcome(bound.problem);
  }
  const applied = await applySettings(house, access, plan, {
    ...wishes,
    by,
    expected: review,
    signal: context.signal,
    onProgress: (done, of, setting) =>
      context.terminal.progress({ meter: host, stage: 'write', message: `${setting} (${done + 1} of ${of})` }),
  });
  if (!applied.ok) return failedOutcome(applied.problem, planDocument(review));
  return withNextStep(applyOutcome(applied.value), plan, host);
}

/** After BACnet/IP was switched on, whether it works is seen over BACnet/IP only. */
function withNextStep(outcome: Outcome & { readonly document: object }, plan: SetupPlan, host: string): Outcome {
  if (outcome.exit !== EXIT.done || plan.area !== 'bacnet' || plan.settings.enabled !== true) return outcome;
  const { deviceId } = plan.settings;
  const next = `meterwright bacnet check ${host}${deviceId === undefined ? '' : ` --expect-id ${deviceId}`}`;
  return {
    ...outcome,
    document: { ...outcome.document, next },
    lines: [...outcome.lines, '', `Check it over BACnet/IP: ${next}`],
  };
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

/** A plan for the area that was asked for. */
function planFor(area: SettingArea, plan: Result<Plan>): Result<Plan> {
  if (!plan.ok || plan.value.area === area) return plan;
  return {
    ok: false,
    problem: problem({
      code: 'plan/other-area',
      title: 'The plan is for other settings',
      because: `It is a plan for ${plan.value.area}, and ${area} was asked for.`,
      nextStep: `Use configure HOST ${plan.value.area}, or another plan.`,
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
  const found = blockOf(review);
  if (found === undefined) {
    return review.changes.length === 0
      ? nothingToDo(review)
      : { exit: EXIT.done, document, lines: reviewLines(review) };
  }
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
