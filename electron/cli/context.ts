import { userInfo } from 'node:os';
import { version } from '../../package.json';
import type { Result } from '../../shared/domain/problem.ts';
import { resolveHome } from '../inventory/home.ts';
import { type Access, type House, type HouseOptions, openHouse } from '../services/house.ts';
import { type DlmsOptions, dlmsAccess } from './dlms-options.ts';
import { addressOf, type CommonOptions, findCredentials } from './options.ts';
import { createTerminal, EXIT, type Terminal } from './terminal.ts';

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The common ones, and those of DLMS where the command takes them. */
  readonly options: CommonOptions & DlmsOptions;
  /** Aborts on the first Ctrl-C (or when the system asks the process to end). */
  readonly signal: AbortSignal;
  /** Runs `act` on the second Ctrl-C; without one the process ends there. */
  onSecondStop(act: () => void): void;
}

/** Opens the data folder that the options or the environment name. */
export function houseFor(options: CommonOptions, extra: Partial<HouseOptions> = {}): Promise<Result<House>> {
  return openHouse({ home: resolveHome(options.home, process.env), version, ...extra });
}

/** The meter a command was given, with the credentials of the environment or a prompt. */
export async function accessFor(host: string, options: CommonOptions & DlmsOptions, ask: boolean): Promise<Access> {
  return {
    address: addressOf(host, options),
    credentials: await findCredentials(process.env, ask),
    dlms: dlmsAccess(options, process.env),
  };
}

/** Name for the records: who sat in front of this PC. */
export function personAtThisPc(): string {
  try {
    return userInfo().username;
  } catch {
    // Some systems have no entry for the user; the records then say so.
    return process.env['USERNAME'] ?? process.env['USER'] ?? 'unknown';
  }
}

/** The context of the command of this process: Ctrl-C asks it to stop, and a second one insists. */
export function createContext(options: CommonOptions & DlmsOptions): CommandContext {
  const abort = new AbortController();
  let insist: (() => void) | undefined;
  const onStop = (): void => {
    if (!abort.signal.aborted) {
      abort.abort();
      return;
    }
    if (insist === undefined) process.exit(EXIT.interrupted);
    insist();
  };
  process.on('SIGINT', onStop);
  process.on('SIGTERM', onStop);
  return {
    terminal: createTerminal(options),
    options,
    signal: abort.signal,
    onSecondStop(act) {
      insist = act;
    },
  };
}
