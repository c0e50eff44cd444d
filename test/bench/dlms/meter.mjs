// A stand-in for a meter with one profile of a clock and 16 float32 values: meter.mjs ROWS LATENCY_MS. What it answers is encoded before it listens, so that
// the time of a readout is the client's and the latency's. The latency of each answer is right on the average, as in simulator/dlms/pace.ts.
import { createServer } from 'node:net';

const [rowCount = 1, latencyMs = 0] = process.argv.slice(2).map(Number);
const COLUMNS = 16;
const MAX_PDU = 1024;
const BLOCK = MAX_PDU - 12;
const START = Date.UTC(2026, 0, 1);

const row = (index) => {
  const bytes = Buffer.alloc(2 + 14 + COLUMNS * 5);
  const at = new Date(START + index * 60_000);
  bytes.set([0x02, COLUMNS + 1, 0x09, 12], 0);
  bytes.writeUInt16BE(at.getUTCFullYear(), 4);
  bytes.set([at.getUTCMonth() + 1, at.getUTCDate(), 0xff, at.getUTCHours(), at.getUTCMinutes(), 0, 0, 0, 0, 0], 6);
  for (let column = 0; column < COLUMNS; column += 1) {
    bytes[16 + column * 5] = 0x17;
    bytes.writeFloatBE(230 + Math.sin(index / 100 + column), 17 + column * 5);
  }
  return bytes;
};
const rows = Buffer.concat(Array.from({ length: rowCount }, (_, index) => row(index)));
const ROW = rows.length / rowCount;

const u32 = (value) => {
  const bytes = Buffer.alloc(5, 0x06);
  bytes.writeUInt32BE(value, 1);
  return bytes;
};
const lengthOf = (length) =>
  length < 0x80
    ? Buffer.from([length])
    : Buffer.from([0x84, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]);
const capture = (classId, obis) =>
  Buffer.concat([Buffer.from([2, 4, 0x12, 0, classId, 9, 6]), Buffer.from(obis), Buffer.from([0x0f, 2, 0x12, 0, 0])]);
const ATTRIBUTES = {
  3: Buffer.concat([
    Buffer.from([1, COLUMNS + 1]),
    capture(8, [0, 0, 1, 0, 0, 255]),
    ...Array.from({ length: COLUMNS }, (_, column) => capture(3, [1, 0, column + 1, 7, 0, 255])),
  ]),
  5: Buffer.from([0x16, 1]),
  7: u32(rowCount),
  8: u32(rowCount + 1000),
};
const AARE = Buffer.from(
  '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000301c04000007',
  'hex',
);

function attributeValue(apdu) {
  const attribute = apdu[11];
  if (attribute !== 2) return ATTRIBUTES[attribute];
  const [from, to] = apdu[12] === 1 ? [apdu.readUInt32BE(17), apdu.readUInt32BE(22)] : [1, rowCount];
  const part = rows.subarray((from - 1) * ROW, to * ROW);
  return Buffer.concat([Buffer.from([1]), lengthOf(part.length / ROW), part]);
}

const server = createServer({ noDelay: true }, (socket) => {
  let held = Buffer.alloc(0);
  let transfer = { data: Buffer.alloc(0), number: 0 };
  let owed = 0;

  const send = (apdu, since) => {
    const frame = Buffer.alloc(8 + apdu.length);
    frame.set([0, 1, 0, 1, 0, 16], 0);
    frame.writeUInt16BE(apdu.length, 6);
    frame.set(apdu, 8);
    const due = since + latencyMs + owed;
    const done = () => {
      if (latencyMs > 0) owed = Math.max(-latencyMs, Math.min(latencyMs, due - performance.now()));
      socket.write(frame);
    };
    const left = Math.round(due - performance.now());
    if (latencyMs > 0 && left > 0) setTimeout(done, left);
    else done();
  };

  const block = (id) => {
    const data = transfer.data.subarray(transfer.number * BLOCK, (transfer.number + 1) * BLOCK);
    transfer.number += 1;
    const last = transfer.number * BLOCK >= transfer.data.length;
    const head = Buffer.from([0xc4, 2, id, last ? 1 : 0, 0, 0, 0, 0, 0, 0x82, data.length >> 8, data.length & 255]);
    head.writeUInt32BE(transfer.number, 4);
    return Buffer.concat([head, data]);
  };

  const answer = (apdu) => {
    if (apdu[0] === 0x60) return AARE;
    if (apdu[0] === 0x62) return Buffer.from('6303800100', 'hex');
    if (apdu[1] === 2) return block(apdu[2]);
    const value = attributeValue(apdu);
    if (value === undefined) return Buffer.from([0xc4, 1, apdu[2], 1, 4]);
    if (value.length <= BLOCK) return Buffer.concat([Buffer.from([0xc4, 1, apdu[2], 0]), value]);
    transfer = { data: value, number: 0 };
    return block(apdu[2]);
  };

  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= 8 && held.length >= 8 + held.readUInt16BE(6)) {
      const end = 8 + held.readUInt16BE(6);
      const apdu = held.subarray(8, end);
      held = held.subarray(end);
      send(answer(apdu), performance.now());
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
