import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';
import { findTable } from './columns.ts';
import { interpretRow } from './rows.ts';
import type { SiteMap, SiteMapRow } from './types.ts';
import { readSheets, type Sheet } from './workbook.ts';

/** A row that was left out, so that the technician can look at it: 1-based row of the sheet. */
interface UnusedRow {
  readonly sheet: string;
  readonly row: number;
  readonly because: string;
}

export interface ImportedSiteMap {
  readonly map: SiteMap;
  /** Number of rows of the map. */
  readonly understood: number;
  readonly notUnderstood: readonly UnusedRow[];
}

interface PlacedRow {
  readonly sheet: string;
  readonly row: number;
  readonly register: SiteMapRow;
}

/** What a generated workbook for simulated meters says in one cell, or in two beside each other. */
const SIMULATED = /provenance\s{0,4}[:=]?\s{0,4}simulated/i;

/**
 * Imports the vendor's Modbus map workbook (.xlsx). Tables are found by their headings, in any sheet. Rows that are not understood, that lie
 * outside of registers 1..65536 or that overlap others are left out and listed. Fails with `site-map/…` when the file is no readable
 * workbook or has no register table.
 */
export async function importSiteMap(bytes: Uint8Array, fileName: string): Promise<Result<ImportedSiteMap>> {
  const sheets = await readSheets(bytes);
  if (!sheets.ok) return sheets;
  const placed: PlacedRow[] = [];
  const notUnderstood: UnusedRow[] = [];
  let tables = 0;
  for (const sheet of sheets.value) {
    const table = findTable(sheet);
    if (table === undefined) continue;
    tables += 1;
    for (const [index, cells] of sheet.rows.entries()) {
      if (index <= table.headingRow) continue;
      const register = interpretRow(cells, table);
      if (register === null) continue;
      if ('because' in register) notUnderstood.push({ sheet: sheet.name, row: index + 1, because: register.because });
      else placed.push({ sheet: sheet.name, row: index + 1, register });
    }
  }
  if (tables === 0) return noTable(sheets.value);
  const overlaps = overlapping(placed);
  for (const [row, other] of overlaps) {
    const because = `it overlaps ${other.sheet}, row ${other.row}`;
    notUnderstood.push({ sheet: row.sheet, row: row.row, because });
  }
  const rows = placed.filter((row) => !overlaps.has(row)).map(({ register }) => register);
  const map: SiteMap = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fileName: fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1),
    provenance: sheets.value.some(saysSimulated) ? 'simulated' : 'site-map',
    rows,
  };
  return ok({ map, understood: rows.length, notUnderstood });
}

/** The row of the meter's Unix time (seconds since 1970 UTC, firmware 4.6.0 and later): a uint32 whose name says so. */
export function findUnixTime(map: SiteMap): SiteMapRow | undefined {
  return map.rows.find(({ name, type }) => type === 'uint32' && /(?<![a-z])unix[ _-]?time(?![a-z])/i.test(name));
}

function saysSimulated(sheet: Sheet): boolean {
  return sheet.rows.some((cells) => SIMULATED.test(cells.filter((cell) => cell !== '').join(' ')));
}

/**
 * Every row that shares a register with another one, and one that it shares with. A map that describes a register in two ways cannot be
 * trusted for either; of rows that say exactly the same, the first is kept.
 */
function overlapping(placed: readonly PlacedRow[]): ReadonlyMap<PlacedRow, PlacedRow> {
  const sorted = [...placed].sort((a, b) => a.register.register - b.register.register);
  const found = new Map<PlacedRow, PlacedRow>();
  let holder: PlacedRow | undefined;
  for (const row of sorted) {
    if (holder !== undefined && row.register.register <= lastOf(holder)) {
      found.set(row, holder);
      if (!sameRegister(row.register, holder.register) && !found.has(holder)) found.set(holder, row);
    }
    if (holder === undefined || lastOf(row) > lastOf(holder)) holder = row;
  }
  return found;
}

function lastOf({ register }: PlacedRow): number {
  return register.register + register.count - 1;
}

function sameRegister(a: SiteMapRow, b: SiteMapRow): boolean {
  return (
    a.register === b.register &&
    a.count === b.count &&
    a.type === b.type &&
    a.writable === b.writable &&
    a.unit === b.unit
  );
}

function noTable(sheets: readonly Sheet[]): Result<never> {
  return fail({
    code: 'site-map/no-table',
    title: 'The workbook has no table of registers',
    because: 'No sheet has a heading row with a name, a register and a type.',
    nextStep: 'Use the Modbus map (.xlsx) from the firmware package of the vendor.',
    details: {
      sheets: sheets
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 400),
    },
  });
}
