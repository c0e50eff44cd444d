import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFirmwarePackage } from '../../../electron/firmware/package.ts';
import { buildSimulatedPackages } from '../../../simulator/packages/build.ts';

/** Memory that may be added by reading any mutation of a package of some 200 KB, in bytes. */
const MEMORY_CAP = 300 * 1024 * 1024;
const KNOWN_CODE = /^(package|site-map)\/[a-z-]+$/;

let folder: string;
let whole: Buffer;
let sound: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-fuzz-'));
  const built = await buildSimulatedPackages(folder, { payloadSize: 5000 });
  whole = await readFile(built.package);
  const read = await readFirmwarePackage(built.package);
  if (!read.ok) throw new Error(read.problem.because);
  sound = JSON.stringify(read.value.members);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Change = (bytes: Buffer) => Buffer;
/** Places in the archive; three of four lie in the directory at its end, where the structure is. */
const place = fc.oneof(
  { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 3, arbitrary: fc.double({ min: 0.992, max: 1, noNaN: true }) },
);
const at = (bytes: Buffer, share: number): number => Math.min(bytes.length - 1, Math.floor(bytes.length * share));

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([share, value]): Change =>
      (bytes) => {
        bytes[at(bytes, share)] = value;
        return bytes;
      },
  ),
  fc.tuple(place, fc.constantFrom(0xffffffff, 0x7fffffff, 0, 1, 0x04034b50, 0x02014b50, 0x06054b50, 0x07064b50)).map(
    ([share, value]): Change =>
      (bytes) => {
        if (bytes.length >= 4) bytes.writeUInt32LE(value, Math.min(at(bytes, share), bytes.length - 4));
        return bytes;
      },
  ),
  place.map(
    (share): Change =>
      (bytes) =>
        bytes.subarray(0, at(bytes, share)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(
    ([share, added]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, share)), added, bytes.subarray(at(bytes, share))]),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 200 })).map(
    ([share, length]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, share)), bytes.subarray(at(bytes, share) + length)]),
  ),
);

describe('a package that was changed at random', () => {
  it('never makes the reader throw, hang or fill memory, and never passes as sound with other bytes', async () => {
    const before = process.resourceUsage().maxRSS * 1024;
    let round = 0;
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        round += 1;
        const bytes = changes.reduce<Buffer>(
          (changed, one) => (changed.length > 0 ? one(changed) : changed),
          Buffer.from(whole),
        );
        const file = join(folder, `mutant-${round}.zip`);
        await writeFile(file, bytes);
        const read = await readFirmwarePackage(file);
        await rm(file);
        if (!read.ok) {
          expect(read.problem.code).toMatch(KNOWN_CODE);
          return;
        }
        kept += 1;
        for (const { code } of read.value.problems) expect(code).toMatch(KNOWN_CODE);
        const main = read.value.image('main-image');
        if (main !== undefined) await main.source.read(0, main.source.size);
        if (read.value.problems.length === 0) expect(JSON.stringify(read.value.members)).toBe(sound);
      }),
      { numRuns: 250 },
    );
    expect(kept).toBeGreaterThan(20);
    expect(process.resourceUsage().maxRSS * 1024 - before).toBeLessThan(MEMORY_CAP);
  });
});
