import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { planSchema } from '../../../shared/contract/configure.ts';
import type { Plan } from '../../../shared/domain/change.ts';
import { METER_STATE, ok, problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import type { House } from '../house.ts';

/** A plan under a name, to be applied to many meters. */
export interface Template {
  readonly name: string;
  readonly plan: Plan;
  /** ISO 8601 UTC. */
  readonly savedAt: string;
}

const templateSchema = z.object({
  name: z.string().min(1).max(100),
  plan: planSchema,
  savedAt: z.iso.datetime(),
}) satisfies z.ZodType<Template>;

/** The templates of the data folder by name. A file that is no template is passed over: it may be of a newer version. */
export async function listTemplates(house: House): Promise<readonly Template[]> {
  let names: string[];
  try {
    names = await readdir(house.paths.templates);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
  const found: Template[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('.json'))) {
    const template = parseTemplate(await readFile(join(house.paths.templates, name), 'utf8'));
    if (template !== undefined) found.push(template);
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Keeps a plan under a name; one of the same name is replaced. */
export function saveTemplate(house: House, name: string, plan: Plan): Promise<Result<void>> {
  const template: Template = { name, plan, savedAt: house.now().toISOString() };
  return writeFileDurably(templatePath(house, name), `${JSON.stringify(template, null, 2)}\n`);
}

/** Forgets a template; one that is not there is a problem. */
export async function removeTemplate(house: House, name: string): Promise<Result<void>> {
  const path = templatePath(house, name);
  try {
    await rm(path);
    return ok(undefined);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { ok: false, problem: diskProblem(thrown, path, 'written') };
    return {
      ok: false,
      problem: problem({
        code: 'template/unknown',
        title: 'There is no such template',
        because: `No template is called "${name}".`,
        meterState: METER_STATE.noMeter,
        nextStep: 'Choose one of the list.',
      }),
    };
  }
}

/** Names are people's own; the file is called by a digest, so that no name is a path. */
function templatePath(house: House, name: string): string {
  return join(house.paths.templates, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);
}

function parseTemplate(text: string): Template | undefined {
  try {
    return templateSchema.parse(JSON.parse(text));
  } catch {
    // The caller lists what can be used.
    return undefined;
  }
}
