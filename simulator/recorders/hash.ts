/** A number in [0, 1) that depends on nothing but its arguments (integers): the same row has the same values whenever it is read. */
export function chance(seed: number, channel: number, index: number): number {
  let mixed =
    Math.imul(seed | 0, 0x9e37_79b1) ^ Math.imul(channel | 0, 0x85eb_ca6b) ^ Math.imul(index | 0, 0xc2b2_ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
}
