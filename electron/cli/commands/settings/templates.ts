import type { Plan } from '../../../../shared/domain/change.ts';
import { fail, METER_STATE, ok, type Result } from '../../../../shared/domain/problem.ts';
import { readSmallFile } from '../../../backup/bag/read.ts';
import { parsePlan, planJsonSchema } from '../../../configure/plan-file.ts';
import { diskProblem } from '../../../inventory/durable.ts';
import type { House } from '../../../services/house.ts';
import { listTemplates, removeTemplate, saveTemplate } from '../../../services/settings/templates.ts';
import { type CommandContext, houseFor } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome, table } from '../../terminal.ts';

/** The contract of the page has the same limit. */
const LONGEST_NAME = 100;
/** More than any plan has: nothing is read into memory only to be refused. */
const MAX_PLAN_BYTES = 8_000_000;

/** `templates list` */
export async function templatesList(context: CommandContext): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const templates = await listTemplates(house.value);
  const rows = templates.map(({ name, plan, savedAt }) => [name, plan.area, savedAt]);
  const lines = rows.length === 0 ? ['No templates.'] : table(['Name', 'Area', 'Saved'], rows);
  return { exit: EXIT.done, document: { templates }, lines };
}

/** `templates save NAME --plan FILE` */
export async function templatesSave(context: CommandContext, name: string, file: string): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const called = name.trim();
  if (called === '' || called.length > LONGEST_NAME || /\p{Cc}/u.test(called)) return badName();
  const plan = await planFrom(file);
  if (!plan.ok) return failedOutcome(plan.problem);
  const saved = await saveTemplate(house.value, called, plan.value);
  if (!saved.ok) return failedOutcome(saved.problem);
  return { exit: EXIT.done, document: { name: called, plan: plan.value }, lines: [`Saved: ${called}`] };
}

/** `templates remove NAME` */
export async function templatesRemove(context: CommandContext, name: string): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const removed = await removeTemplate(house.value, name.trim());
  if (!removed.ok) return failedOutcome(removed.problem);
  return { exit: EXIT.done, document: { name: name.trim() }, lines: [`Removed: ${name.trim()}`] };
}

/** `plans schema`: the JSON Schema of plan files; the document is the schema itself, with and without --json. */
export function plansSchema(): Outcome {
  const schema = planJsonSchema() as object;
  return { exit: EXIT.done, document: schema, lines: [JSON.stringify(schema, null, 2)] };
}

/** The plan in a file, JSON or YAML. */
export async function planFrom(file: string): Promise<Result<Plan>> {
  try {
    const bytes = await readSmallFile(file, MAX_PLAN_BYTES);
    return bytes === undefined ? tooLarge() : parsePlan(bytes.toString('utf8'));
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
}

function tooLarge(): Result<never> {
  return fail({
    code: 'plan/unreadable',
    title: 'The plan cannot be read',
    because: `The file has more than ${MAX_PLAN_BYTES} bytes.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Use a file in JSON or YAML.',
  });
}

/** The plan that was saved under a name. */
export async function planOf(house: House, name = ''): Promise<Result<Plan>> {
  const found = (await listTemplates(house)).find((template) => template.name === name.trim());
  if (found !== undefined) return ok(found.plan);
  return fail({
    code: 'template/unknown',
    title: 'There is no such template',
    because: `No template is called ${JSON.stringify(name.slice(0, LONGEST_NAME))}.`,
    meterState: METER_STATE.untouched,
    nextStep: 'See templates list.',
  });
}

function badName(): Outcome {
  const bad = fail({
    code: 'template/bad-name',
    title: 'This is no name for a template',
    because: `A name has 1 to ${LONGEST_NAME} characters in one line.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose another name.',
  });
  return failedOutcome(bad.problem, {}, EXIT.usage);
}
