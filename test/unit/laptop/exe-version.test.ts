import fc from 'fast-check';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import { describe, expect, it } from 'vitest';
import { readExeVersion } from '../../../electron/laptop/exe-version.ts';
import { findVersionResource } from '../../../electron/laptop/pe-file.ts';
import { readVersionResource } from '../../../electron/laptop/version-resource.ts';
import { formatIonSetup } from '../../../shared/domain/ion-setup-version.ts';
import { craftExe, craftExeWith } from '../../fixtures/crafted-exe.ts';

const word = fc.nat({ max: 65_535 });
const versions = fc.tuple(word, word, word, word);

/** Longest time one hostile file may take; a loop without end shows as a timeout of the test instead. */
function readQuickly(bytes: Uint8Array): ReturnType<typeof readExeVersion> {
  const started = performance.now();
  const result = readExeVersion(bytes);
  expect(performance.now() - started).toBeLessThan(1000);
  return result;
}

function versionOf(bytes: Uint8Array): string {
  const result = readExeVersion(bytes);
  return result.ok ? formatIonSetup(result.value) : result.problem.code;
}

describe('readExeVersion', () => {
  it('reads what an independent library wrote', () => {
    expect(versionOf(craftExe('3.2.25037.01'))).toBe('3.2.25037.01');
  });

  it('reads any four words from the fixed block of a 32-bit and a 64-bit program', () => {
    fc.assert(
      fc.property(versions, fc.boolean(), (fixed, is32Bit) => {
        const result = readExeVersion(craftExeWith({ fixed, is32Bit }));
        expect(result.ok && result.value.parts).toEqual([...fixed]);
      }),
      { numRuns: 60 },
    );
  });

  it('prefers the text of FileVersion, then ProductVersion, then the numbers', () => {
    const fixed = [9, 9, 10001, 9] as const;
    expect(
      versionOf(craftExeWith({ fixed, strings: { FileVersion: '3.2.25037.01', ProductVersion: '1.1.1.1' } })),
    ).toBe('3.2.25037.01');
    expect(versionOf(craftExeWith({ fixed, strings: { FileVersion: 'spring', ProductVersion: '3.2.22341.01' } }))).toBe(
      '3.2.22341.01',
    );
    expect(versionOf(craftExeWith({ fixed, strings: { FileVersion: 'spring', ProductVersion: '' } }))).toBe(
      '9.9.10001.09',
    );
  });

  it('reads the comma form of old tools', () => {
    expect(versionOf(craftExeWith({ strings: { FileVersion: '3, 2, 25037, 1' } }))).toBe('3.2.25037.01');
  });

  it('passes the warning of a build that is no date on', () => {
    const result = readExeVersion(craftExe('3.2.30377.02'));
    expect(result.ok && result.value.warning).toContain('30377');
  });

  it('refuses a program without a version resource, text, nothing and a truncated program', () => {
    const empty = new Uint8Array(NtExecutable.createEmpty(false, false).generate());
    expect(versionOf(empty)).toBe('ion-setup/unreadable-program');
    expect(versionOf(new TextEncoder().encode('#!/bin/sh\nexit 0\n'))).toBe('ion-setup/unreadable-program');
    expect(versionOf(new Uint8Array())).toBe('ion-setup/unreadable-program');
    const whole = craftExe('3.2.25037.01');
    for (let length = 0; length < whole.length; length += 7) {
      const cut = readQuickly(whole.subarray(0, length));
      if (cut.ok) expect(formatIonSetup(cut.value)).toBe('3.2.25037.01');
    }
  });

  it('reads the same resource that the library finds in a program with other resources before it', () => {
    const program = NtExecutable.createEmpty(false, false);
    const resources = NtExecutableResource.from(program);
    for (let id = 1; id < 40; id += 1) {
      resources.replaceResourceEntry({ type: 10, id, lang: 1033, codepage: 1200, bin: new ArrayBuffer(100) });
    }
    resources.replaceResourceEntry({ type: 'ICONS', id: 'MAIN', lang: 0, codepage: 0, bin: new ArrayBuffer(9) });
    const info = Resource.VersionInfo.create(1031, { fileVersionMS: 0x0003_0002, fileVersionLS: 25037 * 65_536 + 1 }, [
      { lang: 1031, codepage: 1200, values: { CompanyName: 'Größe & Söhne', FileVersion: '3.2.25037.01' } },
    ]);
    info.outputToResourceEntries(resources.entries);
    resources.outputResource(program);
    expect(versionOf(new Uint8Array(program.generate()))).toBe('3.2.25037.01');
  });

  it('reads bytes that are a view into a larger buffer', () => {
    const whole = craftExe('3.2.25037.01');
    const shifted = new Uint8Array(whole.length + 13);
    shifted.set(whole, 13);
    expect(versionOf(shifted.subarray(13))).toBe('3.2.25037.01');
  });

  it('never throws and never hangs on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        expect(readQuickly(bytes).ok).toBe(false);
      }),
    );
  });

  it('never throws and never hangs on a real program with bytes changed', () => {
    const whole = craftExe('3.2.25037.01');
    const change = fc.tuple(
      fc.nat({ max: whole.length - 1 }),
      fc.oneof(fc.constantFrom(0, 0xff, 0x80, 0x7f), fc.nat({ max: 255 })),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const result = readQuickly(bytes);
        if (result.ok) expect(result.value.parts).toHaveLength(4);
      }),
      { numRuns: 2000 },
    );
  });

  it('ends on a directory that claims 131,070 entries and on one that is its own child', () => {
    const bytes = craftExe('3.2.25037.01');
    const root = sectionOffset(bytes);
    const view = new DataView(bytes.buffer);
    view.setUint32(root + 12, 0xffff_ffff, true);
    readQuickly(bytes);
    view.setUint32(root + 12, 0x0001_0000, true);
    view.setUint32(root + 20, 0x8000_0000, true);
    expect(readQuickly(bytes).ok).toBe(false);
  });
});

/** Offset of the only section, which holds the resources. */
function sectionOffset(bytes: Uint8Array): number {
  const data = findVersionResource(bytes);
  expect(data).not.toBeNull();
  const view = new DataView(bytes.buffer);
  const header = view.getUint32(0x3c, true);
  const optional = view.getUint16(header + 20, true);
  return view.getUint32(header + 24 + optional + 20, true);
}

describe('readVersionResource', () => {
  it('ends on child blocks of length nought, which make other readers loop for ever', () => {
    const data = findVersionResource(craftExe('3.2.25037.01'));
    const bytes = (data ?? new Uint8Array()).slice();
    // Root: header 6, key 32, padding 2, fixed block 52 = first child at 92.
    new DataView(bytes.buffer).setUint16(92, 0, true);
    const resource = readVersionResource(bytes);
    expect(resource?.fixedFile).toEqual([3, 2, 25037, 1]);
    expect(resource?.fileVersion).toBeNull();
  });

  it('never throws on random bytes behind a valid beginning', () => {
    const start = (findVersionResource(craftExe('3.2.25037.01')) ?? new Uint8Array()).subarray(0, 92);
    expect(start).toHaveLength(92);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (tail) => {
        const bytes = Uint8Array.from([...start, ...tail]);
        new DataView(bytes.buffer).setUint16(0, bytes.length, true);
        expect(readVersionResource(bytes)?.fixedFile).toEqual([3, 2, 25037, 1]);
      }),
      { numRuns: 500 },
    );
  });
});
