/** One program of the uninstall keys of the Windows registry; values are as they stand there. */
export interface InstalledProgram {
  readonly name: string;
  readonly displayVersion: string | null;
  readonly installLocation: string | null;
  readonly displayIcon: string | null;
}

const UNINSTALL = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';

/** Arguments of `reg.exe` for every place where an installer may have registered ION Setup: both views of the machine, and the user. */
export const UNINSTALL_QUERIES: readonly (readonly string[])[] = [
  ['query', `HKLM\\${UNINSTALL}`, '/s', '/reg:64'],
  ['query', `HKLM\\${UNINSTALL}`, '/s', '/reg:32'],
  ['query', `HKCU\\${UNINSTALL}`, '/s'],
];

/** Name, blanks, type, blanks, data. A name may hold blanks; the type is the last REG_… word that has four blanks before it. */
const VALUE_LINE = /^ {4}(\S(?:.{0,255}?\S)?) {4}(REG_[A-Z_]{2,40})(?: {4}(.*))?$/;
const MAX_VALUE = 1024;

/**
 * Reads what `reg.exe query … /s` prints: a line with the key, then lines with four blanks, name, type and data. Everything else (a
 * localised closing line, odd values, binary data) is passed over. Programs without a DisplayName are left out.
 */
export function parseUninstallKeys(output: string): readonly InstalledProgram[] {
  const programs: InstalledProgram[] = [];
  let values = new Map<string, string>();
  const finish = (): void => {
    const name = values.get('displayname');
    if (name !== undefined) {
      programs.push({
        name,
        displayVersion: values.get('displayversion') ?? null,
        installLocation: values.get('installlocation') ?? null,
        displayIcon: values.get('displayicon') ?? null,
      });
    }
    values = new Map();
  };
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_/.test(line)) finish();
    const match = VALUE_LINE.exec(line.slice(0, 2 * MAX_VALUE));
    const [, name = '', type = '', data = ''] = match ?? [];
    const text = data.trim();
    if ((type === 'REG_SZ' || type === 'REG_EXPAND_SZ') && text !== '' && text.length <= MAX_VALUE) {
      values.set(name.toLowerCase(), text);
    }
  }
  finish();
  return programs;
}

/** True for the DisplayName of ION Setup in the spellings installers use: "ION Setup", "ION Setup 3.2", "Schneider Electric IONSetup". */
export function isIonSetup(name: string): boolean {
  return /\bION[ _-]?Setup\b/i.test(name);
}

/**
 * Replaces `%NAME%` by the variables given; a name that is not known stays as it stands.
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  const known = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  return text.replace(/%([^%]{1,64})%/g, (whole, name: string) => known.get(name.toLowerCase()) ?? whole);
}
