import yazl from 'yazl';
import { fail, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { readZip, type ZipLimits, type ZipMember } from '../../protocols/zip/read-zip.ts';

/** A cell as text: numbers and dates spelled out, empty cells ''. */
type CellText = string;

export interface Sheet {
  readonly name: string;
  /** Row 0 is row 1 of the sheet; all rows of a sheet have the same number of cells. */
  readonly rows: readonly (readonly CellText[])[];
}

/** Bounds of a map workbook: a map of 10,000 rows has about 1 MiB packed and 10 MiB unpacked. */
const LIMITS: ZipLimits = {
  maxMembers: 1000,
  maxMemberBytes: 48 * 1024 * 1024,
  maxTotalBytes: 64 * 1024 * 1024,
  /** Sheets of XML are regular: 30 is usual, 100 occurs. */
  maxRatio: 300,
};
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** The parts that list sheets are walked more than once for each sheet; they have a few kilobytes. */
const MAX_INDEX_BYTES = 128 * 1024;
/** Rows times columns of one sheet: the parser fills every gap with an empty cell. */
const MAX_CELLS = 4_000_000;
/** Last row and column of any spreadsheet. Source: ECMA-376 part 1, 18.3.1.73 and the limits of Excel. */
const MAX_ROW = 1_048_576;
const MAX_COLUMN = 16_384;
/** The attribute `r` of a row or cell under any prefix; `xmlns:r` is a namespace. */
const POSITION = /(?<!\sxmlns)[\s:"']r\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** Cap on parsing, in milliseconds. */
const PARSE_CAP = 60_000;

/**
 * The sheets of an .xlsx workbook. The archive is unpacked here, within bounds, and packed again without compression, so the parser of
 * spreadsheets sees exactly the bytes that were checked (it would otherwise follow local headers and inflate without a limit).
 * Fails with `site-map/…`.
 */
export async function readSheets(bytes: Uint8Array): Promise<Result<readonly Sheet[]>> {
  if (bytes.length > MAX_FILE_BYTES)
    return unreadable('too-large', `it has ${bytes.length} bytes, more than ${MAX_FILE_BYTES}`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await readZip(buffer, { room: 'site-map', limits: LIMITS });
  if (!zip.ok) return zip;
  const [first] = zip.value.problems;
  if (first !== undefined) return { ok: false, problem: first };
  const parts = zip.value.members.filter(({ path }) => path.endsWith('.xml') || path.endsWith('.xml.rels'));
  for (const part of parts) {
    const reason = excessOf(part);
    if (reason !== null) return unreadable('too-large', `${part.path}: ${reason}`);
  }
  try {
    // Only who imports a map needs it, and it would be read at each start.
    const { default: readWorkbook } = await import('read-excel-file/node');
    const sheets = await withCap(readWorkbook(await packStored(parts)));
    return ok(sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(textOf)) })));
  } catch (thrown) {
    return unreadable('unreadable', reasonOf(thrown).slice(0, 200));
  }
}

/** Why parsing a part would take too much memory or time, or null. */
function excessOf({ path, content }: ZipMember): string | null {
  const index = path.endsWith('.rels') || path.endsWith('workbook.xml');
  if (index && content.length > MAX_INDEX_BYTES) return `it has ${content.length} bytes, more than ${MAX_INDEX_BYTES}`;
  const xml = content.toString('utf8');
  let rows = count(xml, /<(?:[^\s<>/:]*:)?row(?=[\s/>])/g);
  let columns = 1;
  for (const match of xml.matchAll(POSITION)) {
    const position = /^([A-Z]{0,3})(\d{1,7})$/.exec(match[1] ?? match[2] ?? '');
    const row = Number(position?.[2]);
    const column = columnOf(position?.[1] ?? '');
    if (position === null || row > MAX_ROW || column > MAX_COLUMN)
      return 'it has a row or cell with an impossible number';
    rows = Math.max(rows, row);
    columns = Math.max(columns, column);
  }
  return rows * columns > MAX_CELLS ? `it spans ${rows} rows and ${columns} columns` : null;
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(pattern)) found += 1;
  return found;
}

/** "A" -> 1, "AA" -> 27, '' -> 0. */
function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.charCodeAt(0) - 64);
  return column;
}

function packStored(parts: readonly ZipMember[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const { path, content } of parts) zip.addBuffer(content, path, { compress: false });
  zip.end();
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.once('error', reject);
    zip.outputStream.once('end', () => resolve(Buffer.concat(pieces)));
  });
}

async function withCap<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const cap = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it takes too long to read')), PARSE_CAP);
  });
  try {
    return await Promise.race([work, cap]);
  } finally {
    clearTimeout(timer);
  }
}

function textOf(cell: unknown): CellText {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.valueOf()) ? '' : cell.toISOString();
  return String(cell).trim();
}

function unreadable(kind: 'too-large' | 'unreadable', because: string): Result<never> {
  return fail({
    code: `site-map/${kind}`,
    title: 'The Modbus map workbook cannot be read',
    because: `The workbook could not be read: ${because}.`,
    nextStep: 'Use the Modbus map (.xlsx) from the firmware package of the vendor, unchanged.',
  });
}
