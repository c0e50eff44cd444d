import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFirmwarePackage } from '../../../electron/firmware/package.ts';
import type { FirmwarePackage } from '../../../electron/firmware/types.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { formatIonSetup } from '../../../shared/domain/ion-setup-version.ts';
import { buildSimulatedPackages, type SimulatedPackages } from '../../../simulator/packages/build.ts';
import { verifySimulatedImage } from '../../../simulator/upgrade/image.ts';

const run = promisify(execFile);
let folder: string;
let built: SimulatedPackages;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  built = await buildSimulatedPackages(folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a tool that `npm run setup:test` installs; its absence is a failure with a clear message. */
async function tool(name: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run(name, [...args], { cwd, timeout: 20_000, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
      throw new Error(`${name} is not installed; run "npm run setup:test".`);
    }
    throw thrown;
  }
}

async function read(file: string): Promise<FirmwarePackage> {
  const result = await readFirmwarePackage(file);
  if (!result.ok) throw new Error(`${basename(file)}: ${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

async function codes(file: string): Promise<readonly string[]> {
  return [...new Set((await read(file)).problems.map(({ code }) => code))];
}

describe('the simulated package', () => {
  it('is read without a problem and says everything about itself', async () => {
    const given = await read(built.package);
    expect(given.problems).toEqual([]);
    expect(given).toMatchObject({
      format: 'zip',
      model: 'ION7400',
      targetVersionFrom: 'image header',
      minimumStart: { major: 2, minor: 1, patch: 0 },
      signature: 'verified',
      simulated: true,
      siteMap: { provenance: 'simulated', fileName: 'ION7400_Modbus_Map.xlsx' },
    });
    expect(given.targetVersion && formatFirmware(given.targetVersion)).toBe('4.6.0');
    expect(given.minimumIonSetup && formatIonSetup(given.minimumIonSetup)).toBe('3.2.25037.01');
    expect(given.members.map(({ path, role, listed }) => `${path} ${role} ${listed}`)).toEqual([
      'ION7400_V004.006.000.upx main-image matches',
      'ION7400_V004.006.000.dcf template matches',
      'Whats_new_ION7400_V004.006.000.txt whats-new matches',
      'ION7400_Modbus_Map.xlsx modbus-map matches',
      'OptionModule_V001.002.000.upx option-module-image matches',
      'RemoteDisplay_V001.001.000.upx remote-display-image matches',
      'ION7400_V004.006.000_hashes.txt hash-list not-listed',
    ]);
  });

  it('is the same to unzip and sha256sum', async () => {
    const given = await read(built.package);
    const listing = await tool('unzip', ['-l', built.package], folder);
    for (const { path, size } of given.members)
      expect(listing).toMatch(new RegExp(`^ +${size} .* ${path.replaceAll('.', '\\.')}$`, 'm'));
    expect(listing).toContain(`${given.members.length} files`);
    const out = join(folder, 'unzipped');
    await mkdir(out);
    await tool('unzip', ['-q', built.package, '-d', out], folder);
    const sums = await tool(
      'sha256sum',
      given.members.map(({ path }) => path),
      out,
    );
    expect(sums).toBe(given.members.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(''));
    expect(await tool('sha256sum', ['-c', 'ION7400_V004.006.000_hashes.txt'], out)).toMatch(/^(.*: OK\n){6}$/);
    expect((await tool('sha256sum', [built.package], folder)).slice(0, 64)).toBe(given.sha256);
  });

  it('hands out images that a simulated meter takes', async () => {
    const given = await read(built.package);
    for (const role of ['main-image', 'option-module-image', 'remote-display-image'] as const) {
      const image = given.image(role);
      const bytes = (await image?.source.read(0, image.source.size)) ?? new Uint8Array();
      expect(verifySimulatedImage(bytes)).toMatchObject({ ok: true, header: { kind: role.replace('-image', '') } });
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(image?.member.sha256);
    }
  });

  it('is held against lists that independent tools wrote', async () => {
    const out = join(folder, 'relisted');
    await mkdir(out);
    await tool('unzip', ['-q', built.package, '-d', out], folder);
    await rm(join(out, 'ION7400_V004.006.000_hashes.txt'));
    const names = await readdir(out);
    for (const [name, args] of [
      ['sha256sum', ['--tag']],
      ['sha1sum', ['-b']],
      ['sha512sum', []],
      ['md5sum', []],
    ] as const) {
      const copy = join(folder, `relisted-${name}`);
      await cp(out, copy, { recursive: true });
      await writeFile(join(copy, 'hashes.txt'), await tool(name, [...args, ...names], copy));
      await tool('zip', ['-q', '-r', '../relisted.zip', '.'], copy);
      const given = await read(join(folder, 'relisted.zip'));
      await rm(join(folder, 'relisted.zip'));
      expect(given.problems).toEqual([]);
      expect(given.members.filter(({ listed }) => listed === 'matches')).toHaveLength(names.length);
    }
  });
});

describe('a broken sibling', () => {
  it('with a wrong hash', async () => {
    const given = await read(built.packages.wrongHash);
    expect(given.problems.map(({ code }) => code)).toEqual(['package/hash-mismatch']);
    expect(given.problems[0]?.details['member']).toBe('ION7400_V004.006.000.upx');
    expect(given.members.filter(({ listed }) => listed === 'differs').map(({ role }) => role)).toEqual(['main-image']);
  });

  it('for another model', async () => {
    const given = await read(built.packages.wrongModel);
    expect([given.model, given.signature, given.problems]).toEqual(['ION9000', 'verified', []]);
  });

  it('that is cut off', async () => {
    const result = await readFirmwarePackage(built.packages.truncated);
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'package/truncated', meterState: 'Nothing was written to the meter.' },
    });
  });

  it('that is a bare image', async () => {
    expect(await codes(built.packages.bareUpx)).toEqual(['package/bare-image']);
    expect((await read(built.packages.bareUpx)).minimumIonSetup).toBeNull();
  });

  it('that climbs out of its folder, without a file appearing anywhere', async () => {
    expect(await tool('unzip', ['-l', built.packages.zipSlip], folder)).toContain('../escaped.txt');
    const before = [await readdir(folder), await readdir(tmpdir())].map((names) =>
      names.filter((name) => name.includes('escaped')),
    );
    expect(await codes(built.packages.zipSlip)).toEqual(['package/unsafe-path']);
    expect((await read(built.packages.zipSlip)).image('main-image')).toBeUndefined();
    const after = [await readdir(folder), await readdir(tmpdir())].map((names) =>
      names.filter((name) => name.includes('escaped')),
    );
    expect(after).toEqual(before);
  });

  it('that is a bomb, without unpacking it', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const given = await read(built.packages.zipBomb);
    expect(given.problems.map(({ code }) => code)).toEqual(['package/bomb']);
    expect(given.members.map(({ path }) => path)).not.toContain('bomb.bin');
    expect(given.image('main-image')).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 1024 * 1024);
  });

  it('without signatures', async () => {
    const given = await read(built.packages.unsigned);
    expect(given.signature).toBe('invalid');
    expect(given.problems.map(({ code }) => code)).toEqual(Array(3).fill('package/bad-signature'));
  });

  it('that is older than any meter that would take it', async () => {
    const given = await read(built.packages.downgrade);
    expect(given.targetVersion && formatFirmware(given.targetVersion)).toBe('3.1.0');
    expect([given.signature, given.problems]).toEqual(['verified', []]);
  });
});

describe('the map workbook', () => {
  it('is the one in the package', async () => {
    const given = await read(built.package);
    const bytes = await readFile(built.map);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(given.siteMap?.sha256);
  });
});
