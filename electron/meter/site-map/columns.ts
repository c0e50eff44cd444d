import type { Sheet } from './workbook.ts';

const COLUMNS = ['name', 'register', 'count', 'type', 'unit', 'permission'] as const;
type Column = (typeof COLUMNS)[number];

/** Headings as workbooks spell them, the best first; compared without capitals and punctuation. */
const HEADINGS: Readonly<Record<Column, readonly string[]>> = {
  name: ['name', 'register name', 'parameter name', 'parameter', 'quantity', 'measurement', 'label', 'description'],
  register: [
    'register',
    'register number',
    'register no',
    'modbus register',
    'reg',
    'register address',
    'modbus address',
    'address',
  ],
  count: [
    'count',
    'number of registers',
    'no of registers',
    'registers',
    'register count',
    'size',
    'length',
    'size registers',
    'words',
  ],
  type: ['type', 'data type', 'datatype', 'format', 'data format'],
  unit: ['unit', 'units', 'engineering units'],
  permission: ['permission', 'permissions', 'access', 'access type', 'r w', 'rw', 'read write'],
};

/** Titles and notes stand above the heading; nobody puts more than this there. */
const MAX_ROWS_ABOVE = 50;

/** Where the table of a sheet is: index of its heading row and the index of each column that it has. */
export interface Table {
  readonly headingRow: number;
  readonly columns: Readonly<Partial<Record<Column, number>>> & {
    readonly name: number;
    readonly register: number;
    readonly type: number;
  };
}

/** Finds the heading of a register table, or undefined where a sheet has none: name, register and type are needed. */
export function findTable(sheet: Sheet): Table | undefined {
  for (const [headingRow, row] of sheet.rows.slice(0, MAX_ROWS_ABOVE).entries()) {
    const headings = row.map(plain);
    const found = new Map<Column, number>();
    for (const column of COLUMNS) {
      const index = HEADINGS[column].map((heading) => headings.indexOf(heading)).find((at) => at >= 0);
      if (index !== undefined) found.set(column, index);
    }
    const [name, register, type] = [found.get('name'), found.get('register'), found.get('type')];
    if (name !== undefined && register !== undefined && type !== undefined) {
      return { headingRow, columns: { ...Object.fromEntries(found), name, register, type } };
    }
  }
  return undefined;
}

/** "R/W" -> "r w", "Data  Type:" -> "data type". */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
