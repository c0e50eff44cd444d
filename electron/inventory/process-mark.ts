import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';

/** What tells a process from all others, a later one with the same id included. */
export interface ProcessMark {
  readonly pid: number;
  /** Boot and start time of the process as Linux counts them; null on systems that do not say. */
  readonly started: string | null;
  /** How long the system had been running, in seconds: it only ever goes back when the system is started again. */
  readonly uptimeSeconds: number;
}

/** The mark of this process. */
export async function thisProcess(): Promise<ProcessMark> {
  return { pid: process.pid, started: await startOf(process.pid), uptimeSeconds: Math.floor(uptime()) };
}

/**
 * Whether the marked process still runs. Sure of it where Linux gives start times; elsewhere a process id that was given to another process since
 * then counts as running (too careful, never too bold), unless the system has been started again.
 *
 * @param uptimeNow how long the system has been running, in seconds
 */
export async function isRunning(mark: ProcessMark, uptimeNow: number): Promise<boolean> {
  if (!exists(mark.pid)) return false;
  // A second of slack: the mark is rounded.
  if (uptimeNow + 1 < mark.uptimeSeconds) return false;
  const started = await startOf(mark.pid);
  return mark.started === null || started === null || mark.started === started;
}

/** Signal 0 asks without sending anything, on Windows too. A process of another user answers EPERM. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** The boot's id and field 22 of /proc/<pid>/stat (start time in clock ticks since boot, proc(5)); null where there is no such thing. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may contain anything: counting starts after the last one.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot.trim()}/${ticks}`;
  } catch {
    // No /proc, or the process has just ended: the caller falls back on the id alone.
    return null;
  }
}
