import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { type EngineOptions, type EngineParts, openEngine } from '../../../electron/engine/parts.ts';
import { createRouter } from '../../../electron/engine/router.ts';
import type { contract } from '../../../shared/contract/index.ts';
import type { Result } from '../../../shared/domain/problem.ts';

export type Page = ContractRouterClient<typeof contract>;

export interface TestEngine {
  readonly home: string;
  readonly parts: EngineParts;
  /** Defects that the engine reported. */
  readonly defects: unknown[];
  /** A page with a port of its own; `leave` is what a crash of it does. */
  page(): { readonly engine: Page; leave(): void };
  close(): Promise<void>;
}

/** An engine in this process, in a data folder of its own or in the given one, with short waits. */
export async function startEngine(options: Partial<EngineOptions> = {}): Promise<TestEngine> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'meterwright-engine-')));
  const defects: unknown[] = [];
  const opened = await openEngine({
    home,
    version: '0.0.0-test',
    user: 'tester',
    caps: { pollMs: 50, retryWaitMs: 50, graceMs: 5_000 },
    onDefect: (thrown) => defects.push(thrown),
    ...options,
  });
  const parts = must(opened);
  const handler = new RPCHandler(createRouter(parts));
  const leaves = new Set<() => void>();
  return {
    home,
    parts,
    defects,
    page() {
      const { port1, port2 } = new MessageChannel();
      handler.upgrade(port1);
      port1.start();
      const engine: Page = createORPCClient(new RPCLink({ port: port2 }));
      port2.start();
      const leave = (): void => port2.close();
      leaves.add(leave);
      return { engine, leave };
    },
    async close() {
      for (const leave of leaves) leave();
      await parts.close();
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

/** The value of a result that must be one. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

/** Reads a stream until an event fits; fails when the stream ends before. */
export async function firstThat<T>(events: AsyncIterable<T>, fits: (event: T) => boolean): Promise<T> {
  for await (const event of events) if (fits(event)) return event;
  throw new Error('The stream ended before the event came.');
}

/** Waits until a condition holds, at most thirty seconds. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not within thirty seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
