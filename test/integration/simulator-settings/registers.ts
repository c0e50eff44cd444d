import { workbookRows } from '../../../simulator/modbus/map.ts';
import type { WorkbookRow } from '../../../simulator/modbus/row.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { control, modbus, type RawConnection, rawConnection } from '../simulator/bench.ts';

/** A row of the workbook by its name. */
export function rowNamed(name: string): WorkbookRow {
  const row = workbookRows().find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`There is no row ${name}`);
  return row;
}

/** Words of a number of `count` registers, or of a text that NUL fills up. */
function wordsOf(value: number | string, count: number): number[] {
  const bytes = Buffer.alloc(count * 2);
  if (typeof value === 'string') bytes.write(value, 'latin1');
  else bytes.writeUIntBE(value, 0, count * 2);
  return Array.from({ length: count }, (_, index) => bytes.readUInt16BE(index * 2));
}

/** Setup registers of a meter over Modbus. */
export interface Registers {
  /** A number, or a text without its padding. */
  read(name: string): Promise<number | string>;
  /** Raw words. */
  words(name: string): Promise<Buffer>;
  /** Writes rows that follow each other in one request: 'done', or 'exception n'. */
  write(first: string, ...values: readonly (number | string)[]): Promise<string>;
  readonly connection: RawConnection;
}

/** Turns Modbus programming on (unless told otherwise) and connects. */
export async function registersOf(meter: SimulatedMeter, programming = true): Promise<Registers> {
  await control(meter, '/programming', { on: programming });
  const connection = await rawConnection(meter.address.ports.modbus);
  const rows = workbookRows();

  async function words(name: string): Promise<Buffer> {
    const { register, count } = rowNamed(name);
    const request = Buffer.from([3, 0, 0, 0, count]);
    request.writeUInt16BE(register - 1, 1);
    const answer = await modbus(connection, request);
    if (answer?.[0] !== 3) throw new Error(`${name}: ${answer?.toString('hex')}`);
    return answer.subarray(2);
  }

  return {
    connection,
    words,
    async read(name) {
      const bytes = await words(name);
      if (rowNamed(name).type === 'UTF8') return bytes.toString('latin1').replace(/\0+$/, '');
      return bytes.readUIntBE(0, bytes.length);
    },
    async write(first, ...values) {
      const at = rows.indexOf(rows.find(({ name }) => name === first) ?? rowNamed(first));
      const written = values.flatMap((value, index) => wordsOf(value, rows[at + index]?.count ?? 1));
      const request = Buffer.alloc(6 + 2 * written.length);
      request.writeUInt8(16, 0);
      request.writeUInt16BE(rowNamed(first).register - 1, 1);
      request.writeUInt16BE(written.length, 3);
      request.writeUInt8(2 * written.length, 5);
      for (const [index, word] of written.entries()) request.writeUInt16BE(word, 6 + 2 * index);
      const answer = await modbus(connection, request);
      if (answer?.[0] === 16) return 'done';
      return `exception ${answer?.[1]}`;
    },
  };
}
