import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseInstant, read } from '../../../electron/cli/commands/logs.ts';
import { exportLogs } from '../../../electron/cli/commands/logs-bag.ts';
import type { CommandContext } from '../../../electron/cli/context.ts';
import { buildProgram } from '../../../electron/cli/program.ts';

beforeEach(() => {
  // commander tells wrong usage there; a command that would really run ends the process, which fails the test.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Why a command line is refused before anything is done. */
async function refusal(...line: readonly string[]): Promise<string> {
  try {
    await buildProgram().parseAsync([...line], { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode !== 0) return thrown.message;
    throw thrown;
  }
  throw new Error('It was not refused.');
}

describe('an option that would mean nothing is refused, not passed over', () => {
  it.each([
    ['verify does not take --full', ['backup', 'verify', 'bag', '--full']],
    ['verify does not take --out', ['backup', '--out', 'x', 'verify', 'bag']],
    ['diff does not take --waive', ['backup', 'diff', 'a', 'b', '--waive', 'clock=x']],
    ["option '--channel <channel>'", ['upgrade', '--resume', 'job', '--channel', 'ion-setup']],
    ["option '--ports <list>'", ['upgrade', '--resume', 'job', '--ports', 'modbus=1']],
    ["option '--override <gate=reason>'", ['upgrade', '--resume', 'job', '--override', 'laptop=x']],
    ["option '--template <name>'", ['configure', 'host', 'bacnet', '--show', '--template', 'x']],
    ["option '--yes'", ['configure', 'host', 'bacnet', '--show', '--yes']],
    ['--give-up is for the logs', ['configure', 'host', 'bacnet', '--plan', 'f', '--give-up', '6=x']],
    ['modbus is named twice', ['identify', 'host', '--ports', 'modbus=1,modbus=2']],
  ])('%s', async (because, line) => {
    expect(await refusal(...line)).toContain(because);
  });
});

it.each([
  [['identify', 'host', '--home', '']],
  [['backup', 'host', '--out', '']],
  [['backup', 'host', '--attach', '']],
  [['backup', 'host', '--by', ' ']],
  [['backup', 'verify', '']],
  [['logs', 'read', 'host', '--recorder', '', '--out', 'x.csv']],
  [['waveforms', 'export', 'bag', '--out', '']],
  [['passwords', 'plan', 'host', '--users', 'USER2', '--seal', '']],
  [['map', 'import', '']],
  [['configure', 'host', 'bacnet', '--plan', '']],
])('an empty text is the variable of a script that was not set: %j', async (line) => {
  expect(await refusal(...line)).toContain('It is empty.');
});

describe('times', () => {
  it('are those of the calendar', () => {
    expect(parseInstant('2028-02-29')).toBe(Date.UTC(2028, 1, 29));
    expect(parseInstant('2026-11-22T23:30:00-05:00')).toBe(Date.UTC(2026, 10, 23, 4, 30));
    for (const text of [
      '2026-02-29',
      '2026-02-31',
      '2026-04-31T08:00:00Z',
      '2026-13-01',
      '2026-00-10',
      '2026-11-22T08:00:00',
    ]) {
      expect(() => parseInstant(text), text).toThrow('Expected a date');
    }
  });

  it('that end before they begin are wrong usage, and nothing is written or asked', async () => {
    const context = {} as CommandContext;
    const slip = { from: 2, to: 1, out: 'x.csv' };
    expect(await read(context, 'host', { ...slip, recorder: 'x' })).toMatchObject({ exit: 64 });
    expect(await exportLogs(context, 'bag', { ...slip, format: 'csv' })).toMatchObject({ exit: 64 });
  });
});
