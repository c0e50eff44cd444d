import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProgramFiles } from '../../../electron/laptop/files.ts';
import { createLaptop } from '../../../electron/laptop/index.ts';
import { expandVariables, isIonSetup, parseUninstallKeys } from '../../../electron/laptop/registry.ts';
import type { CommandOutput, Run } from '../../../electron/laptop/run.ts';
import { formatIonSetup, ionSetupVersion } from '../../../shared/domain/ion-setup-version.ts';
import { craftExe } from '../../fixtures/crafted-exe.ts';

/** As reg.exe of an English Windows prints it, with a program of Windows Installer and one of another installer. */
const REGISTRY_32 = String.raw`
HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{5D0B7C1E-6B5A-4E0B-9C8B-2F6B1E3A7D10}
    AuthorizedCDFPrefix    REG_SZ    
    Comments    REG_SZ    
    DisplayName    REG_SZ    ION Setup 3.2
    DisplayVersion    REG_SZ    3.2.0.0
    EstimatedSize    REG_DWORD    0x2f3c1
    InstallLocation    REG_SZ    C:\Program Files (x86)\Schneider Electric\ION Setup\
    UninstallString    REG_EXPAND_SZ    MsiExec.exe /X{5D0B7C1E-6B5A-4E0B-9C8B-2F6B1E3A7D10}
    DisplayIcon    REG_SZ    C:\Windows\Installer\{5D0B7C1E-6B5A-4E0B-9C8B-2F6B1E3A7D10}\ARPPRODUCTICON.exe

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Some    Odd Key
    DisplayName    REG_SZ    Reader    with blanks
    Odd    Name    REG_SZ    x
    Blob    REG_BINARY    00FF

End of search: 12 match(es) found.
`.replaceAll('\n', '\r\n');

const FOLDER = 'C:\\Program Files (x86)\\Schneider Electric\\ION Setup\\';
const PROGRAM = `${FOLDER}ION Setup.exe`;

function windowsFiles(files: Readonly<Record<string, Uint8Array>>): ProgramFiles {
  const find = (path: string): Uint8Array | null =>
    Object.entries(files).find(([name]) => name.toLowerCase() === path.toLowerCase())?.[1] ?? null;
  return {
    read: async (path) => find(path),
    list: async (folder) => {
      const start = folder.toLowerCase().replace(/\\*$/, '\\');
      const names = Object.keys(files).filter((name) => name.toLowerCase().startsWith(start));
      return names.length === 0 ? null : names.map((name) => name.slice(start.length));
    },
    isExecutable: async (path) => find(path) !== null,
  };
}

interface Call {
  readonly command: string;
  readonly args: readonly string[];
}

function registry(outputs: Partial<Record<'/reg:64' | '/reg:32' | 'HKCU', string>>, calls: Call[] = []): Run {
  return async (command, args): Promise<CommandOutput> => {
    calls.push({ command, args });
    const view = args.includes('/reg:64') ? '/reg:64' : args.includes('/reg:32') ? '/reg:32' : 'HKCU';
    const stdout = outputs[view];
    return stdout === undefined
      ? { code: 1, stdout: '', stderr: 'ERROR: The system was unable to find the specified registry key or value.' }
      : { code: 0, stdout, stderr: '' };
  };
}

