import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** What the choice of the data folder depends on; given in tests, else this PC. */
interface System {
  readonly platform: NodeJS.Platform;
  readonly homedir: string;
  readonly cwd: string;
}

/**
 * The data folder: `--home`, else METERWRIGHT_HOME, else where this system keeps the data of programs: `%APPDATA%\Meterwright`,
 * `~/Library/Application Support/Meterwright`, or `$XDG_DATA_HOME/meterwright` with `~/.local/share/meterwright` as its default.
 * Always absolute; nothing is made on the disk.
 */
export function resolveHome(
  explicit: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  system: System = { platform: process.platform, homedir: homedir(), cwd: process.cwd() },
): string {
  const path = system.platform === 'win32' ? win32 : posix;
  const given = nonEmpty(explicit) ?? nonEmpty(env['METERWRIGHT_HOME']);
  if (given !== undefined) return path.resolve(system.cwd, given);
  switch (system.platform) {
    case 'win32':
      return path.join(
        absolute(env['APPDATA'], path) ?? path.join(system.homedir, 'AppData', 'Roaming'),
        'Meterwright',
      );
    case 'darwin':
      return path.join(system.homedir, 'Library', 'Application Support', 'Meterwright');
    default:
      // The XDG base directory specification says that a relative path is to be ignored.
      return path.join(
        absolute(env['XDG_DATA_HOME'], path) ?? path.join(system.homedir, '.local', 'share'),
        'meterwright',
      );
  }
}

/** The places in a data folder, all absolute; none of them is made here. */
export interface HomePaths {
  readonly home: string;
  /** One folder for each job: journal and report. */
  readonly jobs: string;
  readonly backups: string;
  /** Logs that were read from meters, a folder for each serial number. */
  readonly logs: string;
  readonly reports: string;
  /** Modbus map workbooks that were imported. */
  readonly maps: string;
  /** The installation's own key; readable by its user only, where the system has permissions. */
  readonly keys: string;
  /** Locks of meters and jobs, see `acquireLock`. */
  readonly locks: string;
  /** File with the pinned host keys. */
  readonly knownHosts: string;
  /** File with the list of meters. */
  readonly meters: string;
  /** File with the last check of each backup. */
  readonly bagChecks: string;
  /** The audit trail: every setting that was written, by whom. */
  readonly audit: string;
  /** How far the audit trail reached when it was written last: tells the loss of its last lines. */
  readonly auditEnd: string;
  /** Plans of settings that were applied, and what came of them. */
  readonly configurations: string;
  /** Plans of settings under a name, for many meters. */
  readonly templates: string;
  /** State of the simulated meters that the window starts. */
  readonly practice: string;
}

/** The places in the data folder `home`, as {@link resolveHome} gives it. */
export function homePaths(home: string): HomePaths {
  const path = process.platform === 'win32' ? win32 : posix;
  return {
    home,
    jobs: path.join(home, 'jobs'),
    backups: path.join(home, 'backups'),
    logs: path.join(home, 'logs'),
    reports: path.join(home, 'reports'),
    maps: path.join(home, 'maps'),
    keys: path.join(home, 'keys'),
    locks: path.join(home, 'locks'),
    knownHosts: path.join(home, 'known-hosts.json'),
    meters: path.join(home, 'inventory', 'meters.json'),
    bagChecks: path.join(home, 'inventory', 'bag-checks.json'),
    audit: path.join(home, 'inventory', 'audit.jsonl'),
    auditEnd: path.join(home, 'inventory', 'audit-end.json'),
    configurations: path.join(home, 'configurations'),
    templates: path.join(home, 'templates'),
    practice: path.join(home, 'practice'),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

function absolute(text: string | undefined, path: { isAbsolute(path: string): boolean }): string | undefined {
  return text !== undefined && path.isAbsolute(text) ? text : undefined;
}
