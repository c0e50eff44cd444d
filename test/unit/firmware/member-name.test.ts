import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKey, printableName, unsafeNameReason } from '../../../electron/protocols/zip/member-name.ts';

const nasty = fc.array(
  fc.constantFrom('..', '.', '', 'a', 'C:', 'b.txt', '\\', '/', '\0', '~', ' ', 'é', '\u202e', '?'),
  { maxLength: 6 },
);

describe('names of archive members', () => {
  it('that are accepted stay inside of any folder on any system', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          nasty.map((parts) => parts.join('/')),
          nasty.map((parts) => parts.join('')),
          fc.string(),
        ),
        (name) => {
          if (unsafeNameReason(name) !== null) return;
          expect(posix.resolve('/base/folder', name).startsWith('/base/folder/')).toBe(true);
          expect(win32.resolve('C:\\base\\folder', name).startsWith('C:\\base\\folder\\')).toBe(true);
          expect(printableName(name)).toBe(name);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('of usual packages are accepted', () => {
    for (const name of [
      'ION7400_V004.006.000.upx',
      'docs/What’s new é.pdf',
      'a/b/c.html',
      'folder/',
      '..hidden',
      'a..b',
    ]) {
      expect(unsafeNameReason(name)).toBeNull();
    }
  });

  it('are one where Windows or macOS see one file', () => {
    expect(nameKey('A/B.TXT')).toBe(nameKey('a/b.txt. '));
    expect(nameKey('e\u0301.txt')).toBe(nameKey('\u00e9.txt'));
    expect(nameKey('a.txt')).not.toBe(nameKey('b.txt'));
  });
});
