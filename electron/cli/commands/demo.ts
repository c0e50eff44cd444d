import { join } from 'node:path';
import { firmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Gate, GateOverride } from '../../../shared/domain/gate.ts';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { makeFolders } from '../../inventory/folders.ts';
import { backUp } from '../../services/backups.ts';
import type { Access, House } from '../../services/house.ts';
import { identifyMeter } from '../../services/meters.ts';
import { type Practice, startPractice } from '../../services/practice.ts';
import { createUpgrades, type Upgrades } from '../../services/upgrades/upgrades.ts';
import { type CommandContext, houseFor } from '../context.ts';
import { EXIT, failedOutcome, type Outcome } from '../terminal.ts';
import { backupLine, backupLines } from './backup.ts';
import { follow, gateLines, jobLines, unverified } from './upgrade.ts';

const BY = 'demonstration';
const NO_ION_SETUP = 'demonstration on a simulated meter, which ION Setup cannot open';

/** What one meter of the demonstration ended with. */
interface Shown {
  readonly bag: string;
  readonly summary: JobSummary;
}

/**
 * `demo`: the main job, end to end, on simulated meters: identify, back up, check, upgrade to 4.6.0, verify, report. Everything crosses real
 * sockets, and everything it writes stays in the data folder so that one can look at it.
 */
export async function demo(context: CommandContext, options: { readonly count: number }): Promise<Outcome> {
  const started = Date.now();
  const home = context.options.home ?? (process.env['METERWRIGHT_HOME'] || join(process.cwd(), '.demo'));
  const house = await houseFor({ ...context.options, home });
  if (!house.ok) return failedOutcome(house.problem);
  const state = join(home, 'simulated', new Date(started).toISOString().replace(/[:.]/g, '-'));
  await makeFolders(state);
  const practice = await startPractice({
    count: options.count,
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'advanced',
    state,
    controlPort: 0,
    applySeconds: 3,
  });
  if (!practice.ok) return failedOutcome(practice.problem);
  const upgrades = createUpgrades(house.value);
  const shown: Shown[] = [];
  try {
    for (const meter of practice.value.meters) {
      const one = await showOne(context, house.value, upgrades, practice.value, meter);
      if (!one.ok) return failedOutcome(one.problem, documentOf(practice.value, shown, started));
      shown.push(one.value);
    }
  } finally {
    await upgrades.close();
    await practice.value.stop();
  }
  return outcomeOf(practice.value, shown, started);
}

async function showOne(
  context: CommandContext,
  house: House,
  upgrades: Upgrades,
  practice: Practice,
  meter: Practice['meters'][number],
): Promise<Result<Shown>> {
  const { say, progress } = context.terminal;
  const access = accessTo(meter, context.options.timeout);
  say(`\n1. Identify  ${meter.name} at ${meter.host}:${meter.ports.modbus}`);
  const found = await identifyMeter(house, access, context.signal);
  if (!found.ok) return found;
  const { identity, clock, advisories } = found.value;
  say(
    `   ${identity.model} SIMULATED, serial ${identity.serial}, firmware ${identity.firmware === null ? 'unknown' : formatFirmware(identity.firmware)}, clock ${clock.offsetSeconds?.toFixed(1) ?? '?'} s`,
  );
  for (const { id, title, advice } of advisories) say(`   ${id}: ${title}. ${advice}`);

  say('\n2. Back up');
  const taken = await backUp(
    house,
    access,
    {
      attach: [],
      waive: [{ item: 'ion-setup-exports', reason: NO_ION_SETUP }],
      by: BY,
    },
    { signal: context.signal, onProgress: (note) => progress(backupLine(meter.name, note)) },
  );
  if (!taken.ok) return taken;
  for (const line of backupLines(taken.value.items, taken.value.bag, taken.value.fingerprint)) say(`   ${line}`);

  say('\n3. Check');
  const request = { file: practice.package, target: 'main', channel: 'sftp-direct', backup: taken.value.bag } as const;
  const checked = await upgrades.check(access, request, context.signal);
  if (!checked.ok) return checked;
  for (const line of gateLines(checked.value.gates)) say(`   ${line}`);

  say('\n4. Upgrade, verify, report');
  const overrides = answersFor(checked.value.gates);
  const job = { ...request, overrides, attach: [], waive: [], by: BY, folder: '' };
  const ended = await follow(context, upgrades, () => upgrades.start(access, job), true);
  if (!ended.ok) return ended;
  const summary = ended.value;
  for (const line of jobLines(summary)) say(`   ${line}`);
  return ok({ bag: taken.value.bag, summary });
}

/** A demonstration answers what a person would be asked; each answer stands in the journal and the report. */
function answersFor(gates: readonly Gate[]): GateOverride[] {
  return gates
    .filter((gate) => gate.verdict === 'warn' || gate.verdict === 'unknown')
    .map((gate) => ({ gate: gate.id, reason: gate.confirm ?? 'demonstration on a simulated meter' }));
}

function accessTo(meter: Practice['meters'][number], timeoutSeconds: number): Access {
  return {
    address: {
      host: meter.host,
      ports: { modbus: meter.ports.modbus, sftp: meter.ports.sftp, dlms: meter.ports.dlms, bacnet: meter.ports.bacnet },
      unit: 255,
      timeoutMs: Math.round(timeoutSeconds * 1000),
    },
    credentials: meter.credentials,
  };
}

function documentOf(practice: Practice, shown: readonly Shown[], started: number): Record<string, unknown> {
  return {
    meters: practice.meters,
    backups: shown.map(({ bag }) => bag),
    jobs: shown.map(({ summary }) => ({ job: summary.job, state: summary.state, verdict: summary.verdict })),
    report: shown[0]?.summary.report ?? null,
    seconds: Math.round((Date.now() - started) / 100) / 10,
  };
}

function outcomeOf(practice: Practice, shown: readonly Shown[], started: number): Outcome {
  const document = documentOf(practice, shown, started);
  const bad = shown.find(({ summary }) => summary.verdict !== 'verified');
  const lines = [
    '',
    ...shown.flatMap(({ bag, summary }) => [
      `${summary.meter}: ${summary.state}, ${summary.verdict ?? 'no verdict'}`,
      `  Backup  ${bag}`,
      `  Report  ${summary.report ?? 'none'}`,
    ]),
    `${document['seconds']} s`,
  ];
  if (bad === undefined) return { exit: EXIT.done, document, lines };
  return { ...failedOutcome(bad.summary.problem ?? unverified(bad.summary), document, EXIT.failed), lines };
}
