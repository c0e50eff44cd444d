import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { collector, createLogBench, granted, recorderNamed } from './support.ts';

const bench = createLogBench();
afterEach(() => bench.cleanUp());

/** A pseudo terminal whose other end is a connection to the DLMS port of a simulated meter; socat makes it anew when the client hangs up. */
async function serialTo({ address }: SimulatedMeter): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-tty-'));
  bench.later(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const path = join(folder, 'tty');
  const socat = spawn('socat', [
    `PTY,link=${path},raw,echo=0,wait-slave`,
    `TCP:127.0.0.1:${address.ports.dlms},nodelay`,
  ]);
  const failed = new Promise<never>((_, reject) => {
    socat.once('error', (error) => reject(new Error(`socat is needed (npm run setup:test): ${error.message}`)));
  });
  bench.later(async () => {
    if (socat.exitCode !== null || socat.signalCode !== null) return;
    socat.kill();
    await once(socat, 'exit');
  });
  await Promise.race([appears(path), failed]);
  return path;
}

async function appears(path: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      await stat(path);
      return;
    } catch {
      // Not there yet; the number of attempts is the cap.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`${path} did not appear`);
}

describe.skipIf(process.platform === 'win32')('the logs of a meter over a serial line', () => {
  it('come by real HDLC over a terminal device, which is given back', async () => {
    const simulated = await bench.simulated({ loadCurveRows: 100 });
    const path = await serialTo(simulated);
    const meter = bench.open(simulated, { link: { path, baudRate: 115_200, physicalAddress: 1 } });
    const { rows, take } = collector();
    const readout = granted(
      await meter.withLogs(async (logs) => logs.read(await recorderNamed(logs, 'Load Curve'), take)),
    );
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(readout).toMatchObject({ rows: rows.length, missed: 0, resumed: 0 });
    // 128 bytes of information field: a row of 16 values needs about one block.
    expect(readout.roundTrips).toBeGreaterThan(rows.length / 2);
    const tcp = bench.open(simulated, { link: 'wrapper' });
    const same = collector();
    granted(await tcp.withLogs(async (logs) => logs.read(await recorderNamed(logs, 'Load Curve'), same.take)));
    expect(same.rows.slice(0, rows.length).map(({ time, values }) => [time, values])).toEqual(
      rows.map(({ time, values }) => [time, values]),
    );
  }, 60_000);

  it('say which port it is that does not open', async () => {
    const simulated = await bench.simulated();
    const meter = bench.open(simulated, { link: { path: '/dev/no-such-port', baudRate: 9600, physicalAddress: 1 } });
    const opened = await meter.withLogs((logs) => logs.recorders());
    expect(opened).toMatchObject({ ok: false, problem: { code: 'dlms/serial' } });
    expect(JSON.stringify(opened)).toContain('/dev/no-such-port');
  });
});
