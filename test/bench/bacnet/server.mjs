// Child process of the BACnet bench: a device of a few lines that answers ReadProperty and, with the argument `multiple`, ReadPropertyMultiple; every
// answer is sent 5 ms after its request came. Present values are reals, every other property is a number.
import { createSocket } from 'node:dgram';

const multiple = process.argv[2] === 'multiple';
const DELAY_MS = 5;
const socket = createSocket('udp4');

socket.on('message', (bytes, { address, port }) => {
  const reply = answer(bytes);
  setTimeout(() => socket.send(reply, port, address), DELAY_MS);
});

/** Requests come without routing, with the plain network header. */
function answer(bytes) {
  const id = bytes[8];
  const body = bytes.subarray(10);
  if (bytes[9] === 12) return framed([0x30, id, 12, ...body, 0x3e, ...value(body), 0x3f]);
  if (bytes[9] !== 14 || !multiple) return framed([0x60, id, 9]);
  const apdu = [0x30, id, 14];
  let at = 0;
  while (at < body.length) {
    apdu.push(...body.subarray(at, at + 5), 0x1e);
    at += 6;
    while (body[at] !== 0x1f) {
      apdu.push(0x29, body[at + 1], 0x4e, ...(body[at + 1] === 85 ? [0x44, 0x43, 0x66, 0x80, 0] : [0x91, 95]), 0x4f);
      at += 2;
    }
    apdu.push(0x1f);
    at += 1;
  }
  return framed(apdu);
}

/** Of a ReadProperty: the services, the largest APDU, a real or a number. */
function value(body) {
  switch (body[6]) {
    case 97:
      return [0x85, 7, 7, 0, multiple ? 0x0a : 0x08, 0, 0, 0x60, 0];
    case 62:
      return [0x22, 0x05, 0xc4];
    case 85:
      return [0x44, 0x43, 0x66, 0x80, 0];
    default:
      return [0x91, 95];
  }
}

function framed(apdu) {
  const length = 6 + apdu.length;
  return Buffer.from([0x81, 0x0a, length >> 8, length & 0xff, 1, 0, ...apdu]);
}

socket.bind(0, '127.0.0.1', () => process.send({ port: socket.address().port }));
process.on('disconnect', () => process.exit(0));
