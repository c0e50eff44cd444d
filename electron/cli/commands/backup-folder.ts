import type { BackupListing } from '../../../shared/contract/views.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { type Remain, removeRemain } from '../../backup/folder/remains.ts';
import { listBags } from '../../services/backups.ts';
import type { House } from '../../services/house.ts';
import { listRemains } from '../../services/remains.ts';
import { type CommandContext, houseFor } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../terminal.ts';
import { askYes } from './asking.ts';

/** `backup list [DIR]`: the backups, and what interrupted ones left. Verifies and removes nothing. */
export async function listBackups(context: CommandContext, folder: string | undefined): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  // First, because it says what is wrong with the folder where it is none, or may not be read.
  const remains = await listRemains(house.value, folder);
  if (!remains.ok) return failedOutcome(remains.problem);
  const backups = await listBags(house.value, folder);
  const lines = [...bagLines(backups), ...remainLines(remains.value)];
  return { exit: EXIT.done, document: { backups, remains: remains.value }, lines };
}

/** `backup clean [DIR]`: removes what interrupted backups and log reads left, when a person says yes. */
export async function clean(
  context: CommandContext,
  folder: string | undefined,
  { yes = false }: { readonly yes?: boolean },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const found = await listRemains(house.value, folder);
  if (!found.ok) return failedOutcome(found.problem);
  const kept = found.value.filter(({ atWork }) => atWork);
  const left = found.value.filter(({ atWork }) => !atWork);
  if (left.length === 0) {
    const lines = ['Nothing was left behind.', ...remainLines(kept)];
    return { exit: EXIT.nothingToDo, document: { removed: [], kept: kept.map(({ path }) => path) }, lines };
  }
  for (const line of remainLines(left)) context.terminal.say(line);
  if (!yes && !(await askYes(`Remove ${left.length === 1 ? 'it' : `these ${left.length}`}?`))) {
    const document = { removed: [], kept: found.value.map(({ path }) => path) };
    return { exit: EXIT.nothingToDo, document, lines: ['Nothing was removed (--yes removes without being asked).'] };
  }
  return removal(house.value, left, kept);
}

/** One that cannot be removed keeps no other from it. */
async function removal(house: House, left: readonly Remain[], atWork: readonly Remain[]): Promise<Outcome> {
  const removed: string[] = [];
  const kept = atWork.map(({ path }) => path);
  const problems: Problem[] = [];
  for (const { path } of left) {
    const done = await removeRemain(path, house.now());
    if (done.ok) removed.push(path);
    else {
      kept.push(path);
      problems.push(done.problem);
    }
  }
  const document = { removed, kept };
  const lines = removed.map((path) => `Removed: ${path}`);
  const [first] = problems;
  if (first === undefined) return { exit: EXIT.done, document, lines };
  return {
    exit: EXIT.failed,
    document: { problem: first, ...document },
    lines: [...lines, ...problems.flatMap(problemLines)],
  };
}

function bagLines(backups: readonly BackupListing[]): readonly string[] {
  if (backups.length === 0) return ['No backups.'];
  return table(
    ['Backup', 'Serial', 'Firmware', 'Taken', 'Last check'],
    backups.map(({ bag, serial, firmware, takenAt, check }) => [
      bag,
      serial ?? 'unknown',
      firmware ?? 'unknown',
      takenAt ?? 'unknown',
      check === null ? 'none' : `${check.verdict} ${check.at}`,
    ]),
  );
}

function remainLines(remains: readonly Remain[]): readonly string[] {
  if (remains.length === 0) return [];
  const rows = remains.map(({ path, kind, files, bytes, changedAt, leftBy, atWork }) => [
    path,
    `${kind}, ${files} files, ${bytes} bytes`,
    changedAt,
    leftBy === null ? 'not known' : `process ${leftBy.pid} since ${leftBy.since}`,
    atWork ? 'being written' : 'left behind',
  ]);
  return ['', ...table(['Unfinished', 'What', 'Last written', 'By', 'State'], rows)];
}
