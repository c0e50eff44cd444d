import { parseSync, Visitor } from 'vite';

/** One place where a file asks for another module. */
export interface ImportSite {
  /** The text between the quotes; undefined when it is computed, so that nobody can tell which module it is. */
  readonly specifier: string | undefined;
  /** Line in the file, from 1. */
  readonly line: number;
}

interface Expression {
  readonly type: string;
  readonly start: number;
  readonly value?: unknown;
  readonly expressions?: readonly unknown[];
  readonly quasis?: readonly { readonly value: { readonly cooked: string | null } }[];
}

/** The text of a string or of a template without holes. */
function literalText(node: Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions?.length === 0)
    return node.quasis?.[0]?.value.cooked ?? undefined;
  return undefined;
}

/**
 * Every import, export from, dynamic import, type import and require of one TypeScript file, in any position.
 * Parsed with the parser of the bundler, because what counts is what the bundler sees.
 * @throws Error when the file is not TypeScript: a file that cannot be read cannot be trusted either
 */
export function importsOf(file: string, source: string): readonly ImportSite[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const sites: ImportSite[] = [];
  const add = (specifier: string | undefined, start: number) => {
    sites.push({ specifier, line: source.slice(0, start).split('\n').length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source.value, node.start);
    },
    ImportExpression: (node) => add(literalText(node.source), node.start),
    TSImportType: (node) => add(literalText(node.source), node.start),
    TSExternalModuleReference: (node) => add(literalText(node.expression), node.start),
    CallExpression: (node) => {
      const callee = node.callee;
      const plain = callee.type === 'Identifier' && callee.name === 'require';
      const resolve =
        callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'require';
      if (plain || resolve) add(literalText(node.arguments[0]), node.start);
    },
  }).visit(program);
  return sites.sort((a, b) => a.line - b.line);
}
