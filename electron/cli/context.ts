import { userInfo } from 'node:os';
import { version } from '../../package.json';
import type { Result } from '../../shared/domain/problem.ts';
import { resolveHome } from '../inventory/home.ts';
import { type Access, type House, type HouseOptions, openHouse } from '../services/house.ts';
import { addressOf, type CommonOptions, findCredentials } from './options.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly options: CommonOptions;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Opens the data folder that the options or the environment name. */
export function houseFor(options: CommonOptions, extra: Partial<HouseOptions> = {}): Promise<Result<House>> {
  return openHouse({ home: resolveHome(options.home, process.env), version, ...extra });
}

/** The meter a command was given, with the credentials of the environment or a prompt. */
export async function accessFor(host: string, options: CommonOptions, ask: boolean): Promise<Access> {
  return { address: addressOf(host, options), credentials: await findCredentials(process.env, ask) };
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

export function contextFor(options: CommonOptions, signal: AbortSignal): CommandContext {
  return { terminal: createTerminal(options), options, signal };
}
