import { posix, win32 } from 'node:path';
import { compareIonSetup, parseIonSetupVersion } from '../../shared/domain/ion-setup-version.ts';
import { readExeVersion } from './exe-version.ts';
import type { ProgramFiles } from './files.ts';
import {
  expandVariables,
  type InstalledProgram,
  isIonSetup,
  parseUninstallKeys,
  UNINSTALL_QUERIES,
} from './registry.ts';
import type { Run } from './run.ts';
import type { IonSetupFinding, Laptop } from './types.ts';

type Hint = Parameters<Laptop['findIonSetup']>[0];
type Found = Extract<IonSetupFinding, { kind: 'found' }>;

/** What the search for ION Setup needs from this PC. */
export interface IonSetupSearch {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly files: ProgramFiles;
}

/** ION Setup's program is some megabytes; a file that is larger than this is not read. */
const MAX_PROGRAM_BYTES = 256 * 1024 * 1024;
const REGISTRY_TIMEOUT_MS = 20_000;
/** Programs looked at per entry of the registry. */
const MAX_PROGRAMS = 20;

/**
 * Finds ION Setup: at the path that was given, else in the registry of Windows. A version read from the program itself always wins over
 * one that a person attests; the attested one counts where no program can be read.
 */
export async function findIonSetup(search: IonSetupSearch, hint: Hint): Promise<IonSetupFinding> {
  const path = hint.path === undefined ? undefined : pathsOf(search.platform).resolve(hint.path);
  const looked = path === undefined ? await lookInRegistry(search) : await lookAtPath(search, path);
  if (typeof looked !== 'string') return looked;
  if (hint.attested === undefined) return { kind: 'missing', because: looked };
  const version = parseIonSetupVersion(hint.attested.version);
  const by = hint.attested.by.trim();
  if (!version.ok) return { kind: 'missing', because: `${looked} ${version.problem.because}` };
  if (by === '') return { kind: 'missing', because: `${looked} The version was given without a name of who read it.` };
  const startable = path !== undefined && (await search.files.isExecutable(path));
  return { kind: 'attested', version: version.value, by, ...(startable ? { path } : {}) };
}

/** The program at a given path, or why it is none. */
async function lookAtPath({ files }: IonSetupSearch, path: string): Promise<Found | string> {
  const bytes = await files.read(path, MAX_PROGRAM_BYTES);
  if (bytes === null) return 'There is no program file that can be read at the path given for ION Setup.';
  const version = readExeVersion(bytes);
  if (!version.ok) return `The version of the program given for ION Setup cannot be read: ${version.problem.because}`;
  return { kind: 'found', path, version: version.value, how: 'given-path' };
}

/** The newest ION Setup of the registry, or why there is none. */
async function lookInRegistry(search: IonSetupSearch): Promise<Found | string> {
  if (search.platform !== 'win32') return 'ION Setup runs on Windows; this PC does not.';
  const outputs = await Promise.all(
    UNINSTALL_QUERIES.map((query) =>
      search.run(systemProgram(search.environment, 'reg.exe'), query, { timeoutMs: REGISTRY_TIMEOUT_MS }),
    ),
  );
  const programs = outputs.flatMap((output) => parseUninstallKeys(output.stdout)).filter((one) => isIonSetup(one.name));
  if (programs.length === 0) {
    return outputs.some((output) => output.code === 0)
      ? 'The list of installed programs of this PC has no ION Setup.'
      : 'The list of installed programs of this PC cannot be read.';
  }
  const found = (await Promise.all(programs.map((program) => readProgram(search, program)))).flat();
  const [newest] = found.sort((a, b) => compareIonSetup(b.version, a.version));
  if (newest !== undefined) return newest;
  const listed = programs
    .map((program) => `${program.name} ${program.displayVersion ?? 'without a version'}`)
    .join(', ');
  return `The list of installed programs names ${listed.slice(0, 200)}, but its program file cannot be found or read.`;
}

async function readProgram(search: IonSetupSearch, program: InstalledProgram): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of await programPaths(search, program)) {
    const bytes = await search.files.read(path, MAX_PROGRAM_BYTES);
    const version = bytes === null ? null : readExeVersion(bytes);
    if (version?.ok === true) found.push({ kind: 'found', path, version: version.value, how: 'registry' });
  }
  return found;
}

/** Where the program may be: what its folder holds under its name, then the file its icon is taken from. */
async function programPaths(search: IonSetupSearch, program: InstalledProgram): Promise<readonly string[]> {
  const paths: string[] = [];
  const folder = program.installLocation === null ? null : cleanPath(program.installLocation, search.environment);
  const names = folder === null ? null : await search.files.list(folder);
  if (folder !== null && names !== null) {
    const programs = names.filter((name) => /^ION[ _-]?Setup[^\\/]*\.exe$/i.test(name) && isProgramFile(name));
    paths.push(...programs.slice(0, MAX_PROGRAMS).map((name) => win32.join(folder, name)));
  }
  if (program.displayIcon !== null) {
    const icon = cleanPath(program.displayIcon.replace(/,\s*-?\d+$/, ''), search.environment);
    // Windows Installer keeps copies of icons as .exe files of its own; those are not the program.
    const isCopy = /[\\/]Windows[\\/]Installer[\\/]/i.test(icon);
    if (isProgramFile(icon) && !isCopy && !paths.includes(icon)) paths.push(icon);
  }
  return paths;
}

function cleanPath(text: string, environment: IonSetupSearch['environment']): string {
  return expandVariables(text.replace(/^"(.*)"$/, '$1').trim(), environment);
}

/** An absolute or plain name of a program that is not its uninstaller. */
function isProgramFile(path: string): boolean {
  return /\.exe$/i.test(path) && !/^(unins|uninst)/i.test(win32.basename(path));
}

/** Full path of a program of Windows itself: a name alone would be looked for in the current folder first. */
export function systemProgram(environment: IonSetupSearch['environment'], ...path: readonly string[]): string {
  const root = environment['SystemRoot'] ?? environment['SYSTEMROOT'] ?? String.raw`C:\Windows`;
  return win32.join(root, 'System32', ...path);
}

async function isWindowsProgram(files: ProgramFiles, path: string): Promise<boolean> {
  const bytes = await files.read(path, MAX_PROGRAM_BYTES);
  return bytes !== null && bytes[0] === 0x4d && bytes[1] === 0x5a;
}

function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

/** Why a finding cannot be started on this platform, or the path to start. */
export async function startablePath(
  { platform, files }: Pick<IonSetupSearch, 'platform' | 'files'>,
  finding: IonSetupFinding,
): Promise<{ readonly path: string } | { readonly because: string }> {
  if (finding.kind === 'missing') return { because: finding.because };
  const { path } = finding;
  if (path === undefined) return { because: 'Its version was attested, but no path of the program was given.' };
  if (!pathsOf(platform).isAbsolute(path)) return { because: 'The path of the program is not an absolute path.' };
  if (platform === 'win32' && !isProgramFile(path))
    return { because: 'The path given is not the path of a program (.exe).' };
  if (!(await files.isExecutable(path))) return { because: 'There is no program there that this user may start.' };
  if (platform !== 'win32' && (await isWindowsProgram(files, path))) {
    // Starting it would not fail: what the system cannot run it hands to a shell, which would read the program as a script.
    return { because: 'It is a Windows program, and this PC does not run Windows.' };
  }
  return { path };
}
