import type { Writable } from 'node:stream';

/**
 * How much is collected before it leaves, in bytes: one SSH packet of 32 KiB with its frame (RFC 4253, 6), never without the tag that the host
 * waits for. More would be worse on a path with latency: the line would be idle while all that the host made room for is encrypted.
 */
const BATCH_BYTES = 32 * 1024 + 32;

/** Writes of a socket that leave together. */
export interface BatchedWrites {
  /** What is written from now to the end of this turn of the event loop leaves in pieces of {@link BATCH_BYTES}, the rest at the end. */
  gather(): void;
}

/** ssh2 writes each packet in three parts, and many packets in one turn: so each leaves in one system call, and as soon as it is ready. */
export function batchWrites(socket: Writable): BatchedWrites {
  let gathering = false;
  const write = socket.write.bind(socket) as (...parts: Parameters<Writable['write']>) => boolean;
  const writeGathered = (...parts: Parameters<Writable['write']>): boolean => {
    const more = write(...parts);
    if (gathering && socket.writableLength >= BATCH_BYTES) {
      socket.uncork();
      socket.cork();
    }
    return more;
  };
  socket.write = writeGathered as Writable['write'];
  return {
    gather() {
      if (gathering) return;
      gathering = true;
      socket.cork();
      setImmediate(() => {
        gathering = false;
        socket.uncork();
      });
    },
  };
}
