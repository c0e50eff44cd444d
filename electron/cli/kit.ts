import type { Command, Option } from 'commander';
import type { CommandContext } from './context.ts';
import type { Outcome } from './terminal.ts';

/** What the program gives to those who add commands to it. */
export interface CommandKit {
  /** Adds the options that every command takes. */
  common(command: Command): Command;
  firmwareOption(flags: string, description: string, byDefault?: string): Option;
  /** Ends the process with the outcome of the work. */
  finish<Options>(self: Command, work: (context: CommandContext, options: Options) => Promise<Outcome>): Promise<void>;
}
