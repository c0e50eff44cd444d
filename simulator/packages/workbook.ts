import writeWorkbook from 'write-excel-file/node';
import { workbookRows } from '../modbus/map.ts';
import { withFixedTimes } from './zip.ts';

const HEADINGS = ['Name', 'Register', 'Count', 'Type', 'Unit', 'Permission'] as const;

/**
 * The Modbus map of simulated meters as an .xlsx workbook with the sheet and columns of the vendor's, and a sheet that says what it is.
 * The same bytes on every run.
 */
export async function mapWorkbook(): Promise<Buffer> {
  const table = workbookRows().map((row) => [row.name, row.register, row.count, row.type, row.unit, row.permission]);
  const workbook = await writeWorkbook([
    { sheet: 'Detailed Modbus Map', data: [[...HEADINGS], ...table] },
    {
      sheet: 'About',
      data: [
        ['Modbus map of simulated ION7400 meters'],
        ['Provenance: simulated'],
        ['Rows of this workbook describe no real meter.'],
      ],
    },
  ]).toBuffer();
  return withFixedTimes(workbook);
}
