import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkplace, type Workplace } from './harness.ts';
import { hasPty, onTerminal } from './pty.ts';

const PATIENCE = 120_000;
const PASSPHRASE = 'four words that nobody joins';
const PASSWORD = 'Tr4vel-Lantern';

let place: Workplace;
let on: readonly string[];
let file: string;
beforeEach(async () => {
  place = await openWorkplace({ firmware: '4.6.0' });
  expect((await place.run(['map', 'import', place.practice.map, '--json'])).code).toBe(0);
  await place.control('programming', { on: true });
  on = [place.host, '--ports', place.ports];
  file = join(place.home, 'sealed.json');
});
afterEach(() => place.close());

describe.skipIf(!hasPty)('prompts on a real terminal (Linux with script, or they are skipped)', () => {
  it('take a typed password and a passphrase twice, and show neither', { timeout: PATIENCE }, async () => {
    const sealed = await onTerminal(
      place,
      ['passwords', 'plan', ...on, '--typed', 'USER2', '--seal', file],
      [
        ['Passphrase of the sealed file: ', PASSPHRASE],
        ['Passphrase of the sealed file, once more: ', PASSPHRASE],
        ['New password for USER2: ', PASSWORD],
        ['New password for USER2, once more: ', PASSWORD],
      ],
    );
    expect(sealed.screen).toContain(`Sealed into ${file}, and opened again.`);
    expect(sealed.code).toBe(0);
    for (const secret of [PASSPHRASE, PASSWORD]) {
      expect(sealed.screen).not.toContain(secret);
      expect(await readFile(file, 'utf8')).not.toContain(secret);
    }
    const applied = await onTerminal(
      place,
      ['passwords', 'apply', ...on, '--sealed', file],
      [
        ['Passphrase of the sealed file: ', PASSPHRASE],
        ['Set these passwords, through these rows of the map? [y/N] ', 'y'],
      ],
    );
    expect(applied.screen).toMatch(/USER2 +written/);
    expect(applied.code).toBe(0);
    // On a terminal a person may look.
    const opened = await onTerminal(
      place,
      ['passwords', 'open', file],
      [['Passphrase of the sealed file: ', PASSPHRASE]],
    );
    expect(opened.screen).toContain(PASSWORD);
    expect(opened.screen).not.toContain(PASSPHRASE);
  });

  it('take nothing when the two entries differ', { timeout: PATIENCE }, async () => {
    const run = await onTerminal(
      place,
      ['passwords', 'plan', ...on, '--users', 'USER2', '--seal', file],
      [
        ['Passphrase of the sealed file: ', PASSPHRASE],
        ['Passphrase of the sealed file, once more: ', 'four words that nobody join'],
      ],
    );
    expect(run.code).toBe(1);
    expect(run.screen).toContain('The two entries differ.');
    await expect(stat(file)).rejects.toThrow();
  });

  it('are stopped by Ctrl-C, and nothing is made', { timeout: PATIENCE }, async () => {
    const run = await onTerminal(
      place,
      ['passwords', 'plan', ...on, '--users', 'USER2', '--seal', file],
      [['Passphrase of the sealed file: ', '\x03']],
    );
    expect(run.code).not.toBe(0);
    expect(run.screen).not.toContain('once more');
    await expect(stat(file)).rejects.toThrow();
  });

  it('ask before settings are written: no is no, yes is yes', { timeout: PATIENCE }, async () => {
    const plan = join(place.home, 'bacnet.yaml');
    await writeFile(plan, 'area: bacnet\nsettings: { deviceId: 6022 }');
    const apply = (answer: string) =>
      onTerminal(
        place,
        ['configure', place.host, 'bacnet', '--apply', plan, '--ports', place.ports],
        [['Apply these changes, through these rows of the map? [y/N] ', answer]],
      );
    const refused = await apply('');
    expect(refused.code).toBe(5);
    expect(refused.screen).toContain('BACnet Device ID (61101)');
    const deviceId = async (): Promise<unknown> => {
      const shown = await place.run(['configure', place.host, 'bacnet', '--show', '--ports', place.ports, '--json']);
      return (shown.json()['settings'] as Record<string, unknown>)['deviceId'];
    };
    expect(await deviceId()).not.toBe(6022);
    const agreed = await apply('y');
    expect(agreed.code).toBe(0);
    expect(await deviceId()).toBe(6022);
  });
});
