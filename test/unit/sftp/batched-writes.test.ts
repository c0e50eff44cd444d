import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { batchWrites } from '../../../electron/protocols/sftp/batched-writes.ts';

const KIB = 1024;

/** A stream that takes everything at once and notes what came together. */
function createTaker() {
  const batches: Buffer[] = [];
  const stream = new Writable({
    highWaterMark: KIB,
    write(chunk: Buffer, _encoding, done) {
      batches.push(chunk);
      done();
    },
    writev(parts, done) {
      batches.push(Buffer.concat(parts.map(({ chunk }) => chunk as Buffer)));
      done();
    },
  });
  return { stream, batches, sizes: () => batches.map(({ length }) => length) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('batched writes', () => {
  it('lets each packet leave whole within the turn and the rest at its end, in order', async () => {
    const { stream, batches, sizes } = createTaker();
    // Length, encrypted bytes and tag of packets that carry 32 KiB, as AES-GCM makes them; the last one is small.
    const packet = [4, 32 * KIB + 16, 16];
    const parts = [...packet, ...packet, ...packet, 4, 64, 16].map((size, index) => Buffer.alloc(size, index));
    const { gather } = batchWrites(stream);
    gather();
    for (const part of parts) stream.write(part);
    const whole = 32 * KIB + 36;
    expect(sizes()).toEqual([whole, whole, whole]);
    await turn();
    expect(sizes()).toEqual([whole, whole, whole, 84]);
    expect(Buffer.concat(batches).equals(Buffer.concat(parts))).toBe(true);
  });

  it('gathers once, however often it is asked to in one turn', async () => {
    const { stream, sizes } = createTaker();
    const { gather } = batchWrites(stream);
    for (let count = 0; count < 3; count += 1) {
      gather();
      stream.write(Buffer.alloc(KIB));
    }
    expect(sizes()).toEqual([]);
    await turn();
    expect(sizes()).toEqual([3 * KIB]);
  });

  it('lets everything leave at once in a turn that nobody asked to gather', async () => {
    const { stream, sizes } = createTaker();
    const { gather } = batchWrites(stream);
    gather();
    await turn();
    stream.write(Buffer.alloc(KIB));
    stream.write(Buffer.alloc(KIB));
    expect(sizes()).toEqual([KIB, KIB]);
  });

  it('says whether more can be written, and calls back, as the stream does', async () => {
    const { stream } = createTaker();
    batchWrites(stream).gather();
    let called = 0;
    expect(stream.write('a', 'latin1', () => (called += 1))).toBe(true);
    expect(stream.write(Buffer.alloc(2 * KIB), () => (called += 1))).toBe(false);
    await turn();
    await turn();
    expect(called).toBe(2);
  });
});
