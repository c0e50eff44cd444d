import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { list, parseInstant, read } from '../../../electron/cli/commands/logs.ts';
import { exportLogs } from '../../../electron/cli/commands/logs-bag.ts';
import type { CommandContext } from '../../../electron/cli/context.ts';
import { dlmsAccess, parseDlmsLink } from '../../../electron/cli/dlms-options.ts';
import { connectDlms } from '../../../electron/protocols/dlms/client.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { recorder, row, START, writeLog } from '../../unit/backup/logs/fixture.ts';
import { at, granted } from '../dlms/support.ts';
import { createLogBench } from './support.ts';

const bench = createLogBench();
afterEach(() => bench.cleanUp());

async function contextFor({ address }: SimulatedMeter, signal = new AbortController().signal) {
  const home = await mkdtemp(join(tmpdir(), 'meterwright-logs-cli-'));
  bench.later(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));
  const context: CommandContext = {
    terminal: {
      json: true,
      say: () => undefined,
      progress: () => undefined,
      settle: () => undefined,
      note: () => undefined,
      finish: async ({ exit }) => exit,
    },
    options: {
      ports: { modbus: address.ports.modbus, sftp: address.ports.sftp, dlms: address.ports.dlms, bacnet: 1 },
      unit: 255,
      home: join(home, 'data'),
      timeout: 5,
      json: true,
      verbose: false,
    },
    signal,
    onSecondStop: () => undefined,
  };
  return { context, home };
}

describe('logs on the command line', () => {
  it('lists the logs of a meter, and those of a bag where the name is that of a bag', async () => {
    const simulated = await bench.simulated();
    const { context, home } = await contextFor(simulated);
    const outcome = await list(context, '127.0.0.1');
    expect(outcome.exit).toBe(0);
    const { recorders } = outcome.document as { recorders: Record<string, unknown>[] };
    expect(recorders).toHaveLength(6);
    expect(Object.keys(recorders[0] ?? {})).toEqual(
      expect.arrayContaining(['id', 'name', 'entries', 'columns', 'first', 'last']),
    );
    expect(recorders[0]).not.toHaveProperty('shape');
    const bag = join(home, 'bag');
    await mkdir(bag);
    await writeFile(join(bag, 'bagit.txt'), 'BagIt-Version: 1.0\n');
    expect(await list(context, bag)).toMatchObject({ exit: 0, document: { recorders: [] } });
  });

  it('reads a log by its name into a file with its description, and overwrites nothing', async () => {
    const simulated = await bench.simulated({ loadCurveRows: 500 });
    const { context, home } = await contextFor(simulated);
    const out = join(home, 'curve.csv');
    const outcome = await read(context, '127.0.0.1', { recorder: 'load curve', out });
    expect(outcome).toMatchObject({ exit: 0, document: { rows: expect.any(Number), gaps: expect.any(Array) } });
    const text = await readFile(out, 'utf8');
    expect(text.split('\r\n')[0]).toContain('1-0:32.15.0*255/2');
    expect(JSON.parse(await readFile(join(home, 'curve.json'), 'utf8'))).toMatchObject({
      meter: { serial: 'SN-00012', firmware: '4.6.0', simulated: true },
    });
    expect(await read(context, '127.0.0.1', { recorder: 'load curve', out })).toMatchObject({
      exit: 1,
      document: { problem: { code: 'logs/file-exists' } },
    });
    expect(await readFile(out, 'utf8')).toBe(text);
    const again = await read(context, '127.0.0.1', { recorder: '1-0:99.1.0*255', out, overwrite: true });
    expect(again).toMatchObject({ exit: 0, document: { rows: 3360, recorder: { name: 'Revenue Log' } } });
    expect((await readdir(home)).sort()).toEqual(['curve.csv', 'curve.json']);
  });

  it('names the recorders there are where it is asked for another one', async () => {
    const { context, home } = await contextFor(await bench.simulated());
    const outcome = await read(context, '127.0.0.1', { recorder: 'Nothing', out: join(home, 'a.csv') });
    expect(outcome).toMatchObject({ exit: 1, document: { problem: { code: 'logs/no-such-recorder' } } });
    expect(JSON.stringify(outcome.document)).toContain('Revenue Log');
  });

  it('leaves no file and exits with 5 when it is stopped', async () => {
    const stop = new AbortController();
    const simulated = await bench.simulated({ loadCurveRows: 20_000, blockLatencyMs: 20 });
    const { context, home } = await contextFor(simulated, stop.signal);
    const stopping: CommandContext = {
      ...context,
      terminal: { ...context.terminal, progress: () => stop.abort() },
    };
    const outcome = await read(stopping, '127.0.0.1', { recorder: 'Load Curve', out: join(home, 'a.csv') });
    expect(outcome).toMatchObject({ exit: 5, document: { problem: { code: 'aborted' } } });
    expect(await readdir(home)).toEqual([]);
  });

  it('says unreachable, to be tried later, while another client has the only connection', async () => {
    const simulated = await bench.simulated();
    const { context, home } = await contextFor(simulated);
    const other = granted(await connectDlms(at({ port: simulated.address.ports.dlms })));
    bench.later(() => other.close());
    const busy = { exit: 3, document: { problem: { code: 'dlms/busy' } } };
    expect(await list(context, '127.0.0.1')).toMatchObject(busy);
    const out = join(home, 'a.csv');
    expect(await read(context, '127.0.0.1', { recorder: 'Load Curve', out })).toMatchObject(busy);
    expect(await readdir(home)).toEqual([]);
  });

  it('says unreachable when DLMS is closed', async () => {
    const simulated = await bench.simulated({}, { faults: [{ kind: 'refuse', protocol: 'dlms' }] });
    const { context } = await contextFor(simulated);
    const outcome = await list(context, '127.0.0.1');
    expect(outcome).toMatchObject({
      exit: 3,
      document: { problem: { code: expect.stringMatching(/^dlms\/(refused|busy)$/) } },
    });
  });
});

