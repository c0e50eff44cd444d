import { powerShellPath } from './power.ts';

/** A helper program that runs beside us. It ends when its input is closed or our process is gone, so that it cannot outlive us. */
export interface HelperProcess {
  /** Called with each piece of output until the program ends. */
  onOutput(listener: (text: string) => void): void;
  write(text: string): void;
  /** Closes its input, which asks it to end. */
  endInput(): void;
  /** Ends it at once. */
  kill(): void;
  /** Settles when the program has ended or could not be started; never rejects. */
  readonly ended: Promise<void>;
}

/** Starts a helper program without a shell. */
export type StartHelper = (command: string, args: readonly string[]) => HelperProcess;

/** What keeps a PC awake: a program, and how it shows that the PC is being kept awake. */
interface Recipe {
  readonly command: string;
  readonly args: readonly string[];
  /** Written to its input once it runs. */
  readonly say: string;
  /** Its output contains this text once the PC is kept awake; null when being alive is enough. */
  readonly expect: string | null;
  /** True when it ends by itself once its input is closed. */
  readonly endsWithInput: boolean;
}

/** The first start of PowerShell after a boot compiles for some seconds. */
const READY_TIMEOUT_MS = 20_000;
const END_TIMEOUT_MS = 3_000;
/** A program that fails at once (no session bus, not installed) does so within this time. */
const SETTLE_MS = 200;
const MAX_OUTPUT = 4096;
const READY = 'meterwright-awake';

/**
 * SetThreadExecutionState holds while its thread lives: the script says so and then waits for the end of its input.
 * 0x80000001 = ES_CONTINUOUS | ES_SYSTEM_REQUIRED. Source: Microsoft, "SetThreadExecutionState function".
 */
const WINDOWS_SCRIPT = [
  "$ErrorActionPreference = 'Stop'",
  `$m = '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint state);'`,
  "$k = Add-Type -MemberDefinition $m -Name 'Awake' -Namespace 'Meterwright' -PassThru",
  'if ($k::SetThreadExecutionState([uint32]2147483649) -eq 0) { exit 1 }',
  `[Console]::Out.WriteLine('${READY}')`,
  '[Console]::Out.Flush()',
  '[void][Console]::In.ReadToEnd()',
].join('; ');

/** The program for a platform. `why` is shown to people who ask the system what keeps it awake. */
export function keepAwakeRecipe(
  pc: {
    readonly platform: NodeJS.Platform;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly pid: number;
  },
  why: string,
): Recipe {
  if (pc.platform === 'win32') {
    const args = ['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', WINDOWS_SCRIPT];
    return { command: powerShellPath(pc.environment), args, say: '', expect: READY, endsWithInput: true };
  }
  if (pc.platform === 'darwin') {
    return {
      command: '/usr/bin/caffeinate',
      args: ['-i', '-w', String(pc.pid)],
      say: '',
      expect: null,
      endsWithInput: false,
    };
  }
  // systemd-inhibit takes its lock before it starts the command: once cat gives our line back the lock is held.
  const args = ['--what=sleep:idle', '--who=Meterwright', `--why=${plain(why)}`, '--mode=block', 'cat'];
  return { command: 'systemd-inhibit', args, say: `${READY}\n`, expect: READY, endsWithInput: true };
}

/**
 * Keeps the PC awake until released. `active` is true only after the helper showed that it works; a helper that fails or says nothing is
 * ended. Releasing closes its input, waits, and ends it by force when it does not go.
 */
export async function keepAwake(
  start: StartHelper,
  recipe: Recipe,
  caps: { readonly readyMs: number; readonly endMs: number } = { readyMs: READY_TIMEOUT_MS, endMs: END_TIMEOUT_MS },
): Promise<{ readonly active: boolean; release(): Promise<void> }> {
  const helper = tryStart(start, recipe);
  if (helper === null) return { active: false, release: () => Promise.resolve() };
  const active = await isReady(helper, recipe, caps.readyMs);
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => {
    released ??= endHelper(helper, recipe, caps.endMs);
    return released;
  };
  if (!active) await release();
  return { active, release };
}

function tryStart(start: StartHelper, recipe: Recipe): HelperProcess | null {
  try {
    return start(recipe.command, recipe.args);
  } catch {
    // The system has no room for another process: the PC is not kept awake, and `active` says so.
    return null;
  }
}

async function isReady(helper: HelperProcess, recipe: Recipe, capMs: number): Promise<boolean> {
  const ended = helper.ended.then(() => false);
  if (recipe.expect === null) return firstOf(ended, SETTLE_MS, true);
  const { expect } = recipe;
  let seen = '';
  const shown = new Promise<boolean>((resolve) => {
    helper.onOutput((text) => {
      seen = (seen + text).slice(-MAX_OUTPUT);
      if (seen.includes(expect)) resolve(true);
    });
  });
  if (recipe.say !== '') helper.write(recipe.say);
  return firstOf(Promise.race([ended, shown]), capMs, false);
}

async function endHelper(helper: HelperProcess, recipe: Recipe, capMs: number): Promise<void> {
  const ended = helper.ended.then(() => true);
  helper.endInput();
  if (recipe.endsWithInput && (await firstOf(ended, capMs, false))) return;
  helper.kill();
  await firstOf(ended, capMs, false);
}

/** The promise, or `otherwise` after the cap. */
async function firstOf(promise: Promise<boolean>, capMs: number, otherwise: boolean): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const cap = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), capMs);
  });
  try {
    return await Promise.race([promise, cap]);
  } finally {
    clearTimeout(timer);
  }
}

/** One line of at most 80 printable characters: it becomes part of an argument. */
function plain(text: string): string {
  return text
    .replace(/[^\x20-\x7E]+/g, ' ')
    .trim()
    .slice(0, 80);
}
