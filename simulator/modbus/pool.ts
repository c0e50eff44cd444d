import type { Duplex } from 'node:stream';

const SHARED = 8;
const MODBUS_ONLY = 32;

/**
 * Connections of the meter: 8 shared by Modbus TCP, Modbus RTU over TCP and the other protocols, and 32 more for Modbus TCP alone. Source: PM8000
 * "protocols, ports and connections".
 */
export interface ConnectionPool {
  /** Takes a place until the stream closes; false when there is none. Modbus TCP takes shared places first. */
  take(kind: 'shared' | 'modbus-tcp', stream: Duplex): boolean;
  shared(): { readonly used: number; readonly all: number };
}

export function createConnectionPool(): ConnectionPool {
  let shared = 0;
  let dedicated = 0;
  return {
    take(kind, stream) {
      if (shared < SHARED) {
        shared += 1;
        stream.once('close', () => {
          shared -= 1;
        });
        return true;
      }
      if (kind === 'shared' || dedicated >= MODBUS_ONLY) return false;
      dedicated += 1;
      stream.once('close', () => {
        dedicated -= 1;
      });
      return true;
    },
    shared: () => ({ used: shared, all: SHARED }),
  };
}
