import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackageOptions, readFirmwarePackage } from '../../../electron/firmware/package.ts';
import type { FirmwarePackage } from '../../../electron/firmware/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { formatIonSetup } from '../../../shared/domain/ion-setup-version.ts';
import { buildSimulatedImage, type ImageInput } from '../../../simulator/upgrade/image.ts';
import { type RawMember, rawZip } from './raw-zip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function save(bytes: Buffer, name = 'package.zip'): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'file-')), name);
  await writeFile(path, bytes);
  return path;
}

async function read(bytes: Buffer, name?: string, options?: PackageOptions): Promise<FirmwarePackage> {
  const result = await readFirmwarePackage(await save(bytes, name), options);
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

async function failure(bytes: Buffer, name?: string): Promise<string> {
  const result = await readFirmwarePackage(await save(bytes, name));
  return result.ok ? 'ok' : result.problem.code;
}

function text(name: string, content: string): RawMember {
  return { name, content: Buffer.from(content, 'utf8') };
}

/** Bytes that are no simulated image: what a vendor image looks like to us. */
const VENDOR_IMAGE = Buffer.from('opaque vendor image '.repeat(50), 'ascii');
const vendor = (name: string): RawMember => ({ name, content: VENDOR_IMAGE });

function simulated(name: string, change: Partial<ImageInput> = {}): RawMember {
  const input: ImageInput = {
    model: 'ION7400',
    version: firmwareVersion('4.6.0'),
    minimumStart: firmwareVersion('2.1.0'),
    kind: 'main',
    payload: Buffer.from('payload'),
    ...change,
  };
  return { name, content: buildSimulatedImage(input) };
}

function hashOf(content: Buffer, algorithm = 'sha256'): string {
  return createHash(algorithm).update(content).digest('hex');
}

function codes(given: FirmwarePackage): readonly string[] {
  return given.problems.map(({ code }) => code);
}

describe('a package of the vendor', () => {
  const whatsNew = text(
    'Whats new.txt',
    'PowerLogic ION7400 firmware version 4.6.0\r\nInstall ION Setup v3.2.25037.01 or higher.',
  );

  it('is described by its names and texts; its signature is left to the meter', async () => {
    const image = vendor('fw/ION7400_V004.006.000.upx');
    const md5 = text('fw/hash.txt', `${hashOf(image.content, 'md5').toUpperCase()} *ION7400_V004.006.000.upx\r\n`);
    const given = await read(
      rawZip([image, md5, whatsNew, text('a.scf', 'x'), text('b.fwn', 'x'), text('web/index.html', 'x')]),
    );
    expect(codes(given)).toEqual([]);
    expect(given).toMatchObject({
      format: 'zip',
      model: 'ION7400',
      targetVersion: { major: 4, minor: 6, patch: 0 },
      targetVersionFrom: 'file name',
      minimumStart: null,
      signature: 'meter-checks-it',
      simulated: false,
      siteMap: null,
    });
    expect(given.minimumIonSetup && formatIonSetup(given.minimumIonSetup)).toBe('3.2.25037.01');
    expect(given.members.map(({ path, role, listed }) => [path, role, listed])).toEqual([
      ['fw/ION7400_V004.006.000.upx', 'main-image', 'matches'],
      ['fw/hash.txt', 'hash-list', 'not-listed'],
      ['Whats new.txt', 'whats-new', 'not-listed'],
      ['a.scf', 'security-config', 'not-listed'],
      ['b.fwn', 'framework', 'not-listed'],
      ['web/index.html', 'web-page', 'not-listed'],
    ]);
    const main = given.image('main-image');
    expect(main?.member).toEqual(given.members[0]);
    expect(Buffer.from((await main?.source.read(0, VENDOR_IMAGE.length)) ?? [])).toEqual(VENDOR_IMAGE);
    expect(given.image('option-module-image')).toBeUndefined();
  });

  it('takes the version from wherever it stands', async () => {
    const fromPackage = await read(rawZip([vendor('image.upx')]), 'ION7400_v4_6_0.zip');
    expect([fromPackage.targetVersion?.minor, fromPackage.targetVersionFrom]).toEqual([6, 'package name']);
    expect(fromPackage.model).toBe('ION7400');
    const fromText = await read(rawZip([vendor('image.upx'), whatsNew]));
    expect([fromText.targetVersion?.minor, fromText.targetVersionFrom]).toEqual([6, "what's new"]);
    const nowhere = await read(rawZip([vendor('image.upx')]));
    expect(nowhere.targetVersion).toBeNull();
    expect(codes(nowhere)).toEqual(['package/version-unknown']);
  });

  it('needs the highest ION Setup that any of its texts names, whatever their order', async () => {
    const newer = text('a.txt', 'Install ION Setup v3.2.25037.01 or higher.');
    const older = text('b.txt', 'Install ION Setup v3.2.22341.01 or higher.');
    for (const texts of [
      [newer, older],
      [older, newer],
    ]) {
      const given = await read(rawZip([vendor('ION7400_V004.006.000.upx'), ...texts]));
      expect(given.minimumIonSetup?.parts).toEqual([3, 2, 25037, 1]);
    }
  });

  it('that contradicts itself is a problem', async () => {
    const given = await read(rawZip([vendor('ION7400_V004.005.000.upx'), whatsNew]));
    expect(codes(given)).toEqual(['package/contradictory-versions']);
    expect(given.problems[0]?.because).toContain('4.5.0');
    const header = await read(rawZip([simulated('ION7400_V004.005.000.upx')]));
    expect(codes(header)).toEqual(['package/contradictory-versions']);
    expect(header.targetVersion?.minor).toBe(6);
  });

  it('tells the images apart by their names', async () => {
    const given = await read(
      rawZip([vendor('OptionModule_V1.2.0.upx'), vendor('RMD_V1.1.0.upx'), vendor('ION7400_V4.6.0.upx')]),
    );
    expect(given.members.map(({ role }) => role)).toEqual([
      'option-module-image',
      'remote-display-image',
      'main-image',
    ]);
    expect(codes(given)).toEqual([]);
  });

  it('with images for several models needs to know the model', async () => {
    const zip = rawZip([vendor('PM8000_V004.006.000.upx'), vendor('ION7400_V004.006.000.upx')]);
    expect(codes(await read(zip))).toEqual(['package/several-main-images']);
    const given = await read(zip, undefined, { expectedModel: 'ION7400' });
    expect(codes(given)).toEqual([]);
    expect(given.image('main-image')?.member.path).toBe('ION7400_V004.006.000.upx');
    expect(given.model).toBe('ION7400');
  });

  it('without an image says so, and points at an archive inside', async () => {
    const empty = await read(rawZip([]));
    expect(codes(empty)).toEqual(['package/no-image']);
    expect(empty.signature).toBe('no-image');
    const nested = await read(rawZip([{ name: 'inner.zip', content: rawZip([vendor('a.upx')]) }]));
    expect(codes(nested)).toEqual(['package/no-image']);
    expect(nested.problems[0]?.because).toContain('inner.zip');
  });
});

describe('hash lists of a package', () => {
  const image = vendor('img/ION7400_V004.006.000.upx');
  const good = hashOf(image.content);
  const bad = hashOf(Buffer.from('other'));
  const listedOf = async (...lists: readonly RawMember[]): Promise<readonly [string, readonly string[]]> => {
    const given = await read(rawZip([image, ...lists]));
    return [given.members[0]?.listed ?? 'absent', codes(given)];
  };

  it('match by path, beside the list or by name', async () => {
    for (const name of [
      'img/ION7400_V004.006.000.upx',
      '.\\IMG\\ion7400_v004.006.000.UPX',
      'ION7400_V004.006.000.upx',
      'C:\\build\\ION7400_V004.006.000.upx',
    ]) {
      expect(await listedOf(text('hashes.txt', `${good}  ${name}`))).toEqual(['matches', []]);
    }
    expect(await listedOf(text('img/ION7400_V004.006.000.upx.sha256', good))).toEqual(['matches', []]);
    const utf16 = { name: 'h.txt', content: Buffer.from(`\uFEFF${good}  ION7400_V004.006.000.upx\r\n`, 'utf16le') };
    expect(await listedOf(utf16)).toEqual(['matches', []]);
  });

  it('that differ win over lists that match, in any order', async () => {
    const right = text('a.sha256', `${good}  ION7400_V004.006.000.upx`);
    const wrong = text('b.txt', `ION7400_V004.006.000.upx = ${bad}`);
    expect(await listedOf(right, wrong)).toEqual(['differs', ['package/hash-mismatch']]);
    expect(await listedOf(wrong, right)).toEqual(['differs', ['package/hash-mismatch']]);
  });

  it('that name what is not there are a problem', async () => {
    const list = text('h.md5', `${good}  ION7400_V004.006.000.upx\n${bad}  gone.upx`);
    expect(await listedOf(list)).toEqual(['matches', ['package/listed-missing']]);
  });

  it('do not call a damaged member absent as well', async () => {
    const damaged = { ...vendor('template.dcf'), crc: 1 };
    expect(await listedOf(damaged, text('h.txt', `${bad}  template.dcf`))).toEqual([
      'not-listed',
      ['package/unreadable'],
    ]);
  });

  it('do not pick one of two members of the same name', async () => {
    const given = await read(
      rawZip([image, vendor('b/ION7400_V004.006.000.upx'), text('h.txt', `${good}  ION7400_V004.006.000.upx`)]),
    );
    expect(given.members.map(({ listed }) => listed)).toEqual(['not-listed', 'not-listed', 'not-listed']);
    expect(codes(given)).toContain('package/listed-missing');
  });
});

describe('simulated images of a package', () => {
  it('make it simulated, and one bad signature spoils all', async () => {
    const good = await read(
      rawZip([simulated('ION7400_V004.006.000.upx'), simulated('x.upx', { kind: 'option-module' })]),
    );
    expect(good).toMatchObject({
      signature: 'verified',
      simulated: true,
      minimumStart: { major: 2, minor: 1, patch: 0 },
    });
    expect(good.members.map(({ role }) => role)).toEqual(['main-image', 'option-module-image']);
    expect(codes(good)).toEqual([]);
    const spoilt = await read(
      rawZip([simulated('a.upx'), simulated('x.upx', { kind: 'remote-display', sign: false })]),
    );
    expect(spoilt.signature).toBe('invalid');
    expect(codes(spoilt)).toEqual(['package/bad-signature']);
  });
});

describe('a bare image', () => {
  it('is refused with the reason, whatever it is', async () => {
    const given = await read(simulated('').content, 'ION7400_V004.006.000.upx');
    expect(given).toMatchObject({
      format: 'bare-image',
      model: 'ION7400',
      signature: 'verified',
      simulated: true,
      minimumIonSetup: null,
    });
    expect(codes(given)).toEqual(['package/bare-image']);
    expect(given.problems[0]?.because).toMatch(/ION Setup.*lost/);
    const foreign = await read(VENDOR_IMAGE, 'ION7400_V004.006.000.upx');
    expect(foreign).toMatchObject({
      format: 'bare-image',
      signature: 'meter-checks-it',
      targetVersionFrom: 'file name',
    });
    const renamed = await read(simulated('').content, 'innocent.zip');
    expect(renamed.format).toBe('bare-image');
    expect(renamed.sha256).toBe(hashOf(simulated('').content));
  });
});

describe('a file that is no package', () => {
  it('is a failure with a code', async () => {
    expect(await failure(Buffer.alloc(0))).toBe('package/truncated');
    expect(await failure(Buffer.alloc(0), 'a.upx')).toBe('package/truncated');
    expect(await failure(Buffer.from('%PDF-1.7'))).toBe('package/not-a-zip');
    const missing = await readFirmwarePackage(join(folder, 'nothing-here.zip'));
    expect(missing).toMatchObject({ ok: false, problem: { code: 'package/unreadable' } });
    expect(JSON.stringify(missing)).not.toContain(folder);
    expect(await readFirmwarePackage(folder)).toMatchObject({ ok: false, problem: { code: 'package/unreadable' } });
  });

  it('is not read when asked to stop', async () => {
    const stop = new AbortController();
    stop.abort();
    const given = await readFirmwarePackage(await save(rawZip([vendor('a.upx')])), { signal: stop.signal });
    expect(given).toMatchObject({ ok: false, problem: { code: 'package/cancelled' } });
  });
});

describe('the bytes that are handed out', () => {
  it('are those that were hashed, even when the file is replaced meanwhile', async () => {
    const image = simulated('ION7400_V004.006.000.upx');
    const file = await save(rawZip([image]));
    const given = await readFirmwarePackage(file);
    await writeFile(file, 'replaced');
    if (!given.ok) throw new Error(given.problem.because);
    const main = given.value.image('main-image');
    const bytes = Buffer.from((await main?.source.read(0, main.source.size)) ?? []);
    expect(hashOf(bytes)).toBe(main?.member.sha256);
    expect(bytes).toEqual(image.content);
  });

  it('are none when the archive is built to deceive', async () => {
    for (const evil of [
      text('../x', 'y'),
      text('A.UPX', 'y'),
      { ...text('e', 'y'), flags: 1 },
      { ...text('l', '/etc'), mode: 0o120777 },
    ]) {
      const given = await read(rawZip([simulated('a.upx'), evil]));
      expect(given.problems.length).toBeGreaterThan(0);
      expect(given.image('main-image')).toBeUndefined();
    }
  });
});
