import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  addressOf,
  integer,
  overrides,
  parsePorts,
  prompt,
  secondsOption,
  waivers,
} from '../../../electron/cli/options.ts';
import { EXIT, exitFor, table } from '../../../electron/cli/terminal.ts';
import { problem } from '../../../shared/domain/problem.ts';

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

describe('a host', () => {
  const options = { unit: 255, timeout: 5, json: false, verbose: false };
  it.each([
    ['meter-7.site.example', 'meter-7.site.example'],
    ['192.0.2.7', '192.0.2.7'],
    ['::1', '::1'],
    ['[fe80::1%eth0]', 'fe80::1%eth0'],
  ])('takes %s', (text, host) => expect(addressOf(text, options).host).toBe(host));

  it.each([
    '',
    ' ',
    '-x',
    'a b',
    'http://meter',
    '../etc',
    'host;rm',
    '[meter]',
    '1:2:3',
    'ünï.example',
    'a'.repeat(300),
  ])('refuses %j', (text) => expect(() => addressOf(text, options)).toThrow(/not the name or address/));

  it('says where a port belongs', () => {
    expect(() => addressOf('192.0.2.7:5020', options)).toThrow('--ports modbus=5020');
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

describe('a question on the terminal', () => {
  const asked = (typed: string, secret: boolean): { answer: Promise<string>; shown: () => string } => {
    const streams = { stdin: new PassThrough(), stderr: new PassThrough() };
    const answer = prompt('Password: ', secret, streams);
    streams.stdin.write(typed);
    return { answer, shown: () => String(streams.stderr.read()) };
  };

  it('gives the answer back', async () => {
    expect(await asked(' APPLY \r', false).answer).toBe('APPLY');
  });

  it('does not show a secret', async () => {
    const { answer, shown } = asked('Zq9#x\r', true);
    expect(await answer).toBe('Zq9#x');
    expect(shown()).toContain('Password: ');
    expect(shown()).not.toContain('Zq');
  });

  it('is empty at the end of the input', async () => {
    expect(await asked('\x04', false).answer).toBe('');
  });

  it('passes Ctrl-C on, which would be a mere key otherwise', async () => {
    const stop = vi.fn();
    process.once('SIGINT', stop);
    expect(await asked('US\x03', false).answer).toBe('');
    process.removeListener('SIGINT', stop);
    expect(stop).toHaveBeenCalledOnce();
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

  it('wraps the other columns, too, where they leave no room for the last one', () => {
    const hash = 'ab'.repeat(32);
    const lines = table(['What', 'Before', 'After', 'Because'], [['file', hash, hash, 'read back']], 120);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines.at(-2)).toContain(`${hash.slice(0, 32)}  ${hash.slice(0, 32)}  read back`);
    expect(lines.at(-1)?.trim()).toBe(`${hash.slice(32)}  ${hash.slice(32)}`);
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

describe('exit codes', () => {
  const code = (of: string) => exitFor(problem({ code: of, title: 'x', because: 'x', nextStep: 'x' }));
  it('say 3 where nothing could be asked of the meter: it is not there, or its only connection is taken', () => {
    for (const of of ['dlms/busy', 'dlms/unreachable', 'dlms/refused', 'dlms/timeout', 'sftp/busy']) {
      expect(code(of)).toBe(EXIT.unreachable);
    }
    expect(code('dlms/wrong-secret')).toBe(EXIT.failed);
    expect(code('aborted')).toBe(EXIT.interrupted);
  });
});
