import type { BackupItem, BackupItemId } from '../../../shared/domain/backup.ts';
import { problem } from '../../../shared/domain/problem.ts';
import type { BackupDiff, BackupProgress } from '../../backup/types.ts';
import { type UnreachableData, unreachableIn } from '../../backup/unreachable.ts';
import { backUp, diffBags, diffBagWithMeter, verifyBag } from '../../services/backups.ts';
import { accessFor, type CommandContext, houseFor, personAtThisPc } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, type ProgressLine, problemLines, rowsOf, table } from '../terminal.ts';

export interface BackupCommandOptions {
  readonly out?: string;
  readonly attach?: readonly string[];
  readonly waive?: readonly { readonly item: BackupItemId; readonly reason: string }[];
  readonly by?: string;
  /** Reads every log whole, whatever earlier backups hold. */
  readonly full?: boolean;
}

/** `backup HOST`: exit 1 when the bag is not verified or an item failed; what no open protocol reaches does not fail a backup. */
export async function backup(context: CommandContext, host: string, options: BackupCommandOptions): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, true);
  const taken = await backUp(
    house.value,
    access,
    {
      out: options.out,
      attach: options.attach ?? [],
      waive: options.waive ?? [],
      by: options.by ?? personAtThisPc(),
      full: options.full ?? false,
    },
    { signal: context.signal, onProgress: (progress) => context.terminal.progress(backupLine(host, progress)) },
  );
  if (!taken.ok) return failedOutcome(taken.problem);
  const { bag, verified, items, fingerprint } = taken.value;
  const failed = items.filter((item) => item.state === 'failed');
  const unreachable = unreachableIn(items);
  const known = { bag, verified, items, fingerprint, unreachable: unreachable.map(unreachableDocument) };
  const lines = [...backupLines(items, bag, fingerprint), ...unreachable.flatMap(unreachableLines)];
  if (verified && failed.length === 0) {
    return { exit: EXIT.done, document: known, lines };
  }
  const cause = failed.find((item) => item.problem !== undefined)?.problem ?? notVerified(bag);
  return {
    exit: EXIT.failed,
    document: { problem: cause, ...known },
    lines: [...lines, '', ...problemLines(cause)],
  };
}

/** `backup verify DIR` */
export async function verify(context: CommandContext, bag: string): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const { verdict, problems, fingerprint, at, files, bytes } = await verifyBag(house.value, bag);
  const document = { verdict, problems, fingerprint, at, files, bytes };
  const [first] = problems;
  if (verdict === 'verified') {
    const line = `Verified: ${files} files, ${bytes} bytes, fingerprint ${fingerprint ?? ''}`;
    return { exit: EXIT.done, document, lines: [line] };
  }
  const cause = first ?? notVerified(bag);
  return {
    exit: EXIT.failed,
    document: { problem: cause, ...document },
    lines: [`Verdict: ${verdict}`, ...problems.flatMap(problemLines)],
  };
}

/** `backup diff A B` and `backup diff A --meter HOST`: exit 0 when nothing differs, 1 when something does. */
export async function diff(
  context: CommandContext,
  a: string,
  b: string | undefined,
  options: { readonly meter?: string },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  if ((b === undefined) === (options.meter === undefined)) {
    return failedOutcome(
      problem({
        code: 'usage',
        title: 'Two things are needed to compare',
        because: 'Give a second backup, or --meter HOST, and not both.',
        nextStep: 'See backup diff --help.',
      }),
      {},
      EXIT.usage,
    );
  }
  const compared =
    options.meter === undefined
      ? await diffBags(a, b ?? '')
      : await diffBagWithMeter(house.value, await accessFor(options.meter, context.options, true), a, context.signal);
  if (!compared.ok) return failedOutcome(compared.problem);
  const { different } = compared.value;
  return {
    exit: different.length === 0 ? EXIT.done : EXIT.failed,
    document: different.length === 0 ? compared.value : { problem: differs(compared.value), ...compared.value },
    lines: diffLines(compared.value),
  };
}

export function backupLine(meter: string, progress: BackupProgress): ProgressLine {
  const { step, message, bytes, rows } = progress;
  return {
    meter,
    stage: `${step.index}/${step.count} ${progress.item}`,
    message,
    ...(rows === undefined ? {} : rowsOf(rows)),
    ...(bytes === undefined ? {} : { done: bytes.done, total: bytes.total, perSecond: bytes.perSecond }),
  };
}

export function backupLines(items: readonly BackupItem[], bag: string, fingerprint: string): readonly string[] {
  return [
    ...table(
      ['Item', 'State', 'Count', 'Because'],
      items.map(({ id, state, count, expected, because }) => [
        id,
        state,
        expected === undefined ? String(count) : `${count} of ${expected}`,
        because,
      ]),
    ),
    '',
    `Bag          ${bag}`,
    `Fingerprint  ${fingerprint}`,
  ];
}

function unreachableDocument({ handOff, ...data }: UnreachableData) {
  return { ...data, steps: handOff.steps.map(({ text }) => text) };
}

/** How to save with the vendor's software what the backup neither has nor goes without by name. */
function unreachableLines({ title, because, handOff }: UnreachableData): readonly string[] {
  const steps = handOff.steps.map(({ text }, index) => `  ${index + 1}. ${text}`);
  return ['', `Not in the backup: ${title}`, `  ${because}`, ...steps];
}

function diffLines({ compared, different, unread }: BackupDiff): readonly string[] {
  return [
    `${compared} compared, ${different.length} different, ${unread.length} could not be read`,
    ...(different.length === 0
      ? []
      : table(
          ['What', 'A', 'B'],
          different.map(({ label, a, b }) => [label, a, b]),
        )),
    ...unread.map(({ label, because }) => `Not read: ${label}: ${because}`),
  ];
}

function notVerified(bag: string) {
  return problem({
    code: 'backup/not-verified',
    title: 'The backup is not verified',
    because: 'Reading it again from the disk did not give what was written.',
    nextStep: 'Do not rely on it; take another one, on another disk if this happens again.',
    details: { bag },
  });
}

function differs({ different }: BackupDiff) {
  return problem({
    code: 'backup/different',
    title: `${different.length} differ`,
    because: different
      .map(({ label }) => label)
      .join(', ')
      .slice(0, 2_000),
    nextStep: 'Look at each difference.',
  });
}
