import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MARK } from './app-folders.ts';

/** How long an app may take until its first page is painted, and until it has ended. */
const START_MS = 60_000;
const END_MS = 20_000;

/** What both apps of a comparison are started with. */
export interface Launch {
  /** The Electron runtime. */
  readonly runtime: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Milliseconds from the start of the process until an app has painted its first page; the app says so itself on its standard output. Each
 * start has a profile of its own, so that nothing is kept from the one before. The app has ended when this settles.
 */
export async function coldStart(folder: string, launch: Launch): Promise<number> {
  const profile = await mkdtemp(join(tmpdir(), 'meterwright-bench-profile-'));
  const began = Date.now();
  const child = spawn(launch.runtime, [...launch.flags, folder, `--user-data-dir=${profile}`], {
    env: launch.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const painted = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${folder} did not paint within ${START_MS} ms`)), START_MS);
      let output = '';
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        reject(new Error(`${folder} ended with ${code} before it painted`));
      });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const at = new RegExp(`^${MARK}(\\d+)$`, 'm').exec(output)?.[1];
        if (at === undefined) return;
        clearTimeout(timer);
        resolve(Number(at));
      });
    });
    return painted - began;
  } finally {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await ended;
    clearTimeout(force);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
