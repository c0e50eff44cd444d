import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { openBacnet } from '../../../electron/protocols/bacnet/client.ts';
import { startListeningChild } from '../delay-proxy.ts';
import type { BenchRow } from '../report.ts';

const OBJECTS = 200;
/** How often the sides take turns; the short reading more often, because a busy machine blurs it more. */
const ROUNDS = { multiple: 25, single: 5 } as const;
const TARGET = 1.2;
/** ReadProperty of the present value of analog input 1, as bytes. */
const BARE = Buffer.from('810a001101040005010c0c000000011955', 'hex');
const REFERENCES = Array.from({ length: OBJECTS }, (_, at) => ({ type: 0, instance: at + 1 })).flatMap((object) => [
  { object, property: 85 },
  { object, property: 117 },
]);

/**
 * Present value and unit of 200 objects, from a device in a process of its own that takes 5 ms for each answer, against as many bare datagrams to and fro: one
 * request at a time cannot be faster. `ratio` is our median time divided by theirs. `root` is the root of the repository.
 */
export async function bacnetBench({ root }: { readonly root: string }): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const service of ['multiple', 'single'] as const) {
    const server = await startListeningChild(join(root, 'test', 'bench', 'bacnet', 'server.mjs'), [service]);
    try {
      rows.push(await measure(server.port, service));
    } finally {
      await server.close();
    }
  }
  return rows;
}

async function measure(port: number, service: 'multiple' | 'single'): Promise<BenchRow> {
  const ours: number[] = [];
  const bare: number[] = [];
  let trips = 0;
  // Not counted, for neither side: our code is compiled while it runs for the first time.
  await bareOnce(port, (await oursOnce(port)).trips);
  for (let round = 0; round < ROUNDS[service]; round += 1) {
    const mine = await oursOnce(port);
    trips = mine.trips;
    ours.push(mine.ms);
    bare.push(await bareOnce(port, mine.trips));
  }
  const ratio = median(ours) / median(bare);
  const name = service === 'multiple' ? 'ReadPropertyMultiple' : 'ReadProperty';
  return {
    name: `bacnet, ${OBJECTS} objects by ${name}, ${trips} round trips of 5 ms (time, ours / bare datagrams)`,
    ratio,
    target: TARGET,
    ok: ratio <= TARGET,
    ours: `${median(ours).toFixed(1)} ms`,
    theirs: `${median(bare).toFixed(1)} ms`,
  };
}

async function oursOnce(port: number): Promise<{ readonly ms: number; readonly trips: number }> {
  const client = await openBacnet({ bind: { address: '127.0.0.1', port: 0 }, timeoutMs: 5000, retries: 0 });
  if (!client.ok) throw new Error(client.problem.because);
  try {
    const start = performance.now();
    const readings = await client.value.readMultiple({ host: '127.0.0.1', port }, REFERENCES);
    const ms = performance.now() - start;
    if (!readings.ok) throw new Error(readings.problem.because);
    const failed = readings.value.find(({ result }) => !result.ok);
    if (failed?.result.ok === false) throw new Error(failed.result.problem.because);
    return { ms, trips: client.value.counters().roundTrips };
  } finally {
    await client.value.close();
  }
}

/** The same number of requests, each sent when the answer to the one before came. */
function bareOnce(port: number, trips: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    let left = trips;
    let start = 0;
    const ask = (): void => socket.send(BARE, port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('message', () => {
      left -= 1;
      if (left > 0) ask();
      else socket.close(() => resolve(performance.now() - start));
    });
    socket.bind(0, '127.0.0.1', () => {
      start = performance.now();
      ask();
    });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
