import { describe, expect, it } from 'vitest';
import { createLaptop } from '../../../electron/laptop/index.ts';
import {
  type HelperProcess,
  keepAwake,
  keepAwakeRecipe,
  type StartHelper,
} from '../../../electron/laptop/keep-awake.ts';

/** A helper that records what is done to it. */
function fakeHelper(behaviour: {
  readonly answers?: (written: string) => string;
  readonly greets?: string;
  readonly diesAtOnce?: boolean;
  readonly ignoresEnd?: boolean;
}): { readonly helper: HelperProcess; readonly log: string[] } {
  const log: string[] = [];
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let listener: (text: string) => void = () => undefined;
  if (behaviour.diesAtOnce === true) end();
  const helper: HelperProcess = {
    onOutput: (given) => {
      listener = given;
      for (const character of behaviour.greets ?? '') listener(character);
    },
    write: (text) => {
      log.push('write');
      if (behaviour.answers !== undefined) listener(behaviour.answers(text));
    },
    endInput: () => {
      log.push('end-input');
      if (behaviour.ignoresEnd !== true) end();
    },
    kill: () => {
      log.push('kill');
      end();
    },
    ended,
  };
  return { helper, log };
}

const caps = { readyMs: 50, endMs: 50 };
const linux = { platform: 'linux', environment: {}, pid: 7 } as const;
const windows = { platform: 'win32', environment: { SystemRoot: 'C:\\Windows' }, pid: 7 } as const;
const mac = { platform: 'darwin', environment: {}, pid: 4711 } as const;

describe('keepAwake', () => {
  it('is active once the helper gives our line back, and ends it once however often it is released', async () => {
    const { helper, log } = fakeHelper({ answers: (written) => written });
    const awake = await keepAwake(() => helper, keepAwakeRecipe(linux, 'upgrade'), caps);
    expect(awake.active).toBe(true);
    expect(log).toEqual(['write']);
    await Promise.all([awake.release(), awake.release()]);
    await awake.release();
    expect(log).toEqual(['write', 'end-input']);
  });

  it('understands a greeting that comes in single characters', async () => {
    const { helper } = fakeHelper({ greets: 'noise\r\nmeterwright-awake\r\n' });
    const awake = await keepAwake(() => helper, keepAwakeRecipe(windows, 'upgrade'), caps);
    expect(awake.active).toBe(true);
    await awake.release();
  });

  it('is not active when the helper says nothing, and does not leave it behind', async () => {
    const { helper, log } = fakeHelper({});
    const awake = await keepAwake(() => helper, keepAwakeRecipe(linux, 'upgrade'), caps);
    expect(awake.active).toBe(false);
    expect(log).toEqual(['write', 'end-input']);
    await awake.release();
    expect(log).toEqual(['write', 'end-input']);
  });

  it.each([linux, windows, mac])('is not active when the helper of $platform dies at once', async (pc) => {
    const { helper } = fakeHelper({ diesAtOnce: true });
    expect((await keepAwake(() => helper, keepAwakeRecipe(pc, 'upgrade'), caps)).active).toBe(false);
  });

  it('ends a helper by force that does not go when its input closes', async () => {
    const { helper, log } = fakeHelper({ answers: (written) => written, ignoresEnd: true });
    const awake = await keepAwake(() => helper, keepAwakeRecipe(linux, 'upgrade'), caps);
    await awake.release();
    expect(log).toEqual(['write', 'end-input', 'kill']);
  });

  it('is not active when no process can be started at all', async () => {
    const start: StartHelper = () => {
      throw new Error('spawn ENOMEM');
    };
    const awake = await keepAwake(start, keepAwakeRecipe(linux, 'upgrade'), caps);
    expect(awake.active).toBe(false);
    await awake.release();
  });

  it('counts caffeinate as active when it lives, bound to our process', async () => {
    const { helper, log } = fakeHelper({});
    const calls: string[][] = [];
    const laptop = createLaptop({
      platform: 'darwin',
      startHelper: (command, args) => {
        calls.push([command, ...args]);
        return helper;
      },
    });
    const awake = await laptop.keepAwake('upgrade');
    expect(awake.active).toBe(true);
    expect(calls).toEqual([['/usr/bin/caffeinate', '-i', '-w', String(process.pid)]]);
    await awake.release();
    expect(log).toEqual(['end-input', 'kill']);
  });
});

describe('keepAwakeRecipe', () => {
  it('puts the reason into one short printable argument', () => {
    const { args } = keepAwakeRecipe(linux, `Upgrade of\n"Größe" $(rm) ${'x'.repeat(500)}`);
    const why = args.find((arg) => arg.startsWith('--why=')) ?? '';
    expect(why).toMatch(/^--why=Upgrade of "Gr e" \$\(rm\) x+$/);
    expect(why.length).toBeLessThanOrEqual(86);
  });

  it('asks Windows for ES_CONTINUOUS | ES_SYSTEM_REQUIRED and waits for the end of its input', () => {
    const { args, command } = keepAwakeRecipe(windows, 'x');
    expect(command).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    const script = args.at(-1) ?? '';
    expect(script).toContain(`[uint32]${0x8000_0001}`);
    expect(script.indexOf('WriteLine')).toBeLessThan(script.indexOf('ReadToEnd'));
  });
});
