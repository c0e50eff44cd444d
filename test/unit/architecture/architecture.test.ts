import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkArchitecture, findCycles, sourceFiles } from './check.ts';
import { arrows, packageHomes, packageLists, withoutNode } from './rules.ts';

const root = resolve('.').replaceAll('\\', '/');
const fixture = `${root}/test/fixtures/architecture`;

/** Every file of the fixture that breaks a rule, and the rule. All other files there are innocent. */
const broken: Readonly<Record<string, string>> = {
  'electron/attic/unknown.ts': 'unknown-room',
  'electron/backup/knows-firmware.ts': 'arrow',
  'electron/backup/ring-one.ts': 'cycle',
  'electron/backup/ring-three.ts': 'cycle',
  'electron/backup/ring-two.ts': 'cycle',
  'electron/backup/uses-libsql.ts': 'package-home',
  'electron/backup/uses-yauzl.ts': 'package-home',
  'electron/cli/knows-engine.ts': 'arrow',
  'electron/cli/knows-main.ts': 'arrow',
  'electron/configure/knows-upgrade.ts': 'arrow',
  'electron/engine/knows-cli.ts': 'arrow',
  'electron/engine/uses-cli-progress.ts': 'package-home',
  'electron/engine/uses-commander.ts': 'package-home',
  'electron/engine/uses-electron.ts': 'package-home',
  'electron/firmware/knows-backup.ts': 'arrow',
  'electron/firmware/uses-read-excel-file.ts': 'package-home',
  'electron/firmware/uses-resedit.ts': 'package-home',
  'electron/fleet/knows-simulator.ts': 'arrow',
  'electron/inventory/knows-upgrade.ts': 'arrow',
  'electron/laptop/knows-inventory.ts': 'arrow',
  'electron/main/knows-engine.ts': 'arrow',
  'electron/main/knows-preload.ts': 'arrow',
  'electron/meter/hidden-dynamic.ts': 'arrow',
  'electron/meter/hidden-export.ts': 'arrow',
  'electron/meter/hidden-require.ts': 'arrow',
  'electron/meter/hidden-type.ts': 'arrow',
  'electron/meter/knows-backup.ts': 'arrow',
  'electron/meter/knows-contract.ts': 'arrow',
  'electron/meter/uses-bacstack.ts': 'package-home',
  'electron/meter/uses-serialport.ts': 'package-home',
  'electron/preload/knows-main.ts': 'arrow',
  'electron/protocols/bacnet/knows-meter.ts': 'arrow',
  'electron/protocols/dlms/knows-modbus.ts': 'arrow',
  'electron/protocols/modbus/knows-meter.ts': 'arrow',
  'electron/protocols/modbus/knows-sftp.ts': 'arrow',
  'electron/protocols/sftp/knows-simulator.ts': 'arrow',
  'electron/protocols/zip/knows-firmware.ts': 'arrow',
  'electron/report/knows-engine.ts': 'arrow',
  'electron/report/uses-react-dom.tsx': 'package-home',
  'electron/report/uses-react.tsx': 'package-home',
  'electron/services/knows-engine.ts': 'arrow',
  'electron/upgrade/computed.ts': 'computed-import',
  'electron/upgrade/imports-nothing.ts': 'missing-file',
  'electron/upgrade/knows-attic.ts': 'unknown-room',
  'electron/upgrade/knows-report.ts': 'arrow',
  'electron/upgrade/knows-test.ts': 'test-code',
  'electron/upgrade/outside.ts': 'outside',
  'electron/upgrade/without-extension.ts': 'missing-file',
  'renderer/knows-meter.tsx': 'arrow',
  'renderer/knows-simulator.ts': 'arrow',
  'renderer/uses-node.ts': 'node-module',
  'shared/contract/knows-engine.ts': 'arrow',
  'shared/contract/uses-node.ts': 'node-module',
  'shared/contract/uses-server.ts': 'package-list',
  'shared/domain/knows-contract.ts': 'arrow',
  'shared/domain/uses-node.ts': 'node-module',
  'shared/domain/uses-zod.ts': 'package-list',
  'simulator/knows-contract.ts': 'arrow',
  'simulator/knows-protocol.ts': 'arrow',
  'simulator/modbus/uses-modbus-serial.ts': 'package-home',
  'simulator/modbus/uses-ssh2.ts': 'package-home',
};

describe('the arrows of the house', () => {
  it('hold in every file of the project', () => {
    expect(sourceFiles(root).length).toBeGreaterThan(20);
    expect(
      checkArchitecture(root).map(({ rule, file, line, because }) => `${rule} ${file}:${line} ${because}`),
    ).toEqual([]);
  });

  it('are found broken in exactly the broken files of the fixture', () => {
    const found = checkArchitecture(fixture).map(({ file, rule }) => [file, rule]);
    expect(found.sort()).toEqual(Object.entries(broken));
  });

  it('are each broken by a file of the fixture', () => {
    const violations = checkArchitecture(fixture);
    const filesOf = (rule: string) => violations.filter((violation) => violation.rule === rule);
    for (const room of Object.keys(arrows)) {
      expect(
        filesOf('arrow').some(({ file }) => file.startsWith(`${room}/`)),
        `an arrow broken in ${room}`,
      ).toBe(true);
    }
    for (const name of Object.keys(packageHomes)) {
      expect(
        filesOf('package-home').some(({ because }) => because.startsWith(`${name} `)),
        `${name} misused`,
      ).toBe(true);
    }
    for (const room of Object.keys(packageLists)) {
      expect(
        filesOf('package-list').some(({ file }) => file.startsWith(`${room}/`)),
        `package list of ${room}`,
      ).toBe(true);
    }
    for (const room of withoutNode) {
      expect(
        filesOf('node-module').some(({ file }) => file.startsWith(`${room}/`)),
        `Node module in ${room}`,
      ).toBe(true);
    }
  });

  it('name the line of the import', () => {
    const hidden = checkArchitecture(fixture).find(({ file }) => file === 'electron/meter/hidden-dynamic.ts');
    expect(hidden?.line).toBe(2);
  });
});

describe('rings of files', () => {
  const graphOf = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

  it('are not seen in a diamond', () => {
    expect(findCycles(graphOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });

  it('are seen when they are long, and apart from what hangs on them', () => {
    const graph = graphOf({ a: ['b'], b: ['c'], c: ['d'], d: ['b', 'e'], e: [] });
    expect(findCycles(graph)).toEqual([['b', 'c', 'd']]);
  });

  it('are seen in a file that imports itself', () => {
    expect(findCycles(graphOf({ a: ['a'], b: ['a'] }))).toEqual([['a']]);
  });

  it('are seen when two of them do not touch', () => {
    expect(findCycles(graphOf({ a: ['b'], b: ['a'], c: ['d'], d: ['c'] }))).toHaveLength(2);
  });
});
