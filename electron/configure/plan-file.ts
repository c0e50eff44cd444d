import { parse, stringify, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { planSchema } from '../../shared/contract/configure.ts';
import type { Plan } from '../../shared/domain/change.ts';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';

/** A plan of 64 recorders with 50 sources each has about 100 kB. */
const MAX_CHARACTERS = 2_000_000;
/** A plan repeats nothing; a file that is all references to itself is refused. */
const MAX_ALIASES = 0;

/**
 * Reads a plan file: JSON, or YAML 1.2, of which JSON is a part. `plan/unreadable` for a text that is neither, `plan/not-valid` with the first places that
 * do not fit.
 */
export function parsePlan(text: string): Result<Plan> {
  if (text.length > MAX_CHARACTERS) return unreadable(`It has more than ${MAX_CHARACTERS} characters.`);
  let content: unknown;
  try {
    content = parse(text, { maxAliasCount: MAX_ALIASES, prettyErrors: true, logLevel: 'error' });
  } catch (thrown) {
    if (thrown instanceof YAMLParseError || thrown instanceof ReferenceError) {
      return unreadable(thrown.message.split('\n')[0] ?? 'It is not YAML.');
    }
    throw thrown;
  }
  const checked = planSchema.safeParse(content);
  if (checked.success) return ok(checked.data);
  const places = checked.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  return fail({
    code: 'plan/not-valid',
    title: 'This is not a plan for a meter',
    because: places.join('; '),
    meterState: METER_STATE.noMeter,
    nextStep:
      'Correct the file. A plan is {"area": "bacnet" | "security" | "recorders" | "clock", "settings": {…}}; `meterwright configure --help` shows an example of each.',
  });
}

/** JSON Schema (draft 2020-12) of plan files, for editors. */
export function planJsonSchema(): unknown {
  return z.toJSONSchema(planSchema);
}

function unreadable(because: string): Result<never> {
  return fail({
    code: 'plan/unreadable',
    title: 'The plan cannot be read',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Use a file in JSON or YAML.',
  });
}

/** A plan as the text of a file: YAML where the name of the file says so (.yaml, .yml), else JSON. */
export function planText(plan: Plan, file: string): string {
  return /\.ya?ml$/i.test(file) ? stringify(plan) : `${JSON.stringify(plan, null, 2)}\n`;
}
