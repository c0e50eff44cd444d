import { randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectSftp } from '../../../electron/protocols/sftp/client.ts';
import type { ByteSource, HostKeyStore, SftpClient } from '../../../electron/protocols/sftp/types.ts';
import { type OpenSshServer, startOpenSsh } from '../../integration/sftp/openssh-server.ts';
import { startDelayProxy } from '../delay-proxy.ts';
import type { BenchRow } from '../report.ts';
import { type OpenSshClient, startOpenSshClient } from './openssh-client.ts';

const BYTES = 64 * 1024 * 1024;
const ROUNDS = 9;
/** Ours may take at most a tenth longer. */
const TARGET = 1.1;
const LATENCIES_MS = [0, 20] as const;

/**
 * A 64 MiB upload by our client against OpenSSH's `sftp -b` to the same sshd, directly and with 20 ms added to each round trip. Both sessions are open
 * before the clock runs, both read the same file from this disk, and the rounds alternate, so that a busy machine hits both alike; medians count.
 */
export async function sftpBench(options: { readonly root: string }): Promise<readonly BenchRow[]> {
  const server = await startOpenSsh();
  try {
    const local = join(server.folder, 'source');
    await writeFile(local, randomBytes(BYTES));
    const rows: BenchRow[] = [];
    for (const delayMs of LATENCIES_MS) rows.push(await compare(server, local, delayMs, options.root));
    return rows;
  } finally {
    await server.stop();
  }
}

async function compare(server: OpenSshServer, local: string, delayMs: number, root: string): Promise<BenchRow> {
  const proxy = delayMs === 0 ? undefined : await startDelayProxy({ targetPort: server.port, delayMs, root });
  const port = proxy?.port ?? server.port;
  const ours = await connect(server, port);
  const theirs = await startOpenSshClient({ port, user: server.user, identityFile: server.identityFile });
  const source = await openSource(local);
  try {
    const seconds: { readonly ours: number[]; readonly theirs: number[] } = { ours: [], theirs: [] };
    // The first round warms up both sides and does not count.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const own = await uploadOnce(ours, source, join(server.folder, 'ours'));
      const other = await putOnce(theirs, local, join(server.folder, 'theirs'));
      if (round === 0) continue;
      seconds.ours.push(own);
      seconds.theirs.push(other);
    }
    const [own, other] = [median(seconds.ours), median(seconds.theirs)];
    const ratio = own / other;
    return {
      name: `sftp upload of 64 MiB, ${delayMs} ms latency, time against OpenSSH`,
      ratio,
      target: TARGET,
      ok: ratio <= TARGET,
      ours: speed(own),
      theirs: speed(other),
    };
  } finally {
    await source.close();
    await ours.close();
    await theirs.close();
    await proxy?.close();
  }
}

async function connect(server: OpenSshServer, port: number): Promise<SftpClient> {
  const hostKeys: HostKeyStore = {
    lookup: () => Promise.resolve(server.fingerprint),
    pin: () => Promise.reject(new Error('the key is known')),
  };
  const { user, privateKey } = server;
  const client = await connectSftp({
    host: '127.0.0.1',
    port,
    user,
    password: '',
    privateKey,
    hostKeys,
    timeoutMs: 10_000,
  });
  if (!client.ok) throw new Error(`${client.problem.because}\n${server.log()}`);
  return client.value;
}

async function openSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  return {
    size: BYTES,
    async read(offset, length) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

async function uploadOnce(client: SftpClient, source: ByteSource, path: string): Promise<number> {
  const start = performance.now();
  const sent = await client.upload(source, path);
  if (!sent.ok) throw new Error(sent.problem.because);
  return (performance.now() - start) / 1000;
}

async function putOnce(client: OpenSshClient, local: string, path: string): Promise<number> {
  const start = performance.now();
  await client.run(`put ${local} ${path}`);
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function speed(seconds: number): string {
  return `${(BYTES / 1_000_000 / seconds).toFixed(0)} MB/s`;
}
