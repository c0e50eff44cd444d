import { connectDlms } from '../../../electron/protocols/dlms/client.ts';
import type { DlmsClient, DlmsEndpoint, ProfileShape } from '../../../electron/protocols/dlms/types.ts';
import type { Result } from '../../../shared/domain/problem.ts';

/** Runs what was put off, last first, after each test. */
export interface Bench {
  later(undo: () => Promise<unknown> | unknown): void;
  cleanUp(): Promise<void>;
  /** Connects, and closes after the test; fails the test when that fails. */
  connected(endpoint: Partial<DlmsEndpoint> & { readonly port: number }): Promise<DlmsClient>;
}

export function createBench(): Bench {
  const undos: (() => Promise<unknown> | unknown)[] = [];
  return {
    later: (undo) => undos.push(undo),
    async cleanUp() {
      for (const undo of undos.splice(0).reverse()) await undo();
    },
    async connected(endpoint) {
      const client = granted(await connectDlms(at(endpoint)));
      undos.push(() => client.close());
      return client;
    },
  };
}

/** An endpoint on this machine with everything usual. */
export function at(endpoint: Partial<DlmsEndpoint> & { readonly port: number }): DlmsEndpoint {
  return { kind: 'wrapper', host: '127.0.0.1', clientSap: 16, serverSap: 1, timeoutMs: 2000, ...endpoint };
}

/** The value, or an error that shows the problem. */
export function granted<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.problem));
}

/** The code of the problem, or `ok`. */
export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.problem.code;
}

export const CLOCK = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2 } as const;

/** A clock and `width` registers. */
export function profileOf(width: number): ProfileShape {
  const register = { classId: 3, obis: '1.0.1.7.0.255', attribute: 2, dataIndex: 0 };
  return {
    obis: '1.0.99.1.0.255',
    columns: [{ ...CLOCK, dataIndex: 0 }, ...Array(width).fill(register)],
    capturePeriod: 60,
  };
}
