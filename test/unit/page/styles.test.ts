import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourcesOfPage } from './texts.ts';

const mantine = resolve('node_modules/@mantine/core');
const sheets = [
  ...readFileSync('renderer/app/look/styles.ts', 'utf8').matchAll(/'@mantine\/core\/(styles\/\w[\w-]*\.css)'/g),
];
const listed = sheets.map(([, sheet = '']) => readFileSync(join(mantine, sheet), 'utf8')).join('\n');
const all = readFileSync(join(mantine, 'styles.css'), 'utf8');

/** The classes of a piece of Mantine and of all pieces that it is made of. */
function classesOf(piece: string): readonly string[] {
  const start = join(mantine, 'esm', 'components', piece, `${piece}.mjs`);
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    for (const [, to = ''] of readFileSync(file, 'utf8').matchAll(/from\s*"(\.[^"]+)"/g)) walk(join(dirname(file), to));
  };
  walk(start);
  return [...seen]
    .filter((file) => file.endsWith('.module.mjs'))
    .flatMap((file) => readFileSync(file, 'utf8').match(/m_[0-9a-f]{6,8}/g) ?? []);
}

function missingIn(styles: string, piece: string): readonly string[] {
  return classesOf(piece).filter((name) => all.includes(`.${name}`) && !styles.includes(`.${name}`));
}

const pieces = new Set(
  sourcesOfPage().flatMap(({ text }) =>
    [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => /^[A-Z]\w*$/.test(name)),
    ),
  ),
);

describe('the styles of Mantine', () => {
  it('are there for every piece that the page uses', () => {
    expect(pieces.size).toBeGreaterThan(10);
    expect([...pieces].flatMap((piece) => missingIn(listed, piece).map((name) => `${piece}: ${name}`))).toEqual([]);
  });

  it('would be missed', () => {
    expect(missingIn('', 'Modal').length).toBeGreaterThan(5);
  });
});
