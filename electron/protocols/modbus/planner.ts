/** Registers that belong together: one value, or several whole ones. Wire addresses. */
export interface Span {
  readonly address: number;
  readonly count: number;
}

/** One request, and which of the given spans (by index) it brings. */
export interface Block extends Span {
  readonly spans: readonly number[];
}

export interface PlanOptions {
  /** 1..125; default 125, the most that FC03 takes. */
  readonly maxRegisters?: number;
  /**
   * Registers between two spans that may be read along; default 0. Spans are whole values, so bridging a gap cannot cut a value of the meter
   * apart (exception 03); but a gap may hold registers that the security of the meter protects (exception 02), and reading what nobody asked
   * for is no good manner. Give more than 0 only where the gaps are known to be readable.
   */
  readonly maxGap?: number;
}

/** The most registers that one FC03 takes. Modbus Application Protocol 1.1b3, 6.3. */
const MOST_REGISTERS = 125;

/**
 * Plans the fewest requests that bring all spans: in order of address, never more than `maxRegisters` in one, never cutting a span. Spans may
 * touch, overlap and repeat. Throws a RangeError for a span that no request can bring (see {@link isReadable}).
 */
export function planBlocks(spans: readonly Span[], options: PlanOptions = {}): readonly Block[] {
  const { maxRegisters = MOST_REGISTERS, maxGap = 0 } = options;
  const order = spans.map((span, index) => ({ index, address: span.address, end: span.address + span.count }));
  order.sort((a, b) => a.address - b.address || b.end - a.end || a.index - b.index);
  const blocks: { address: number; end: number; spans: number[] }[] = [];
  let open: { address: number; end: number; spans: number[] } | undefined;
  for (const { index, address, end } of order) {
    if (!isReadable({ address, count: end - address }, maxRegisters)) {
      throw new RangeError(`no request brings ${end - address} registers from wire address ${address}`);
    }
    const bridged = open !== undefined && address <= open.end + maxGap;
    if (open !== undefined && bridged && Math.max(open.end, end) - open.address <= maxRegisters) {
      open.end = Math.max(open.end, end);
      open.spans.push(index);
    } else {
      open = { address, end, spans: [index] };
      blocks.push(open);
    }
  }
  return blocks.map((block) => ({ address: block.address, count: block.end - block.address, spans: block.spans }));
}

/** Whether one request can bring the span: 1 to `maxRegisters` registers within 0..65535. */
export function isReadable(span: Span, maxRegisters: number = MOST_REGISTERS): boolean {
  const { address, count } = span;
  if (!Number.isInteger(address) || !Number.isInteger(count)) return false;
  return address >= 0 && count >= 1 && count <= Math.min(maxRegisters, MOST_REGISTERS) && address + count <= 65_536;
}
