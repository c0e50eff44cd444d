import type { Result } from '../../../shared/domain/problem.ts';

/** Where a Modbus server is and how it frames. `unit`: 255 is the meter itself, 1..247 a device behind it. */
export type ModbusEndpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly unit: number }
  | { readonly kind: 'rtu-over-tcp'; readonly host: string; readonly port: number; readonly unit: number }
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      readonly parity: 'none' | 'even' | 'odd';
      readonly unit: number;
    };

export interface ModbusOptions {
  /** Cap on connecting and on each request, in milliseconds (100..60000). */
  readonly timeoutMs: number;
  /** Ends connecting; each request takes its own signal. */
  readonly signal?: AbortSignal;
}

/**
 * A Modbus server seen as holding registers. Addresses are wire addresses (0..65535), one less than the register numbers of
 * the vendor's map. Every failure is a value; a client that timed out reconnects before its next request, so that a late answer can
 * never be taken for another one.
 */
export interface ModbusClient {
  /** For messages: "192.0.2.7:502 unit 255". */
  readonly endpoint: string;
  /** FC03, Modbus Application Protocol 1.1b3, 6.3. `count` 1..125. */
  readHolding(address: number, count: number, signal?: AbortSignal): Promise<Result<Uint16Array>>;
  /** FC16, Modbus Application Protocol 1.1b3, 6.12. 1..123 values of 0..65535. No answer is `modbus/write-unanswered`: on this platform a write to an unmapped register is not answered. */
  writeHolding(address: number, values: readonly number[], signal?: AbortSignal): Promise<Result<void>>;
  /** FC43/14 with read code 04, one object, Modbus Application Protocol 1.1b3, 6.21. `objectId` 0..255. */
  readIdentification(objectId: number, signal?: AbortSignal): Promise<Result<string>>;
  /** Idempotent; ends every pending request with `modbus/closed`. */
  close(): Promise<void>;
}
