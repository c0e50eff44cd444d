import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { changeResultSchema, changeSchema, settingAreaSchema } from '../../../shared/contract/configure.ts';
import { problemSchema } from '../../../shared/contract/domain.ts';
import type { Change, ChangeResult, SettingArea } from '../../../shared/domain/change.ts';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { auditMarkSchema } from '../../inventory/audit-mark.ts';
import { codeOf, diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import { usedMapSchema } from '../../report/run-report.ts';
import type { House } from '../house.ts';

const text = z.string().max(100_000);
/** Names of runs are ours; a name that is none is never made into a path. */
const RUN = /^[A-Za-z0-9_-]{1,100}$/;

/** `configurations/<run>.json`: what was planned, and what came of it. */
const configurationRecordSchema = z.object({
  format: z.literal('meterwright-configuration/1'),
  run: z.string().regex(RUN),
  /** ISO 8601 UTC, when it began. */
  at: z.iso.datetime(),
  by: text,
  serial: text.nullable(),
  meter: text.nullable(),
  firmware: text.nullable(),
  simulated: z.boolean(),
  /** Where the meter was reached; null in records of older versions. */
  address: z.object({ host: text, modbusPort: z.number().int(), unit: z.number().int() }).nullable().default(null),
  area: settingAreaSchema,
  plan: z.unknown(),
  /** The Modbus map that was read and written through, and who confirmed its rows; null without one. */
  map: usedMapSchema.nullable().default(null),
  /** Rows that were written to, by setting. */
  targets: z.array(z.object({ id: text, name: text, register: z.number().int() })).default([]),
  changes: z.array(changeSchema),
  /** Logs that were given up without a backup: the reason, by the number of the recorder. */
  givenUp: z.record(z.string(), text),
  results: z.array(changeResultSchema),
  problem: problemSchema.nullable(),
  /** The audit trail after the last line of this run; null while it has not ended, and in records of older versions. */
  audit: auditMarkSchema.nullable().default(null),
});
type StoredRecord = z.infer<typeof configurationRecordSchema>;
export interface ConfigurationRecord
  extends Readonly<Omit<StoredRecord, 'changes' | 'results' | 'targets' | 'givenUp'>> {
  readonly changes: readonly Change[];
  readonly results: readonly ChangeResult[];
  readonly targets: readonly Readonly<StoredRecord['targets'][number]>[];
  readonly givenUp: Readonly<Record<string, string>>;
}

/** Name of one application of a plan: sorts by time, and is unique. */
export function newRun(house: Pick<House, 'now'>, area: SettingArea | 'passwords' | 'open'): string {
  return `${house.now().toISOString().replace(/[:.]/g, '-')}_${area}_${randomBytes(3).toString('hex')}`;
}

/** Writes the record of a run; the one before it is replaced. */
export function writeRecord({ paths }: Pick<House, 'paths'>, record: ConfigurationRecord): Promise<Result<void>> {
  return writeFileDurably(join(paths.configurations, `${record.run}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** Records of plans that were applied, newest first; those of one meter where a serial number is given. A file that is none of ours is passed over. */
export async function listConfigurations(
  { paths }: Pick<House, 'paths'>,
  serial?: string,
): Promise<readonly ConfigurationRecord[]> {
  let names: string[];
  try {
    names = await readdir(paths.configurations);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
  const newestFirst = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse();
  const records: ConfigurationRecord[] = [];
  for (const name of newestFirst) {
    const record = parseRecord(await readFile(join(paths.configurations, name), 'utf8'));
    if (record !== undefined && (serial === undefined || record.serial === serial)) records.push(record);
  }
  return records;
}

/** The record of one run; `configuration/unknown` where there is none of this name that can be read. */
export async function readConfiguration(
  { paths }: Pick<House, 'paths'>,
  run: string,
): Promise<Result<ConfigurationRecord>> {
  const path = join(paths.configurations, `${run}.json`);
  if (!RUN.test(run)) return unknownRun(run);
  try {
    const record = parseRecord(await readFile(path, 'utf8'));
    return record === undefined ? unknownRun(run) : ok(record);
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? unknownRun(run) : { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
}

function unknownRun(run: string): Result<never> {
  return fail({
    code: 'configuration/unknown',
    title: 'There is no such run',
    because: `No record of applied settings is called "${run}".`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose one of the list: configurations list.',
  });
}

function parseRecord(content: string): ConfigurationRecord | undefined {
  try {
    return configurationRecordSchema.parse(JSON.parse(content));
  } catch {
    // People may keep other files there.
    return undefined;
  }
}
