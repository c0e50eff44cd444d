import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../simulator/bench.ts';
import { bacnetMeter, confirmed, frame, station } from './station.ts';

const run = promisify(execFile);
const CAP = { timeout: 60_000 };

/** Whether a program starts at all. */
async function has(program: string): Promise<boolean> {
  return run(program, ['--version'], CAP).then(
    () => true,
    () => false,
  );
}
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot || !(await has('nmap')))('nmap (needs root, or it is skipped)', () => {
  it('reads the identity of the meter', { timeout: 90_000 }, async () => {
    const { port } = await bacnetMeter();
    const script = ['-sU', '-Pn', '-n', '--script', '+bacnet-info', '-p', String(port), '127.0.0.1'];
    const { stdout } = await run('nmap', script, CAP);
    expect(stdout).toContain('Vendor ID: Schneider Electric (10)');
    expect(stdout).toContain('Vendor Name: Schneider Electric');
    expect(stdout).toContain('Object-identifier: 458759');
    expect(stdout).toContain('Firmware: 004.006.000');
    expect(stdout).toContain('Object Name: ION7400-170007');
    expect(stdout).toContain('Model Name: ION7400 SIMULATED');
  });
});

describe.skipIf(!(await has('tshark')) || !(await has('text2pcap')))(
  'tshark (with text2pcap, or it is skipped)',
  () => {
    it('decodes every answer without a malformed mark', { timeout: 90_000 }, async () => {
      const { port } = await bacnetMeter({ bacnet: { readMultiple: true } });
      const asker = await station();
      const requests = [
        frame('0b', '01001008'),
        frame('0b', '01001007 2c02070007'),
        ...[8, 11, 12, 28, 30, 44, 58, 62, 70, 73, 75, 76, 77, 79, 96, 97, 98, 107, 112, 120, 121, 139, 155].map((id) =>
          confirmed(`0005010c 0c023fffff 19${id.toString(16).padStart(2, '0')}`),
        ),
        confirmed('0005020c 0c023fffff 1a0173'),
        confirmed('0005030c 0c00000001 1955'),
        confirmed('0005040c 0c00c00001 196f'),
        confirmed('0005050e 0c023fffff 1e 0908 1f 0c00000001 1e 0908 1f 0c00c00001 1e 0908 1f 0c003d0900 1e 0955 1f'),
        confirmed('0005060f 0c023fffff'),
        confirmed('0000070c 0c023fffff 194c'),
        frame('05', '003c'),
      ];
      const answers: string[] = [];
      for (const request of requests) answers.push(await asker.ask(request, port));

      const folder = await temporaryFolder();
      const dump = answers.map((answer) => `000000 ${answer.match(/../g)?.join(' ')}\n`).join('');
      await writeFile(join(folder, 'frames.txt'), dump);
      const capture = join(folder, 'frames.pcap');
      await run(
        'text2pcap',
        ['-q', '-4', '127.0.0.1,127.0.0.2', '-u', '47808,47808', join(folder, 'frames.txt'), capture],
        CAP,
      );
      const fields = ['_ws.malformed', 'frame.protocols', 'bacapp.type'].flatMap((field) => ['-e', field]);
      const { stdout } = await run('tshark', ['-r', capture, '-T', 'fields', '-E', 'separator=|', ...fields], CAP);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBe(answers.length);
      expect(lines.filter((line) => !line.startsWith('|'))).toEqual([]);
      // All but the BVLC-Result carry an APDU.
      expect(lines.filter((line) => line.includes(':bacapp')).length).toBe(answers.length - 1);
      const types = lines.map((line) => line.split('|')[2]);
      expect(new Set(types)).toEqual(new Set(['1', '3', '5', '6', '7', '']));
    });
  },
);
