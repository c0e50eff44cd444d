import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { arrows, packageHomes, packageLists, type Room, withoutNode } from './rules.ts';

/** What kind of rule a file breaks. */
type BrokenRule =
  | 'arrow'
  | 'test-code'
  | 'package-home'
  | 'package-list'
  | 'node-module'
  | 'cycle'
  | 'unknown-room'
  | 'missing-file'
  | 'computed-import'
  | 'outside';

/** One broken rule in one file; paths are relative to the root that was checked, with `/`. */
export interface Violation {
  readonly rule: BrokenRule;
  readonly file: string;
  readonly line: number;
  readonly because: string;
}

const TOP_FOLDERS = ['electron', 'renderer', 'shared', 'simulator'];

/** All .ts and .tsx files of the four code folders below `root`, as relative paths with `/`. */
export function sourceFiles(root: string): readonly string[] {
  return TOP_FOLDERS.filter((folder) => existsSync(posix.join(root, folder))).flatMap((folder) =>
    readdirSync(posix.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .sort(),
  );
}

/** The room a path is in; undefined when no room of the table has it. */
function roomOf(path: string): Room | undefined {
  if (path === 'package.json' || path.startsWith('assets/')) return path.split('/')[0];
  const parts = path.split('/');
  return [3, 2, 1]
    .filter((depth) => depth < parts.length)
    .map((depth) => parts.slice(0, depth).join('/'))
    .find((room) => Object.hasOwn(arrows, room));
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

type Complaint = readonly [BrokenRule, string];

function checkPackage(file: string, room: Room, specifier: string): Complaint | undefined {
  if (isBuiltin(specifier)) {
    return withoutNode.includes(room) ? ['node-module', `${room} has no Node modules, so no ${specifier}`] : undefined;
  }
  const name = packageOf(specifier);
  const list = packageLists[room];
  if (list !== undefined && !list.includes(name)) return ['package-list', `${room} must not use the package ${name}`];
  const homes = Object.hasOwn(packageHomes, name) ? packageHomes[name] : undefined;
  if (homes?.some((home) => file === home || file.startsWith(`${home}/`)) === false) {
    return ['package-home', `${name} is for ${homes.join(', ')} only`];
  }
  return undefined;
}

function checkPath(root: string, room: Room, target: string): Complaint | undefined {
  if (target.startsWith('../')) return ['outside', `${target} is outside the project`];
  if (target.startsWith('test/')) return ['test-code', `${target} is test code`];
  const absolute = posix.join(root, target);
  if (!existsSync(absolute) || !statSync(absolute).isFile()) return ['missing-file', `${target} does not exist`];
  const to = roomOf(target);
  if (to === undefined) return ['unknown-room', `${target} is in no room`];
  if (to !== room && !arrows[room]?.includes(to)) return ['arrow', `${room} must not import ${to}`];
  return undefined;
}

/** Groups of files that import each other in a ring, found by Tarjan's algorithm; a file that imports itself is a ring too. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    let lowest = own;
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, index.get(next) ?? lowest);
    }
    if (lowest === own) {
      const ring = stack.splice(stack.indexOf(node));
      if (ring.length > 1 || graph.get(node)?.includes(node)) cycles.push(ring.sort());
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return cycles;
}

/** Checks every source file below `root` (with `/`) against the table of rooms and gives back all that is wrong. */
export function checkArchitecture(root: string): readonly Violation[] {
  const violations: Violation[] = [];
  const graph = new Map<string, readonly string[]>();
  for (const file of sourceFiles(root)) {
    const room = roomOf(file);
    if (room === undefined) {
      violations.push({ rule: 'unknown-room', file, line: 1, because: `${file} is in no room of the table` });
      continue;
    }
    const targets: string[] = [];
    for (const { specifier, line } of importsOf(file, readFileSync(posix.join(root, file), 'utf8'))) {
      const complain = ([rule, because]: Complaint) => violations.push({ rule, file, line, because });
      if (specifier === undefined) {
        complain(['computed-import', 'the module is computed, so nobody can check it']);
      } else if (/^[./]/.test(specifier)) {
        const target = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''));
        const complaint = checkPath(root, room, target);
        if (complaint === undefined) targets.push(target);
        else complain(complaint);
      } else {
        const complaint = checkPackage(file, room, specifier);
        if (complaint !== undefined) complain(complaint);
      }
    }
    graph.set(file, targets);
  }
  for (const ring of findCycles(graph)) {
    for (const file of ring) violations.push({ rule: 'cycle', file, line: 1, because: `a ring: ${ring.join(', ')}` });
  }
  return violations;
}
