import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fusesIn } from '../../e2e/packaged/fuse-wire.ts';

const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1');
const wire = (...bytes: number[]): Buffer => Buffer.concat([Buffer.alloc(100, 7), sentinel, Buffer.from(bytes)]);

describe('checklist 9: the fuses of a release', () => {
  it('are set in the configuration of the packager, every one of them, and the archive is checked', () => {
    const config: unknown = parse(readFileSync('electron-builder.yml', 'utf8'));
    expect(config).toMatchObject({
      asar: true,
      electronFuses: {
        runAsNode: false,
        enableCookieEncryption: true,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
        grantFileProtocolExtraPrivileges: false,
      },
    });
    expect(JSON.stringify(config)).not.toContain('disableIntegrity');
  });

  it('are read from the bytes of a program, and only from one whole wire', () => {
    // Version 1, three fuses: '0', '1', 'r'.
    expect([...fusesIn(wire(0x01, 0x03, 0x30, 0x31, 0x72))]).toEqual([
      ['runAsNode', false],
      ['enableCookieEncryption', true],
      ['enableNodeOptionsEnvironmentVariable', null],
    ]);
    expect(() => fusesIn(Buffer.alloc(64))).toThrow('no fuses');
    expect(() => fusesIn(wire(0x02, 0x01, 0x30))).toThrow('version 2');
    expect(() => fusesIn(wire(0x01, 0x00))).toThrow('before their end');
    expect(() => fusesIn(wire(0x01, 0x09, 0x30))).toThrow('before their end');
    expect(() => fusesIn(wire(0x01, 0x01, 0x32))).toThrow('means nothing');
    expect(() => fusesIn(Buffer.concat([wire(0x01, 0x01, 0x30), wire(0x01, 0x01, 0x30)]))).toThrow('more than one');
  });
});
