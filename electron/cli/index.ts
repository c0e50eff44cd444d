#!/usr/bin/env node
import { CommanderError, InvalidArgumentError } from 'commander';
import { reasonOf } from '../../shared/domain/problem.ts';
import { buildProgram } from './program.ts';
import { EXIT, outliveOutput, usageDocument } from './terminal.ts';

/** Entry of the terminal. A defect of ours ends in one line and exit code 1, never in a hanging process. */
async function main(): Promise<void> {
  outliveOutput();
  try {
    await buildProgram().parseAsync(process.argv);
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // commander has written the messages of its own; help and version end with 0, everything else is wrong usage.
      if (thrown instanceof InvalidArgumentError) process.stderr.write(`error: ${thrown.message}\n`);
      process.exitCode = thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
      if (thrown.exitCode !== 0 && process.argv.includes('--json')) process.stdout.write(usageDocument(thrown.message));
      return;
    }
    process.stderr.write(`Unexpected end: ${reasonOf(thrown)}\n`);
    process.exitCode = EXIT.failed;
  }
}

void main();
