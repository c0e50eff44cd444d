import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GATE_IDS } from '../../../shared/domain/gate.ts';

const rows = readFileSync('docs/answers.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line));

it('answers every complaint once, with a place', () => {
  expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  for (const row of rows) expect(row.split('|')).toHaveLength(6);
});

it('points at files and gates that exist', () => {
  const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  const files = named.filter((name) => /^(?:electron|renderer|test)\//.test(name));
  expect(files.length).toBeGreaterThan(8);
  for (const file of files) expect(existsSync(file), file).toBe(true);
  const gates = named.filter((name) => /^[a-z]+(?:-[a-z]+)+$/.test(name));
  for (const gate of gates) expect(GATE_IDS as readonly string[], gate).toContain(gate);
});

it('is found from the README', () => {
  expect(readFileSync('README.md', 'utf8')).toContain('](docs/answers.md)');
});
