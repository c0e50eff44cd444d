import { connectModbus } from '../../../electron/protocols/modbus/client.ts';
import type { ModbusClient, ModbusEndpoint } from '../../../electron/protocols/modbus/types.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

/** Servers and clients of one test, closed in reverse order. */
export interface Bench {
  serve(...args: Parameters<typeof startScriptedServer>): Promise<ScriptedServer>;
  /** Default: Modbus TCP on the loopback, unit 255, 2 s. */
  connected(port: number, options?: { readonly timeoutMs?: number; readonly unit?: number }): Promise<ModbusClient>;
  connectedTo(endpoint: ModbusEndpoint, timeoutMs: number): Promise<ModbusClient>;
  later(cleanup: () => Promise<void> | void): void;
  cleanUp(): Promise<void>;
}

export function createBench(): Bench {
  const cleanups: (() => Promise<void> | void)[] = [];
  const bench: Bench = {
    async serve(...args) {
      const server = await startScriptedServer(...args);
      cleanups.push(() => server.close());
      return server;
    },
    connected: (port, { timeoutMs = 2000, unit = 255 } = {}) =>
      bench.connectedTo({ kind: 'tcp', host: '127.0.0.1', port, unit }, timeoutMs),
    async connectedTo(endpoint, timeoutMs) {
      const client = granted(await connectModbus(endpoint, { timeoutMs }));
      cleanups.push(() => client.close());
      return client;
    },
    later: (cleanup) => {
      cleanups.push(cleanup);
    },
    async cleanUp() {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    },
  };
  return bench;
}

/** The value of a result that has to be a success. */
export function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

/** The problem code of a result, or "ok". */
export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.problem.code;
}
