import type { Connectors } from '../../../electron/meter/meter.ts';
import type { Touch, TouchOptions } from '../../../electron/meter/touch.ts';
import type { MeterAddress } from '../../../electron/meter/types.ts';
import type { ModbusClient } from '../../../electron/protocols/modbus/types.ts';
import type { RemoteFile, SftpClient } from '../../../electron/protocols/sftp/types.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';

/** A failure with nothing to say but its code. */
export function failure(code: string): Result<never> {
  return fail({ code, title: code, because: `It ended with ${code}.`, nextStep: 'next' });
}

export const ADDRESS: MeterAddress = {
  host: '192.0.2.7',
  ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47_808 },
  unit: 255,
  timeoutMs: 1000,
};

/** Registers by vendor number; what is not set is unmapped. */
export interface FakeRegisters {
  text(register: number, count: number, text: string): FakeRegisters;
  words(register: number, ...words: number[]): FakeRegisters;
  float(register: number, value: number): FakeRegisters;
  int64(register: number, value: bigint): FakeRegisters;
  at(register: number): number;
}

export function fakeRegisters(): FakeRegisters {
  const memory = new Map<number, number>();
  const bytes = (register: number, data: Uint8Array): FakeRegisters => {
    for (let i = 0; i < data.length; i += 2) memory.set(register + i / 2, ((data[i] ?? 0) << 8) | (data[i + 1] ?? 0));
    return registers;
  };
  const registers: FakeRegisters = {
    text(register, count, text) {
      const data = Buffer.alloc(count * 2);
      data.write(text);
      return bytes(register, data);
    },
    words(register, ...words) {
      words.forEach((word, index) => {
        memory.set(register + index, word);
      });
      return registers;
    },
    float(register, value) {
      const data = Buffer.alloc(4);
      data.writeFloatBE(value);
      return bytes(register, data);
    },
    int64(register, value) {
      const data = Buffer.alloc(8);
      data.writeBigInt64BE(value);
      return bytes(register, data);
    },
    at: (register) => memory.get(register) ?? 0x8000,
  };
  return registers;
}

/** The registers of a meter that says who it is. */
export function meterRegisters({
  model = 'ION7400',
  firmware = '004.006.000',
  serial = 'MT-2101A017-02',
} = {}): FakeRegisters {
  return fakeRegisters()
    .text(30, 20, 'Feeder 12')
    .text(50, 20, model)
    .text(70, 9, 'Schneider Electric')
    .words(90, 18_000)
    .text(117, 12, serial)
    .text(1717, 6, firmware);
}

export interface FakeOptions {
  readonly registers?: FakeRegisters;
  /** Answers a read instead of the registers; undefined leaves it to them. */
  readonly intercept?: (address: number, count: number) => Result<Uint16Array> | undefined;
  readonly reference?: Result<string>;
  readonly connect?: () => Result<ModbusClient> | undefined;
  readonly folders?: readonly string[];
  readonly login?: () => Result<SftpClient> | undefined;
  readonly touch?: (options: TouchOptions) => Touch;
  /** Runs inside of each read, before it answers. */
  readonly during?: () => Promise<void> | void;
}

/** A meter in memory, with a record of everything that was asked of it. */
export function fakeMeter(options: FakeOptions = {}) {
  const { registers = fakeRegisters() } = options;
  const log: string[] = [];
  const reads: { readonly address: number; readonly count: number }[] = [];
  let running = 0;
  let most = 0;
  let open = 0;

  const modbus = (): ModbusClient => {
    let closed = false;
    open += 1;
    return {
      endpoint: '192.0.2.7:502 unit 255',
      async readHolding(address, count, signal) {
        reads.push({ address, count });
        running += 1;
        most = Math.max(most, running);
        await options.during?.();
        running -= 1;
        if (signal?.aborted) return failure('aborted');
        if (closed) return failure('modbus/closed');
        const other = options.intercept?.(address, count);
        if (other !== undefined) return other;
        return ok(Uint16Array.from({ length: count }, (_, index) => registers.at(address + 1 + index)));
      },
      async writeHolding() {
        log.push('WRITE');
        return failure('test/no-writes');
      },
      async readIdentification(objectId) {
        log.push(`fc43 ${objectId}`);
        return options.reference ?? failure('modbus/exception-1');
      },
      async close() {
        if (!closed) open -= 1;
        closed = true;
      },
    };
  };

  const sftp = (): SftpClient => {
    let closed = false;
    open += 1;
    const no = async (): Promise<Result<never>> => failure('test/not-expected');
    return {
      hostKey: 'SHA256:x',
      firstUse: true,
      async list(folder) {
        log.push(`list ${folder}`);
        return ok((options.folders ?? []).map((name): RemoteFile => ({ name, kind: 'folder', size: 0, modified: '' })));
      },
      stat: async () => (closed ? failure('sftp/closed') : ok(undefined)),
      readFile: no,
      download: no,
      upload: no,
      hash: no,
      rename: no,
      remove: no,
      async close() {
        if (!closed) open -= 1;
        closed = true;
      },
    };
  };

  const connectors: Connectors = {
    async modbus(endpoint) {
      log.push(`modbus ${endpoint.kind === 'tcp' ? endpoint.port : endpoint.kind}`);
      return options.connect?.() ?? ok(modbus());
    },
    async sftp(endpoint) {
      log.push(`sftp ${endpoint.user}`);
      return options.login?.() ?? ok(sftp());
    },
    async touch(touch) {
      log.push(`touch ${touch.port} ${touch.until}`);
      return options.touch?.(touch) ?? { kind: 'refused' };
    },
  };

  return { connectors, log, reads, mostAtOnce: () => most, openConnections: () => open };
}

/** Host keys that nobody asks for. */
export const NO_HOST_KEYS = { lookup: async () => undefined, pin: async () => undefined };
