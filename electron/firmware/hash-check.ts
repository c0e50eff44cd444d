import { type Problem, problem } from '../../shared/domain/problem.ts';
import { digestOf } from './digest.ts';
import { type HashAlgorithm, type HashListEntry, parseHashList } from './hash-list.ts';
import { decodeText } from './text.ts';
import type { PackageMember } from './types.ts';

/** A member with its bytes, before the hash lists were looked at. */
export interface UnlistedMember extends Omit<PackageMember, 'listed'> {
  readonly content: Buffer;
}

export interface CheckedMember extends PackageMember {
  readonly content: Buffer;
}

export interface HashCheck {
  readonly members: readonly CheckedMember[];
  readonly problems: readonly Problem[];
}

/** Entries of all lists together: every member by four algorithms, several times over. */
const MAX_ENTRIES = 20_000;
/** So many absent names are spelled out; a list of thousands says the same as one of fifty. */
const MAX_MISSING = 50;

/**
 * Holds every member against every hash list of the package. A member `differs` when any entry differs, whatever others say;
 * `unreadable` are names of members that are in the archive but could not be unpacked: they are not reported as absent again.
 */
export async function checkHashLists(
  members: readonly UnlistedMember[],
  unreadable: ReadonlySet<string>,
): Promise<HashCheck> {
  const problems: Problem[] = [];
  const listed = new Map<string, PackageMember['listed']>();
  const missing = new Set<string>();
  const digest = cachedDigest();
  const find = finderOf(members);
  let left = MAX_ENTRIES;
  for (const list of members) {
    if (list.role !== 'hash-list') continue;
    const entries = entriesOf(list).slice(0, left);
    left -= entries.length;
    for (const entry of entries) {
      const member = find(list.path, entry.name);
      if (member === undefined) {
        if (!unreadable.has(lastPart(entry.name).toLowerCase())) missing.add(entry.name);
      } else if (member !== list) {
        const actual = await digest(member, entry.algorithm);
        if (actual === entry.hash) listed.set(member.path, listed.get(member.path) ?? 'matches');
        else {
          if (listed.get(member.path) !== 'differs') problems.push(mismatch(member, list, entry, actual));
          listed.set(member.path, 'differs');
        }
      }
    }
  }
  for (const name of [...missing].slice(0, MAX_MISSING)) problems.push(absent(name));
  const checked = members.map((member) => ({ ...member, listed: listed.get(member.path) ?? ('not-listed' as const) }));
  return { members: checked, problems };
}

/** The entries of a list; a file `image.upx.sha256` may hold nothing but the hash of `image.upx`. */
function entriesOf(list: UnlistedMember): readonly HashListEntry[] {
  const text = decodeText(list.content);
  const entries = parseHashList(text);
  const lone = /^[0-9A-Fa-f]+$/.test(text.trim()) ? text.trim() : null;
  const owner = /^(.*)\.(?:md5|sha1|sha256|sha512)$/i.exec(list.path)?.[1];
  if (entries.length > 0 || lone === null || owner === undefined) return entries;
  return parseHashList(`${lone}  ${lastPart(owner)}`);
}

/** Finds the member of an entry: by full path, then by path beside the list, then by file name where only one member has it. */
function finderOf(members: readonly UnlistedMember[]): (listPath: string, name: string) => UnlistedMember | undefined {
  const byPath = new Map(members.map((member) => [member.path.toLowerCase(), member]));
  const byName = new Map<string, UnlistedMember | null>();
  for (const member of members) {
    const name = lastPart(member.path).toLowerCase();
    byName.set(name, byName.has(name) ? null : member);
  }
  return (listPath, name) => {
    const wanted = name.toLowerCase();
    const folder = listPath.slice(0, listPath.lastIndexOf('/') + 1).toLowerCase();
    return byPath.get(wanted) ?? byPath.get(folder + wanted) ?? byName.get(lastPart(wanted)) ?? undefined;
  };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A list may name a member thousands of times; each hash is computed once. */
function cachedDigest(): (member: UnlistedMember, algorithm: HashAlgorithm) => Promise<string> {
  const known = new Map<string, string>();
  return async (member, algorithm) => {
    if (algorithm === 'sha256') return member.sha256;
    const key = `${algorithm} ${member.path}`;
    const hash = known.get(key) ?? (await digestOf(member.content, algorithm));
    known.set(key, hash);
    return hash;
  };
}

function mismatch(member: UnlistedMember, list: UnlistedMember, entry: HashListEntry, actual: string): Problem {
  return problem({
    code: 'package/hash-mismatch',
    title: 'A file of the package does not fit its hash',
    because: `${member.path} has another ${entry.algorithm} hash than ${list.path} says: the file was damaged or changed.`,
    nextStep: 'Do not use this package. Get it again from the vendor and compare its hash.',
    details: { member: member.path, list: list.path, algorithm: entry.algorithm, expected: entry.hash, actual },
  });
}

function absent(name: string): Problem {
  return problem({
    code: 'package/listed-missing',
    title: 'A file that the hash list names is not in the package',
    because: `${JSON.stringify(name.slice(0, 260))} is listed with a hash but is not there.`,
    nextStep: 'The package is not complete. Get it again from the vendor.',
    details: { member: name.slice(0, 260) },
  });
}
