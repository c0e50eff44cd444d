import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectModbus } from '../../../electron/protocols/modbus/client.ts';
import type { ModbusClient } from '../../../electron/protocols/modbus/types.ts';
import { startDelayProxy, startListeningChild } from '../delay-proxy.ts';
import type { BenchRow } from '../report.ts';

const run = promisify(execFile);

interface Block {
  readonly address: number;
  readonly count: number;
}

/** Median seconds of one snapshot, and the sum of all its registers: both sides must have read the same. */
interface Measured {
  readonly seconds: number;
  readonly sum: number;
}

/** The register snapshot of this platform: identity, clock, live values, energies, inputs and outputs, tariffs. Wire addresses. */
const BLOCKS: readonly Block[] = [
  [29, 20],
  [49, 20],
  [69, 9],
  [89, 1],
  [116, 12],
  [1716, 6],
  [1836, 8],
  [1844, 4],
  [2999, 112],
  [3143, 8],
  [3203, 48],
  [2699, 48],
  [2399, 4],
  [2419, 1],
  [2549, 2],
  [2551, 2],
  [2553, 2],
  [2555, 2],
  [2565, 2],
  [2567, 2],
  [2569, 2],
  [2571, 2],
  [4195, 32],
  [4227, 32],
  [4259, 32],
  [4291, 32],
  [4323, 32],
  [4355, 32],
  [40_027, 2],
  [54_391, 1],
  [60_999, 5],
].map(([address = 0, count = 1]) => ({ address, count }));

/** Added latency of the round trip, the ratio to reach, how often a side repeats the snapshot in one go, and how often the sides take turns. */
const SETTINGS = [
  { delayMs: 0, target: 1.3, repeats: 300, rounds: 11 },
  { delayMs: 5, target: 1.1, repeats: 7, rounds: 5 },
  { delayMs: 20, target: 1.1, repeats: 3, rounds: 5 },
] as const;

/**
 * A register snapshot through our client against the same blocks through libmodbus, in turns, over one connection each, against a server in
 * a process of its own. `ratio` is our median time divided by theirs. Needs cc and libmodbus-dev. `root` is the root of the repository.
 */
export async function modbusBench({ root }: { readonly root: string }): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'modbus-bench-'));
  const program = join(folder, 'snapshot');
  const source = join(root, 'test', 'bench', 'modbus', 'snapshot.c');
  const includes = ['-I/usr/include/modbus', '-I/usr/local/include/modbus'];
  await run('cc', ['-O2', '-o', program, ...includes, source, '-lmodbus']);
  const server = await startListeningChild(join(root, 'test', 'bench', 'modbus', 'server.mjs'), []);
  try {
    const rows: BenchRow[] = [];
    for (const setting of SETTINGS) rows.push(await measure(root, program, server.port, setting));
    return rows;
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

async function measure(
  root: string,
  program: string,
  targetPort: number,
  { delayMs, target, repeats, rounds }: (typeof SETTINGS)[number],
): Promise<BenchRow> {
  const proxy = delayMs === 0 ? undefined : await startDelayProxy({ targetPort, delayMs, root });
  const port = proxy?.port ?? targetPort;
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    // Not counted, for neither side: our code is compiled while it runs for the first time.
    await oursOnce(port, repeats);
    await theirsOnce(program, port, repeats);
    for (let round = 0; round < rounds; round += 1) {
      const mine = await oursOnce(port, repeats);
      const other = await theirsOnce(program, port, repeats);
      if (mine.sum !== other.sum) throw new Error(`the sums of the registers differ: ${mine.sum} and ${other.sum}`);
      ours.push(mine.seconds);
      theirs.push(other.seconds);
    }
    const ratio = median(ours) / median(theirs);
    return {
      name: `modbus snapshot, ${BLOCKS.length} requests, ${delayMs} ms latency (time, ours / libmodbus)`,
      ratio,
      target,
      ok: ratio <= target,
      ours: milliseconds(median(ours)),
      theirs: milliseconds(median(theirs)),
    };
  } finally {
    await proxy?.close();
  }
}

async function oursOnce(port: number, repeats: number): Promise<Measured> {
  const client = await connectModbus({ kind: 'tcp', host: '127.0.0.1', port, unit: 255 }, { timeoutMs: 5000 });
  if (!client.ok) throw new Error(client.problem.because);
  try {
    const seconds: number[] = [];
    let sum = 0;
    for (let pass = 0; pass < repeats; pass += 1) {
      const start = performance.now();
      sum = await snapshot(client.value);
      seconds.push((performance.now() - start) / 1000);
    }
    return { seconds: median(seconds), sum };
  } finally {
    await client.value.close();
  }
}

async function snapshot(client: ModbusClient): Promise<number> {
  const results = await Promise.all(BLOCKS.map(({ address, count }) => client.readHolding(address, count)));
  let sum = 0;
  for (const result of results) {
    if (!result.ok) throw new Error(result.problem.because);
    for (const word of result.value) sum += word;
  }
  return sum;
}

async function theirsOnce(program: string, port: number, repeats: number): Promise<Measured> {
  const blocks = BLOCKS.map(({ address, count }) => `${address}:${count}`);
  const { stdout } = await run(program, [String(port), String(repeats), ...blocks]);
  const parsed: unknown = JSON.parse(stdout);
  if (typeof parsed === 'object' && parsed !== null && 'seconds' in parsed && 'sum' in parsed) {
    return { seconds: Number(parsed.seconds), sum: Number(parsed.sum) };
  }
  throw new Error(`the libmodbus program printed ${stdout}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}
