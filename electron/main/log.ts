import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Room for months; older lines are kept once more beside it. */
const MAX_BYTES = 2 * 1024 * 1024;

/** A log of the shell and of what the engine says on its way out; no secret reaches it. Failing to log never stops the work. */
export function createLog(file: string, now: () => Date = () => new Date()): (line: string) => void {
  return (line) => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      if (sizeOf(file) > MAX_BYTES) renameSync(file, `${file}.old`);
      appendFileSync(file, `${now().toISOString()} ${line.trimEnd()}\n`);
    } catch (thrown) {
      // A full disk must not end the program that watches a meter; the line goes where a developer may see it.
      process.stderr.write(`${line} (not logged: ${String(thrown)})\n`);
    }
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
