import { setImmediate as nextTurn } from 'node:timers/promises';

/** The reflected polynomial of CRC-32 as zip uses it. Source: APPNOTE.TXT 6.3.10, 4.4.7. */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

/** Bytes between two turns of the event loop: a few tens of milliseconds of work. */
const SLICE = 8 * 1024 * 1024;

/** CRC-32 of bytes, unsigned; lets other work run between slices. (zlib.crc32 came only with Node 20.15.) */
export async function crc32(bytes: Uint8Array): Promise<number> {
  let crc = 0xffffffff;
  for (let start = 0; start < bytes.length; start += SLICE) {
    if (start > 0) await nextTurn();
    const end = Math.min(start + SLICE, bytes.length);
    for (let index = start; index < end; index += 1) {
      crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
