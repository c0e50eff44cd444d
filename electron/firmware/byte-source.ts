import type { ByteSource } from '../protocols/sftp/types.ts';

/**
 * Bytes in memory as a source for a transfer. Every read gives a copy, so nobody downstream can change what was hashed;
 * a range that is not wholly inside rejects with a RangeError.
 */
export function byteSourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      const valid = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
      if (!valid || offset + length > bytes.length) {
        throw new RangeError(
          `Bytes ${offset} to ${offset + length} are outside of the ${bytes.length} bytes of the source.`,
        );
      }
      return Uint8Array.prototype.slice.call(bytes, offset, offset + length);
    },
  };
}
