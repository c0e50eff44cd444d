const TABLE = makeTable();

/**
 * CRC-16/MODBUS (polynomial 0xA001 reflected, start 0xFFFF) of the first `length` bytes; it goes on the wire low byte first.
 * Source: Modbus over Serial Line 1.02, 6.2.2. A table, because every frame of a snapshot passes through here.
 */
export function crc16(bytes: Uint8Array, length: number): number {
  let crc = 0xffff;
  for (let index = 0; index < length; index += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return crc;
}

function makeTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let value = 0; value < 256; value += 1) {
    let crc = value;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
    table[value] = crc;
  }
  return table;
}
