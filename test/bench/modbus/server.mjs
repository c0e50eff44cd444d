// Child process of the Modbus bench: answers FC03 over MBAP for every address, as fast as Node can, and nothing else.
import { createServer } from 'node:net';

const server = createServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    while (bytes.length - start >= 12) {
      socket.write(answer(bytes, start));
      start += 12;
    }
    rest = bytes.subarray(start);
  });
});

/** Register n holds n * 40503 + 7, modulo 65536. */
function answer(bytes, start) {
  const address = bytes.readUInt16BE(start + 8);
  const count = bytes.readUInt16BE(start + 10);
  const frame = Buffer.allocUnsafe(9 + count * 2);
  bytes.copy(frame, 0, start, start + 4);
  frame.writeUInt16BE(3 + count * 2, 4);
  frame[6] = bytes[start + 6];
  frame[7] = 3;
  frame[8] = count * 2;
  for (let index = 0; index < count; index += 1) {
    frame.writeUInt16BE(((address + index) * 40_503 + 7) & 0xffff, 9 + index * 2);
  }
  return frame;
}

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
