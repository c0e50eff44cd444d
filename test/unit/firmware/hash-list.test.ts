import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHashList } from '../../../electron/firmware/hash-list.ts';
import { decodeText } from '../../../electron/firmware/text.ts';

const HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const IMAGE = 'ION7400_V004.006.000.upx';

const SHAPES: readonly [string, (hash: string, name: string) => string][] = [
  ['two blanks (sha256sum)', (hash, name) => `${hash}  ${name}`],
  ['binary mark', (hash, name) => `${hash} *${name}`],
  ['tab', (hash, name) => `${hash}\t${name}`],
  ['name: hash', (hash, name) => `${name}: ${hash}`],
  ['name = hash', (hash, name) => `${name} = ${hash}`],
  ['name<tab>hash', (hash, name) => `${name}\t${hash}`],
  ['BSD', (hash, name) => `SHA256 (${name}) = ${hash}`],
  ['hash, then name', (hash, name) => `${hash}\n${name}`],
  ['name, then hash', (hash, name) => `${name}\n${hash}`],
  ['name, then a label', (hash, name) => `File: ${name}\nSHA-256: ${hash}`],
  ['name with a label', (hash, name) => `${name} SHA256: ${hash}`],
  ['Get-FileHash as a table', (hash, name) => `SHA256          ${hash}       ${name}`],
  ['Get-FileHash as a list', (hash, name) => `Algorithm : SHA256\nHash      : ${hash}\nPath      : ${name}`],
  ['certutil', (hash, name) => `SHA256 hash of ${name}:\n${hash}\nCertUtil: -hashfile command completed successfully.`],
  ['comma', (hash, name) => `${name},${hash}`],
  ['quoted', (hash, name) => `${hash}  "${name}"`],
];

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,11}$/);
const fileName = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(' ', '_', '/'),
    fc.constantFrom('upx', 'txt', 'dcf', 'xlsx'),
  )
  .map(([words, separator, extension]) => `${words.join(separator)}.${extension}`)
  .filter((name) => !/^(file|name|path|sha|md)/i.test(name));
const digest = fc
  .constantFrom('sha256', 'sha1', 'sha512', 'md5')
  .chain((algorithm) => fc.record({ algorithm: fc.constant(algorithm), upper: fc.boolean(), seed: fc.string() }));

describe('hash lists', () => {
  it.each(SHAPES)('in the shape %s give back what was written', (_shape, write) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fileName, digest), { minLength: 1, maxLength: 6, selector: ([name]) => name }),
        fc.constantFrom('\n', '\r\n'),
        (files, end) => {
          const expected = files.map(([name, { algorithm, seed }]) => ({
            name,
            algorithm,
            hash: createHash(algorithm).update(seed).digest('hex'),
          }));
          const lines = expected.map(({ name, hash }, index) =>
            write(files[index]?.[1].upper === true ? hash.toUpperCase() : hash, name),
          );
          expect(parseHashList(lines.join('\n').replaceAll('\n', end) + end)).toEqual(expected);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('are read with a byte order mark, in UTF-8 and both UTF-16 orders', () => {
    const text = `\uFEFF${HASH}  ${IMAGE}\r\n`;
    const expected = [{ name: IMAGE, algorithm: 'sha256', hash: HASH }];
    expect(parseHashList(decodeText(Buffer.from(text, 'utf8')))).toEqual(expected);
    expect(parseHashList(decodeText(Buffer.from(text, 'utf16le')))).toEqual(expected);
    expect(parseHashList(decodeText(Buffer.from(text, 'utf16le').swap16()))).toEqual(expected);
    expect(decodeText(Buffer.concat([Buffer.from('feff', 'hex'), Buffer.from('0041ff', 'hex')]))).toBe('A');
  });

  it('may name files with folders of either kind, or with ./', () => {
    expect(parseHashList(`${HASH} *.\\images\\${IMAGE}`)[0]?.name).toBe(`images/${IMAGE}`);
    expect(parseHashList(`${HASH}  ./${IMAGE}`)[0]?.name).toBe(IMAGE);
  });

  it('may give several hashes for one name', () => {
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
    expect(parseHashList(`${IMAGE}\nMD5: ${md5}\nSHA256: ${HASH}`)).toEqual([
      { name: IMAGE, algorithm: 'md5', hash: md5 },
      { name: IMAGE, algorithm: 'sha256', hash: HASH },
    ]);
  });

  it('skip comments, prose and hex of another length', () => {
    expect(
      parseHashList(
        `# ${HASH}  a.txt\n; x\n// y\nCompare the hashes below.\n${HASH.slice(1)}  b.txt\n${HASH}0 c.txt\n`,
      ),
    ).toEqual([]);
    expect(parseHashList('Firmware version 4.6.0.\nInstall ION Setup v3.2.25037.01 or higher.')).toEqual([]);
  });

  it('never throw, and stay quick on long lines and many of them', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => parseHashList(text).length >= 0));
    const started = performance.now();
    for (const piece of ['a', ' ', '(', ': ', 'f'.repeat(31), '\\', 'SHA256 (']) {
      parseHashList(piece.repeat(1_000_000 / piece.length));
      parseHashList(`${piece.repeat(Math.floor(1000 / piece.length))}\n`.repeat(1000));
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
