import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  connected,
  type Script,
  type ScriptedServer,
  type ServerRequest,
  startScriptedServer,
} from './scripted-server.ts';

/** What is undone after each test, the last first. */
export const cleanup: (() => Promise<void>)[] = [];
/** A folder of its own for each test. */
export let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-sftp-'));
});
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
  await rm(folder, { recursive: true, force: true });
});

/** A server with this behaviour and a client that is connected to it. */
export async function pair(intercept?: Script['intercept'], timeoutMs = 5_000) {
  const server = await startScriptedServer(intercept ? { intercept } : {});
  cleanup.push(() => server.stop());
  const client = await connected(server, { timeoutMs });
  cleanup.push(() => client.close());
  return { server, client };
}

/** Answers a READ with what `alter` makes of the bytes. */
export function reading(
  server: () => ScriptedServer,
  alter: (data: Buffer, request: ServerRequest) => Buffer,
): Script['intercept'] {
  return (request, next) => {
    if (request.operation !== 'READ') return next();
    const { id, path, offset, length, sftp } = request;
    const data = (server().files.get(path) ?? Buffer.alloc(0)).subarray(offset, offset + length);
    if (data.length === 0) return next();
    sftp.data(id, alter(data, request));
  };
}

/** In hexadecimal digits. */
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