describe('logs of a backup on the command line', () => {
  it('are exported with what they come to together, and a log that cannot be read is told beside the others', async () => {
    const { context, home } = await contextFor(await bench.simulated());
    const bag = join(home, 'bag');
    await mkdir(join(bag, 'data', 'logs'), { recursive: true });
    await writeFile(join(bag, 'bagit.txt'), 'BagIt-Version: 1.0\n');
    const early = recorder(1);
    const late = { ...recorder(1), id: '1-0:99.2.0*255', name: 'Historic' };
    const logs = join(bag, 'data', 'logs');
    await writeLog(join(logs, 'a.csv'), early, [row(START, [1]), row(null, [2]), row(START + 300_000, [3])]);
    await writeLog(join(logs, 'b.csv'), late, [row(START + 600_000, [4])]);
    const out = join(home, 'out');
    const from = START;
    const outcome = await exportLogs(context, bag, { out, format: 'csv', from });
    expect(outcome).toMatchObject({
      exit: 0,
      document: {
        rows: 3,
        first: new Date(START).toISOString(),
        last: new Date(START + 600_000).toISOString(),
        gaps: [{ missing: 4 }],
        milliseconds: expect.any(Number),
        logs: [{ leftOut: { undated: 1, outside: 0 } }, { leftOut: { undated: 0, outside: 0 } }],
      },
    });
    expect(outcome.lines).toContain('Revenue Log: 1 row without a time is in no range and left out.');

    await writeFile(join(logs, 'a.json'), '{');
    const problem = { code: 'logs/bad-sidecar' };
    expect(await exportLogs(context, bag, { out, format: 'csv', from, overwrite: true })).toMatchObject({
      exit: 1,
      document: { problem, problems: [problem], rows: 1, logs: [{ rows: 1 }] },
    });
    expect(await list(context, bag)).toMatchObject({
      exit: 1,
      document: { problem, problems: [problem], recorders: [{ id: late.id, entries: 1 }] },
    });
  });
});

describe('options of DLMS', () => {
  it('take the secret from the environment only, and say nothing where nothing differs', () => {
    expect(dlmsAccess({}, {})).toBeUndefined();
    expect(dlmsAccess({ dlmsClient: 1 }, { METERWRIGHT_DLMS_PASSWORD: 'x' })).toEqual({
      link: 'auto',
      clientSap: 1,
      serverSap: 1,
      deviationSign: 'standard',
      password: 'x',
    });
  });

  it('read links', () => {
    expect(parseDlmsLink('hdlc')).toBe('hdlc');
    expect(parseDlmsLink('serial:/dev/ttyUSB0@9600#7')).toEqual({
      path: '/dev/ttyUSB0',
      baudRate: 9600,
      physicalAddress: 7,
    });
    expect(parseDlmsLink('serial:COM3@19200')).toEqual({ path: 'COM3', baudRate: 19_200, physicalAddress: 1 });
    for (const bad of ['', 'serial:', 'serial:COM3', 'serial:COM3@9', 'tcp', 'serial:COM3@9600#99999']) {
      expect(() => parseDlmsLink(bad)).toThrow();
    }
  });

  it('read times', () => {
    expect(parseInstant('2026-11-22')).toBe(Date.UTC(2026, 10, 22));
    expect(parseInstant('2026-11-22T08:00:00+01:00')).toBe(Date.UTC(2026, 10, 22, 7));
    for (const bad of ['', 'yesterday', '2026-13-40', '2026-11-22T08:00:00', '1'])
      expect(() => parseInstant(bad)).toThrow();
  });
});
