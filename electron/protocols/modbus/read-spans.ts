import type { Problem, Result } from '../../../shared/domain/problem.ts';
import { type Block, isReadable, type PlanOptions, planBlocks, type Span } from './planner.ts';
import { badRequestProblem } from './problems.ts';
import type { ModbusClient } from './types.ts';

/** What came of reading many spans; every span index is in exactly one of the two maps. */
export interface SpansRead {
  /** Words by span index, exactly `count` of them. */
  readonly words: ReadonlyMap<number, Uint16Array>;
  /** By span index, why it could not be read. */
  readonly failed: ReadonlyMap<number, Problem>;
  /** Requests that were made; one that was stopped before it was sent counts too. */
  readonly requests: number;
}

/** More than the client has in flight, so that it never waits for us; few enough to stop early. */
const LANES = 8;
/** Failures of the connection after which the rest is not asked any more: a silent meter must not cost one time-out for each block. */
const MOST_FAILURES = 2;
const NO_SPAN: Span = { address: 0, count: 1 };

/**
 * Reads many spans in few, pipelined requests. A block that is refused because of its addresses (exception 2 or 3) is halved until the bad spans
 * stand alone, so that one bad row of a register map does not lose the others. A block whose connection ended because of another request
 * is asked once more. After the second failure of the connection the remaining spans end with that problem. Never rejects.
 */
export async function readSpans(
  client: ModbusClient,
  spans: readonly Span[],
  signal?: AbortSignal,
  options: PlanOptions = {},
): Promise<SpansRead> {
  const words = new Map<number, Uint16Array>();
  const failed = new Map<number, Problem>();
  let requests = 0;
  let failures = 0;
  let stop: Problem | undefined;
  const gate = createGate(LANES);

  const readable: number[] = [];
  spans.forEach((span, index) => {
    if (isReadable(span, options.maxRegisters)) readable.push(index);
    else failed.set(index, impossible(span));
  });

  function plan(indexes: readonly number[]): Block[] {
    const chosen = indexes.map((index) => spans[index] ?? NO_SPAN);
    return planBlocks(chosen, options).map((block) => ({
      ...block,
      spans: block.spans.map((at) => indexes[at] ?? at),
    }));
  }

  function failAll(block: Block, problem: Problem): void {
    for (const index of block.spans) failed.set(index, problem);
  }

  function deliver(block: Block, registers: Uint16Array): void {
    for (const index of block.spans) {
      const { address, count } = spans[index] ?? NO_SPAN;
      words.set(index, registers.slice(address - block.address, address - block.address + count));
    }
  }

  async function ask(block: Block): Promise<Result<Uint16Array>> {
    await gate.enter();
    try {
      if (stop !== undefined) return { ok: false, problem: stop };
      requests += 1;
      return await client.readHolding(block.address, block.count, signal);
    } finally {
      gate.leave();
    }
  }

  async function read(block: Block, again: boolean): Promise<void> {
    const result = await ask(block);
    if (result.ok) {
      deliver(block, result.value);
      return;
    }
    const { problem } = result;
    const ofAddress = problem.code === 'modbus/exception-2' || problem.code === 'modbus/exception-3';
    if (ofAddress && block.spans.length > 1) {
      const middle = block.spans.length >> 1;
      const halves = [block.spans.slice(0, middle), block.spans.slice(middle)].flatMap(plan);
      await Promise.all(halves.map((half) => read(half, again)));
      return;
    }
    if (problem.code === 'modbus/closed' && !again) {
      await read(block, true);
      return;
    }
    failAll(block, problem);
    if (problem.code.startsWith('modbus/exception-') || problem.code === 'modbus/malformed') return;
    failures += 1;
    if (failures >= MOST_FAILURES) stop = problem;
  }

  await Promise.all(plan(readable).map((block) => read(block, false)));
  return { words, failed, requests };
}

interface Gate {
  enter(): Promise<void>;
  leave(): void;
}

/** Lets `places` through at a time, in order of arrival. */
function createGate(places: number): Gate {
  const waiting: (() => void)[] = [];
  let free = places;
  return {
    enter() {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

function impossible(span: Span): Problem {
  return badRequestProblem(`No single request reads ${span.count} registers from wire address ${span.address}.`, {
    address: span.address,
    count: span.count,
  });
}
