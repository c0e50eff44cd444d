import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integer, overrides, parsePorts, secondsOption, waivers } from '../../../electron/cli/options.ts';
import { table } from '../../../electron/cli/terminal.ts';

describe('--ports', () => {
  it('names only what differs', () => {
    expect(parsePorts('sftp=2222')).toEqual({ modbus: 502, sftp: 2222, dlms: 4059, bacnet: 47808 });
    expect(parsePorts(' modbus = 1 , bacnet=65535')).toMatchObject({ modbus: 1, bacnet: 65535 });
  });

  it.each([
    '',
    'modbus',
    'modbus=',
    'modbus=0',
    'modbus=65536',
    'modbus=1.5',
    'modbus=-1',
    'ion=7700',
    'modbus=1;sftp=2',
    '__proto__=1',
  ])('refuses %j', (text) => {
    expect(() => parsePorts(text)).toThrow();
  });

  it('reads back whatever ports it was given, and throws cleanly on any other text', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(fc.record({ modbus: port, sftp: port, dlms: port, bacnet: port }), (ports) => {
        expect(
          parsePorts(
            Object.entries(ports)
              .map(([name, value]) => `${name}=${value}`)
              .join(','),
          ),
        ).toEqual(ports);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          for (const value of Object.values(parsePorts(text))) expect(value).toBeGreaterThan(0);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Error);
        }
      }),
    );
  });
});

describe('numbers', () => {
  it.each(['1', '255'])('takes %s as a unit', (text) => expect(integer(1, 255)(text)).toBe(Number(text)));
  it.each(['0', '256', '1e2', '0x10', '', ' 1', '1.0', 'NaN'])('refuses %j as a unit', (text) =>
    expect(() => integer(1, 255)(text)).toThrow(),
  );
  it.each(['0.05', '61', '-1', 'ten', '1e1'])('refuses %j as seconds', (text) =>
    expect(() => secondsOption(text)).toThrow(),
  );
});

describe('NAME=REASON', () => {
  it('collects, keeps = in the reason, and refuses unknown names and empty reasons', () => {
    expect(overrides('laptop=on mains = yes', [{ gate: 'ion-setup', reason: 'none' }])).toEqual([
      { gate: 'ion-setup', reason: 'none' },
      { gate: 'laptop', reason: 'on mains = yes' },
    ]);
    expect(waivers('web=unused')).toEqual([{ item: 'web', reason: 'unused' }]);
    for (const bad of ['laptop', '=x', 'laptop=', 'laptop=  ', 'Laptop=x', 'web=x'])
      expect(() => overrides(bad)).toThrow();
  });
});

describe('tables', () => {
  it('pads columns and wraps the last one between words', () => {
    expect(table(['A', 'Because'], [['x', 'one two three four five six seven eight nine ten']], 45)).toEqual([
      'A  Because',
      '-  ------------------------------------------',
      'x  one two three four five six seven eight',
      '   nine ten',
    ]);
  });

  it('loses no word at any width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 1 }),
        fc.integer({ min: 1, max: 200 }),
        (words, width) => {
          const [, , ...lines] = table(['H', 'T'], [['x', words.join(' ')]], width);
          expect(lines.map((line) => line.slice(3).trim()).join(' ')).toBe(words.join(' '));
        },
      ),
    );
  });
});
