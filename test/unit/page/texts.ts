import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const page = resolve('renderer');

/** Texts by key, as "namespace:a.b". */
export type Texts = ReadonlyMap<string, string>;

/** All texts of a language. Lists count as one text with their items joined. */
export function textsOf(language: string): Texts {
  const folder = join(page, 'i18n', language);
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const name = file.replace(/\.json$/, '');
    collect(JSON.parse(readFileSync(join(folder, file), 'utf8')), `${name}:`, '', texts);
  }
  return texts;
}

function collect(value: unknown, namespace: string, path: string, into: Map<string, string>): void {
  if (typeof value === 'string') into.set(namespace + path, value);
  else if (Array.isArray(value)) into.set(namespace + path, value.join('\n'));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      collect(inner, namespace, path === '' ? key : `${path}.${key}`, into);
    }
  }
}

/** Every source file of the page with its text. */
export function sourcesOfPage(): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(page, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => ({ file: file.slice(page.length + 1).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

/** Attributes that people read or hear. */
const READ = 'aria-label|title|label|placeholder|description|alt|text|subtitle|retryLabel|action';

/** Words in JSX that did not come through i18n: text between tags, and attributes that people read. */
export function literalsIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const between = [...code.matchAll(/(?<!=)>\s*([^<>{}();=:|&]*[A-Za-z]{2,}[^<>{}();=:|&]*?)\s*(?=<\/|<[A-Za-z]|\{)/g)];
  const attributes = [...code.matchAll(new RegExp(`\\s(?:${READ})="([^"]*[A-Za-z]{2,}[^"]*)"`, 'g'))];
  return [...between, ...attributes].map((match) => (match[1] ?? '').trim());
}

/** Keys of texts that a source names in full, and the beginnings of those that it puts together. */
export function keysIn(source: string): { readonly whole: readonly string[]; readonly beginnings: readonly string[] } {
  const whole = [...source.matchAll(/['"`]([a-z]+:[A-Za-z][\w.-]*)['"`]/g)].map((match) => match[1] ?? '');
  const beginnings = [...source.matchAll(/`([a-z]+:[\w.-]*)\$\{/g)].map((match) => match[1] ?? '');
  return { whole, beginnings };
}
