import { z } from 'zod';
import { fail, ok, type Result } from '../shared/domain/problem.ts';

/** The faces of the meter that a fault can hit. */
const FAULT_PROTOCOLS = ['modbus', 'rtu-over-tcp', 'sftp', 'dlms', 'bacnet'] as const;
export type FaultProtocol = (typeof FAULT_PROTOCOLS)[number];
/** Seen from the meter: `in` is what a client sends. */
export type Direction = 'in' | 'out';

const protocol = z.enum(FAULT_PROTOCOLS);
const atByte = {
  protocol,
  direction: z.enum(['in', 'out']),
  /** The fault happens before this byte of a connection, counted from 0. */
  atByte: z
    .number()
    .int()
    .min(0)
    .max(2 ** 40),
  /** How many connections it hits, each once, before it is spent. */
  times: z.number().int().min(1).max(1_000_000).default(1),
};
const milliseconds = z.number().int().min(0).max(600_000);

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop'), ...atByte }),
  z.strictObject({ kind: z.literal('delay'), ...atByte, milliseconds }),
  z.strictObject({ kind: z.literal('garbage'), ...atByte, length: z.number().int().min(1).max(1_000_000) }),
  z.strictObject({ kind: z.literal('power-loss'), ...atByte, seconds: z.number().min(0).max(3600).default(1) }),
  z.strictObject({ kind: z.literal('refuse'), protocol }),
  z.strictObject({ kind: z.literal('slow'), protocol, milliseconds }),
  z.strictObject({ kind: z.literal('storage-full') }),
  z.strictObject({ kind: z.literal('serial-after-restart'), serial: z.string().regex(/^[!-~]{1,24}$/) }),
  z.strictObject({ kind: z.literal('logs-lost-by-upgrade') }),
  z.strictObject({ kind: z.literal('unavailable'), registers: z.array(z.number().int().min(1).max(65_536)).max(200) }),
]);

/**
 * Something that goes wrong on command. `drop`, `delay`, `garbage` and `power-loss` happen at a byte of a connection; the others hold until they
 * are cleared. `garbage` replaces bytes; `unavailable` makes mapped registers answer with the sentinel of their type.
 */
export type Fault = Readonly<z.infer<typeof faultSchema>>;
export type ByteFault = Extract<Fault, { atByte: number }>;

/** The faults of one meter. */
export interface FaultBox {
  arm(faults: readonly Fault[]): void;
  clear(): void;
  list(): readonly Fault[];
  /** The first byte fault in [from, to) of a direction; it is counted as happened. `skip` are those that hit this connection before. */
  take(
    on: FaultProtocol,
    direction: Direction,
    from: number,
    to: number,
    skip: ReadonlySet<Fault>,
  ): ByteFault | undefined;
  refuses(on: FaultProtocol): boolean;
  /** By how much every piece of an answer is late. */
  slowness(on: FaultProtocol): number;
  /** True when nothing is armed that touches the bytes of this protocol. */
  quiet(on: FaultProtocol): boolean;
  storageFull(): boolean;
  serialAfterRestart(): string | undefined;
  unavailable(): ReadonlySet<number>;
  /** Whether an upgrade erases what the recorders hold. */
  logsLostByUpgrade(): boolean;
}

/** Reads one fault or a list of them from JSON that was parsed already. */
export function parseFaults(json: unknown): Result<readonly Fault[]> {
  const parsed = z
    .array(faultSchema)
    .max(100)
    .safeParse(Array.isArray(json) ? json : [json]);
  if (parsed.success) return ok(parsed.data);
  return fail({
    code: 'simulator/bad-fault',
    title: 'This is not a fault of the simulated meter',
    because: z.prettifyError(parsed.error),
    nextStep: 'See the help text of the control address for the faults there are.',
  });
}

/** `changed` is called after every change of the armed faults by a person. */
export function createFaultBox(changed: () => void): FaultBox {
  let armed: { readonly fault: Fault; left: number }[] = [];

  const find = <Kind extends Fault['kind']>(kind: Kind): Extract<Fault, { kind: Kind }>[] =>
    armed.map(({ fault }) => fault).filter((fault): fault is Extract<Fault, { kind: Kind }> => fault.kind === kind);

  return {
    arm(faults) {
      armed = [...armed, ...faults.map((fault) => ({ fault, left: 'times' in fault ? fault.times : 1 }))];
      changed();
    },
    clear() {
      armed = [];
      changed();
    },
    list: () => armed.map(({ fault }) => fault),
    take(on, direction, from, to, skip) {
      let first: { readonly fault: ByteFault; readonly entry: { left: number } } | undefined;
      for (const entry of armed) {
        const { fault } = entry;
        if (!('atByte' in fault) || fault.protocol !== on || fault.direction !== direction) continue;
        if (fault.atByte < from || fault.atByte >= to || skip.has(fault)) continue;
        if (first === undefined || fault.atByte < first.fault.atByte) first = { fault, entry };
      }
      if (first === undefined) return undefined;
      first.entry.left -= 1;
      armed = armed.filter((entry) => entry.left > 0);
      return first.fault;
    },
    refuses: (on) => find('refuse').some((fault) => fault.protocol === on),
    slowness: (on) =>
      find('slow').reduce((most, fault) => (fault.protocol === on ? Math.max(most, fault.milliseconds) : most), 0),
    quiet: (on) =>
      !armed.some(({ fault }) => (fault.kind === 'slow' || 'atByte' in fault ? fault.protocol === on : false)),
    storageFull: () => find('storage-full').length > 0,
    serialAfterRestart: () => find('serial-after-restart').at(-1)?.serial,
    logsLostByUpgrade: () => find('logs-lost-by-upgrade').length > 0,
    unavailable: () => new Set(find('unavailable').flatMap((fault) => fault.registers)),
  };
}
