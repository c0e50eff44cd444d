import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';

const specifiers = (source: string, file = 'some.ts') => importsOf(file, source).map(({ specifier }) => specifier);

describe('the imports of a file', () => {
  it.each([
    ['a plain import', "import { a } from './x.ts';"],
    ['an import for its effect', "import './x.ts';"],
    ['a default import with double quotes', 'import a from "./x.ts";'],
    ['a namespace import', "import * as a from './x.ts';"],
    ['a type import', "import type { A } from './x.ts';"],
    ['an inline type import', "import { type A } from './x.ts';"],
    ['an import over many lines', "import {\n  a,\n  b,\n} from\n  './x.ts';"],
    ['an import with attributes', "import a from './x.ts' with { type: 'json' };"],
    ['an export from', "export { a } from './x.ts';"],
    ['an export of all', "export * from './x.ts';"],
    ['an export of types', "export type { A } from './x.ts';"],
    ['a dynamic import', "const a = await import('./x.ts');"],
    ['a dynamic import of a template', 'const a = import(`./x.ts`);'],
    ['a dynamic import with a comment inside', "const a = import(/* why */ './x.ts');"],
    ['a dynamic import inside a template', `const a = \`\${import('./x.ts')}\`;`],
    ['a type of a module', "let a: import('./x.ts').A;"],
    ['a typeof of a module', "let a: typeof import('./x.ts');"],
    ['a require', "const a = require('./x.ts');"],
    ['a require.resolve', "const a = require.resolve('./x.ts');"],
    ['an import by require', "import a = require('./x.ts');"],
    ['an import after a regular expression with a quote', "const quote = /['\"`]/; const a = import('./x.ts');"],
    ['an import after a division', "const b = 4 / 2; const a = import('./x.ts'); const c = 1 / 2;"],
  ])('are found: %s', (_, source) => {
    expect(specifiers(source)).toEqual(['./x.ts']);
  });

  it.each([
    ['a comment', "// import './x.ts'\nexport {};"],
    ['a block comment', "/* import './x.ts';\n export * from './x.ts' */"],
    ['a string', 'const a = "import \'./x.ts\'";'],
    ['a template', `const a = \`import './x.ts'; \${1} require('./x.ts')\`;`],
    ['a regular expression', "const a = /import '.\\/x.ts'/;"],
    ['an export without from', 'const a = 1;\nexport { a };'],
    ['import.meta', 'const a = import.meta.url;'],
    ['a method that is named require', "const a = loader.require('./x.ts');"],
  ])('are not found in %s', (_, source) => {
    expect(specifiers(source)).toEqual([]);
  });

  it('are found in the text of a component', () => {
    const source = "const page = <p>Don't ask ` here {lazy(() => import('./x.tsx'))} isn't it</p>;";
    expect(specifiers(source, 'some.tsx')).toEqual(['./x.tsx']);
  });

  it('are undefined when they are computed', () => {
    expect(specifiers(`const a = import(name); const b = require(\`./\${name}.ts\`);`)).toEqual([undefined, undefined]);
  });

  it('have the line they are on', () => {
    const sites = importsOf('some.ts', "// one\n\nimport a from './a.ts';\nconst b = () =>\n  import('./b.ts');\n");
    expect(sites).toEqual([
      { specifier: './a.ts', line: 3 },
      { specifier: './b.ts', line: 5 },
    ]);
  });

  it('are not guessed when the file cannot be parsed', () => {
    expect(() => importsOf('some.ts', "import { from './x.ts'")).toThrow('cannot be parsed');
  });

  it('are found among any mixture of comments, strings and templates', () => {
    const noise = fc.constantFrom(
      "// import './no.ts'",
      "/* require('./no.ts') */",
      'const %= "import \'./no.ts\'";',
      `const %= \`import('./no.ts') \${'\`'} \\\`\`;`,
      "const %= /[/'\"]import '.\\/no.ts'/g;",
      "const %= 1 / 2 / 3; // '",
    );
    const real = fc.constantFrom(
      "import '@';",
      "import { a as % } from '@';",
      "export * as % from '@';",
      "const %= import('@');",
      `const %= \`\${require('@')}\`;`,
      "type %= import('@').T;",
    );
    const line = fc.oneof(
      noise.map((text) => ({ text, real: false })),
      real.map((text) => ({ text, real: true })),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const source = lines
          .map(({ text }, at) => text.replace('%', `v${at} `).replace('@', `./yes-${at}.ts`))
          .join('\n');
        const expected = lines.flatMap((each, at) =>
          each.real ? [{ specifier: `./yes-${at}.ts`, line: at + 1 }] : [],
        );
        expect(importsOf('some.ts', source)).toEqual(expected);
      }),
    );
  });
});