const environment = { SystemRoot: 'D:\\Windows', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' };

describe('ION Setup in the registry of Windows', () => {
  it('finds the program, not the icon copy of Windows Installer, and takes the version from the program', async () => {
    const calls: Call[] = [];
    const laptop = createLaptop({
      platform: 'win32',
      environment,
      run: registry({ '/reg:64': '', '/reg:32': REGISTRY_32 }, calls),
      files: windowsFiles({
        [PROGRAM]: craftExe('3.2.25037.01'),
        [`${FOLDER}unins000.exe`]: craftExe('9.9.25037.01'),
        [`${FOLDER}ION Setup.exe.config`]: new Uint8Array(9),
        'C:\\Windows\\Installer\\{5D0B7C1E-6B5A-4E0B-9C8B-2F6B1E3A7D10}\\ARPPRODUCTICON.exe': craftExe('8.8.25037.01'),
      }),
    });
    expect(await laptop.findIonSetup({})).toEqual({
      kind: 'found',
      path: PROGRAM,
      version: ionSetupVersion('3.2.25037.01'),
      how: 'registry',
    });
    expect(calls.map((call) => call.args.slice(1).join(' '))).toEqual([
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s /reg:64',
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s /reg:32',
      'HKCU\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s',
    ]);
    expect(new Set(calls.map((call) => call.command))).toEqual(new Set(['D:\\Windows\\System32\\reg.exe']));
  });

  it('takes the newest of several, one of them by its icon with an index, quotes and a variable', async () => {
    const user = String.raw`HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Uninstall\IONSetup
    DisplayName    REG_SZ    Schneider Electric IONSetup
    DisplayIcon    REG_EXPAND_SZ    "%programfiles(X86)%\Old\setup host.exe",0`;
    const icon = 'C:\\Program Files (x86)\\Old\\setup host.exe';
    const laptop = createLaptop({
      platform: 'win32',
      environment,
      run: registry({ '/reg:32': REGISTRY_32, HKCU: user }),
      files: windowsFiles({ [PROGRAM]: craftExe('3.2.22341.01'), [icon]: craftExe('3.2.25037.01') }),
    });
    expect(await laptop.findIonSetup({})).toMatchObject({ kind: 'found', path: icon });
  });

  it('says that the program is registered but not readable, and does not believe DisplayVersion', async () => {
    const laptop = createLaptop({
      platform: 'win32',
      environment,
      run: registry({ '/reg:32': REGISTRY_32 }),
      files: windowsFiles({ [PROGRAM]: new Uint8Array([0x4d, 0x5a]) }),
    });
    const finding = await laptop.findIonSetup({});
    expect(finding).toMatchObject({ kind: 'missing', because: expect.stringContaining('ION Setup 3.2 3.2.0.0') });
  });

  it.each([
    [{ '/reg:64': 'HKEY_LOCAL_MACHINE\\SOFTWARE\\X\r\n    DisplayName    REG_SZ    Reader\r\n' }, 'has no ION Setup'],
    [{}, 'cannot be read'],
  ])('tells an absent program from an unreadable registry', async (outputs, words) => {
    const laptop = createLaptop({ platform: 'win32', environment, run: registry(outputs), files: windowsFiles({}) });
    expect(await laptop.findIonSetup({})).toMatchObject({
      kind: 'missing',
      because: expect.stringContaining(words),
    });
  });

  it('does not ask a registry on a system that has none', async () => {
    const calls: Call[] = [];
    const laptop = createLaptop({ platform: 'linux', run: registry({}, calls) });
    expect(await laptop.findIonSetup({})).toMatchObject({ kind: 'missing' });
    expect(calls).toEqual([]);
  });
});

describe('a path or an attested version', () => {
  const files = windowsFiles({ [PROGRAM]: craftExe('3.2.25037.01'), 'C:\\tool.exe': new Uint8Array(64) });
  const laptop = createLaptop({ platform: 'win32', environment, run: registry({}), files });
  const attested = { version: '3.2.99999.01', by: ' Ada ' };

  it('believes the program before the person', async () => {
    const finding = await laptop.findIonSetup({ path: PROGRAM, attested });
    expect(finding).toMatchObject({ kind: 'found', how: 'given-path' });
    expect(finding.kind === 'found' && formatIonSetup(finding.version)).toBe('3.2.25037.01');
  });

  it('records who attests, and the program that was given, when its version cannot be read', async () => {
    expect(await laptop.findIonSetup({ path: 'C:\\tool.exe', attested })).toEqual({
      kind: 'attested',
      version: ionSetupVersion('3.2.99999.01'),
      by: 'Ada',
      path: 'C:\\tool.exe',
    });
    expect(await laptop.findIonSetup({ path: 'C:\\nowhere.exe', attested })).not.toHaveProperty('path');
  });

  it.each([
    [{ path: 'C:\\nowhere.exe' }, 'no program file'],
    [{ path: 'C:\\tool.exe' }, 'cannot be read'],
    [{ attested: { version: '3.2', by: 'Ada' } }, 'four numbers'],
    [{ attested: { version: '3.2.25037.01', by: '  ' } }, 'without a name'],
  ])('is missing for %j', async (hint, words) => {
    expect(await laptop.findIonSetup(hint)).toMatchObject({ kind: 'missing', because: expect.stringContaining(words) });
  });
});

describe('startIonSetup', () => {
  const started: string[] = [];
  const files = windowsFiles({ [PROGRAM]: craftExe('3.2.25037.01'), 'C:\\a.bat': new Uint8Array(9) });
  const version = ionSetupVersion('3.2.25037.01');
  const options = {
    files,
    startProgram: async (path: string) => {
      started.push(path);
    },
  };

  it('starts what was found', async () => {
    const laptop = createLaptop({ ...options, platform: 'win32' });
    expect((await laptop.startIonSetup({ kind: 'found', path: PROGRAM, version, how: 'registry' })).ok).toBe(true);
    expect(started).toEqual([PROGRAM]);
  });

  it.each([
    { kind: 'missing', because: 'Not here.' } as const,
    { kind: 'attested', version, by: 'Ada' } as const,
    { kind: 'found', path: 'C:\\a.bat', version, how: 'given-path' } as const,
    { kind: 'found', path: 'ION Setup.exe', version, how: 'given-path' } as const,
    { kind: 'found', path: 'C:\\gone.exe', version, how: 'registry' } as const,
    { kind: 'found', path: `${FOLDER}unins000.exe`, version, how: 'registry' } as const,
  ])('refuses %j and starts nothing', async (finding) => {
    started.length = 0;
    const result = await createLaptop({ ...options, platform: 'win32' }).startIonSetup(finding);
    expect(!result.ok && result.problem).toMatchObject({ code: 'ion-setup/cannot-start' });
    expect(!result.ok && result.problem.because).not.toBe('');
    expect(started).toEqual([]);
  });

  it('turns a failed start (elevation, for example) into a problem with a way on', async () => {
    const laptop = createLaptop({
      files,
      platform: 'win32',
      startProgram: () => Promise.reject(new Error('spawn EACCES')),
    });
    const result = await laptop.startIonSetup({ kind: 'found', path: PROGRAM, version, how: 'registry' });
    expect(!result.ok && result.problem).toMatchObject({
      code: 'ion-setup/cannot-start',
      because: expect.stringContaining('EACCES'),
      nextStep: expect.stringContaining('administrator'),
    });
  });
});

describe('parseUninstallKeys', () => {
  it('keeps names and data with blanks and passes over what is no text value', () => {
    expect(parseUninstallKeys(REGISTRY_32)).toEqual([
      {
        name: 'ION Setup 3.2',
        displayVersion: '3.2.0.0',
        installLocation: FOLDER,
        displayIcon: 'C:\\Windows\\Installer\\{5D0B7C1E-6B5A-4E0B-9C8B-2F6B1E3A7D10}\\ARPPRODUCTICON.exe',
      },
      { name: 'Reader    with blanks', displayVersion: null, installLocation: null, displayIcon: null },
    ]);
  });

  it('reads a German Windows, where the default value and the closing line are translated', () => {
    const output = [
      'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\IONSetup',
      '    (Standard)    REG_SZ    (Wert nicht gesetzt)',
      '    DisplayName    REG_SZ    ION Setup',
      '    InstallLocation    REG_SZ    C:\\Programme\\Gr\uFFFD\uFFFDe',
      'Suchende: 3 Übereinstimmung(en) gefunden.',
    ].join('\r\n');
    expect(parseUninstallKeys(output)).toMatchObject([{ name: 'ION Setup', displayVersion: null }]);
  });

  it('does not give a value of one program to the next', () => {
    const output = 'HKEY_A\\x\n    DisplayVersion    REG_SZ    1\nHKEY_A\\y\n    DisplayName    REG_SZ    ION Setup\n';
    expect(parseUninstallKeys(output)).toMatchObject([{ name: 'ION Setup', displayVersion: null }]);
  });

  it('reads any programs back from the form that reg.exe prints', () => {
    const text = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
    fc.assert(
      fc.property(fc.array(fc.record({ name: text, displayVersion: text })), (programs) => {
        const output = programs.map(
          (one, index) =>
            `\r\nHKEY_LOCAL_MACHINE\\K\\${index}\r\n    NoModify    REG_DWORD    0x1\r\n    DisplayName    REG_SZ    ${one.name}\r\n    DisplayVersion    REG_SZ    ${one.displayVersion}\r\n`,
        );
        expect(parseUninstallKeys(output.join(''))).toMatchObject(programs);
      }),
    );
  });

  it('never throws and stays fast on any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => Array.isArray(parseUninstallKeys(text))));
    const nasty = `HKEY_A\r\n${`    ${'a '.repeat(50_000)}    REG_${'_'.repeat(50_000)}\r\n`.repeat(5)}`;
    const started = performance.now();
    parseUninstallKeys(nasty);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('names and variables', () => {
  it.each(['ION Setup', 'ION Setup 3.2', 'Schneider Electric IONSetup', 'ion-setup', 'PowerLogic ION_Setup'])(
    'takes %s for ION Setup',
    (name) => expect(isIonSetup(name)).toBe(true),
  );

  it.each(['Vision Setup', 'ION Enterprise', 'Station Setup Tool', 'ION Setups of others', ''])(
    'does not take %s for ION Setup',
    (name) => expect(isIonSetup(name)).toBe(false),
  );

  it('leaves unknown variables and single percent signs alone', () => {
    expect(expandVariables('%A%\\%NO%\\100%', { a: 'x' })).toBe('x\\%NO%\\100%');
  });
});
