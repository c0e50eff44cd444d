import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBagPath,
  encodeBagPath,
  formatManifest,
  isSafeBagPath,
  parseManifest,
} from '../../../electron/backup/bag/manifest.ts';
import { formatBagInfo, parsePayloadOxum } from '../../../electron/backup/bag/tag-files.ts';

const HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Well-formed text with many of the characters that matter. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('%', '\r', '\n', '0', 'A', 'a', 'D', 'd', '2', '5', '/', '.', ' ', '\\'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});

describe('paths in a manifest (RFC 8493, 2.1.3)', () => {
  it.each([
    ['data/a\nb', 'data/a%0Ab'],
    ['data/a\rb', 'data/a%0Db'],
    ['data/a\r\nb', 'data/a%0D%0Ab'],
    ['data/100%', 'data/100%25'],
    ['data/%0A', 'data/%250A'],
    ['data/ä b', 'data/ä b'],
  ])('%j is written as %j', (path, encoded) => {
    expect(encodeBagPath(path)).toBe(encoded);
    expect(decodeBagPath(encoded)).toBe(path);
  });

  it('come back as they were, and have no line break in between', () => {
    fc.assert(
      fc.property(text, (path) => {
        const encoded = encodeBagPath(path);
        expect(encoded).not.toMatch(/[\r\n]/);
        expect(decodeBagPath(encoded)).toBe(path);
      }),
    );
  });

  it('with any other percent code are refused', () => {
    expect(decodeBagPath('data/a%20b')).toBeUndefined();
    expect(decodeBagPath('data/a%')).toBeUndefined();
    expect(decodeBagPath('data/%0d%0a')).toBe('data/\r\n');
  });

  it.each([
    '../x',
    'data/../x',
    'data/./x',
    '/etc/passwd',
    'data//x',
    'data/',
    'C:/x',
    'data/a:stream',
    'data\\x',
    '~/x',
    '',
    'data/x.',
    'data/x ',
    'data/.../x',
    'data/a\0b',
    '\\\\host\\share',
  ])('that lead elsewhere are refused: %j', (path) => {
    expect(isSafeBagPath(path)).toBe(false);
    if (path !== '') expect(parseManifest(`${HASH}  ${path}\n`).ok).toBe(false);
  });
});

describe('parseManifest', () => {
  const entry = fc.record({
    path: text.map((tail) => `data/${tail}`).filter(isSafeBagPath),
    sha256: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
  });

  it('reads back what formatManifest writes, sorted', () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: (candidate) => candidate.path }), (entries) => {
        const parsed = parseManifest(formatManifest(entries));
        const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
        expect(parsed).toEqual({ ok: true, value: sorted });
      }),
    );
  });

  it('takes any text without throwing, and gives only safe paths', () => {
    const line = fc.tuple(fc.constantFrom(HASH, HASH.toUpperCase(), 'abc'), fc.constantFrom(' ', '  ', '\t', ''), text);
    const lines = fc
      .array(line)
      .chain((parts) => fc.constantFrom('\n', '\r', '\r\n').map((end) => parts.map((part) => part.join('')).join(end)));
    fc.assert(
      fc.property(fc.oneof(text, lines, fc.string({ unit: 'binary' })), (input) => {
        const parsed = parseManifest(input);
        if (parsed.ok) for (const { path } of parsed.value) expect(isSafeBagPath(path)).toBe(true);
        else expect(parsed.problem.code).toMatch(/^backup\/(manifest-changed|unsafe-path)$/);
      }),
    );
  });

  it('refuses a path that stands twice', () => {
    expect(parseManifest(`${HASH}  data/a\n${HASH}  data/a\n`)).toMatchObject({ ok: false });
  });

  it('refuses a list without end', () => {
    expect(parseManifest('\n'.repeat(200_000)).ok).toBe(false);
  });
});

describe('bag-info.txt', () => {
  it('keeps what a meter says on one line', () => {
    const info = formatBagInfo({
      serial: 'A\r\nPayload-Oxum: 9.9\u2028x',
      date: '2026-11-22T10:00:00.000Z',
      agent: 'Meterwright 0.1.0',
      oxum: { bytes: 12, files: 3 },
      description: 'd',
    });
    expect(info.split('\n')).toHaveLength(6);
    expect(parsePayloadOxum(info)).toEqual({ bytes: 12, files: 3 });
  });

  it.each(['', 'Payload-Oxum: x', 'Payload-Oxum: 1.1\nPayload-Oxum: 1.1', 'Payload-Oxum: -1.1', 'Payload-Oxum: 1'])(
    'without one plain Payload-Oxum gives none: %j',
    (info) => expect(parsePayloadOxum(info)).toBeUndefined(),
  );
});
