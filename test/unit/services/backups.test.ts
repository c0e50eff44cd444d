import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listBackups } from '../../../electron/cli/commands/backup-folder.ts';
import type { CommandContext } from '../../../electron/cli/context.ts';
import { EXIT } from '../../../electron/cli/terminal.ts';
import { listBags } from '../../../electron/services/backups.ts';
import { openHouse } from '../../../electron/services/house.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meterwright-bags-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('lists a folder whose record cannot be read, and leaves out what is no backup', async () => {
  mkdirSync(join(home, 'backups', 'odd', 'evidence.json'), { recursive: true });
  mkdirSync(join(home, 'backups', 'holiday'));
  const house = await openHouse({ home, version: '0.0.0' });
  if (!house.ok) throw new Error(house.problem.code);
  const bags = await listBags(house.value);
  expect(bags.map(({ bag, serial }) => [bag, serial])).toEqual([[join(home, 'backups', 'odd'), null]]);
});

it('says what is wrong with a folder that is a file', async () => {
  const file = join(home, 'notes.txt');
  writeFileSync(file, 'x');
  const outcome = await listBackups({ options: { home } } as unknown as CommandContext, file);
  expect(outcome.exit).toBe(EXIT.failed);
  expect(outcome.document).toMatchObject({ problem: { code: 'disk/failed', details: { path: file } } });
});
