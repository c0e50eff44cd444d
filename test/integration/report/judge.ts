import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program that is not ours as judge; what is missing is named, with what brings it. */
export async function judge(program: string, args: readonly string[], input?: string): Promise<string> {
  try {
    const running = run(program, [...args], { maxBuffer: 32 * 1024 * 1024, timeout: 30_000 });
    // A judge may have decided before it has read everything; what it says is in its output and its exit code.
    running.child.stdin?.on('error', () => undefined);
    running.child.stdin?.end(input ?? '');
    return (await running).stdout;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
      throw new Error(`${program} is not installed; npm run setup:test installs it.`);
    }
    throw thrown;
  }
}
