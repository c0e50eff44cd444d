import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import yazl from 'yazl';
import { findUnixTime, type ImportedSiteMap, importSiteMap } from '../../../electron/meter/site-map/site-map.ts';
import type { SiteMap } from '../../../electron/meter/site-map/types.ts';
import { workbookRows } from '../../../simulator/modbus/map.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';

type Cell = string | number | null;
const HEADINGS = ['Name', 'Register', 'Count', 'Type', 'Unit', 'Permission'];

async function workbookOf(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Promise<Buffer> {
  const given = Object.entries(sheets).map(([sheet, rows]) => ({ sheet, data: rows.map((row) => [...row]) }));
  return writeWorkbook(given).toBuffer();
}

async function importRows(
  rows: readonly (readonly Cell[])[],
  headings: readonly Cell[] = HEADINGS,
): Promise<ImportedSiteMap> {
  return imported(await workbookOf({ 'Detailed Modbus Map': [headings, ...rows] }));
}

async function imported(bytes: Uint8Array): Promise<ImportedSiteMap> {
  const result = await importSiteMap(bytes, 'map.xlsx');
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

async function failure(bytes: Uint8Array): Promise<string> {
  const result = await importSiteMap(bytes, 'map.xlsx');
  return result.ok ? 'ok' : result.problem.code;
}

/** A workbook with one sheet whose XML is written by hand. */
function rawWorkbook(sheetXml: string, more: Readonly<Record<string, Buffer>> = {}): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const add = (name: string, xml: string): void => zip.addBuffer(Buffer.from(xml, 'utf8'), name, { compress: false });
  add(
    'xl/workbook.xml',
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  );
  add(
    'xl/_rels/workbook.xml.rels',
    `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  );
  add('xl/worksheets/sheet1.xml', sheetXml);
  for (const [name, content] of Object.entries(more)) zip.addBuffer(content, name);
  zip.end();
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.once('end', () => resolve(Buffer.concat(pieces)));
    zip.outputStream.once('error', reject);
  });
}

const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const HEADING_XML = `<row r="1">${cell('A1', 'Name')}${cell('B1', 'Register')}${cell('C1', 'Type')}</row>`;
const sheetXml = (rows: string): string => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;

describe('the workbook of simulated meters', () => {
  it('is understood row for row and says that it is simulated', async () => {
    const bytes = await mapWorkbook();
    const { map, understood, notUnderstood } = await imported(bytes);
    expect(notUnderstood).toEqual([]);
    expect(map.rows).toEqual(
      workbookRows().map((row) => ({
        name: row.name,
        register: row.register,
        count: row.count,
        type: row.type.toLowerCase(),
        unit: row.unit,
        writable: row.permission !== 'R',
      })),
    );
    expect(understood).toBe(map.rows.length);
    expect(map.rows.length).toBeGreaterThan(50);
    expect(map.provenance).toBe('simulated');
    expect(map.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(findUnixTime(map)).toMatchObject({ register: 61010, count: 2, type: 'uint32' });
  });
});

describe('a workbook of the vendor', () => {
  it('may have other headings, titles above them and headings between the rows', async () => {
    const bytes = await workbookOf({
      Notes: [['Read this first'], ['Register maps', 'are', 'fun']],
      ' register LIST': [
        ['PowerLogic ION7400'],
        [null],
        ['Description', 'Modbus  Address', 'Number of registers', 'Data Type', 'Units', 'R/W'],
        ['Currents', null, null, null, null, null],
        ['Current A', 3000, 2, 'FLOAT32', 'A', 'R'],
        [null],
        ['Meter name', '30', '20', 'utf-8', null, 'Read / Write'],
        ['Command', 5000, 1, 'UINT 16', null, 'R/WC'],
      ],
    });
    const { map, notUnderstood } = await imported(bytes);
    expect(notUnderstood).toEqual([]);
    expect(map.provenance).toBe('site-map');
    expect(map.rows).toEqual([
      { name: 'Current A', register: 3000, count: 2, type: 'float32', unit: 'A', writable: false },
      { name: 'Meter name', register: 30, count: 20, type: 'utf8', unit: '', writable: true },
      { name: 'Command', register: 5000, count: 1, type: 'uint16', unit: '', writable: false },
    ]);
  });

  it('gives the number of registers of a type where it has no such column', async () => {
    const types = [
      'UINT16',
      'INT16',
      'UINT32',
      'INT32',
      'UINT64',
      'INT64',
      'FLOAT',
      'REAL',
      'FLOAT32',
      'DATETIME',
      'INT16U',
      'INT32U',
    ];
    const rows = types.map((type, index) => [`row ${index}`, 100 + 10 * index, type]);
    const { map, notUnderstood } = await importRows(rows, ['Name', 'Register', 'Type']);
    expect(notUnderstood).toEqual([]);
    expect(map.rows.map(({ count }) => count)).toEqual([1, 1, 2, 2, 4, 4, 2, 2, 2, 4, 1, 2]);
  });

  it.each([
    ['register 0', ['x', 0, 1, 'UINT16']],
    ['register 65537', ['x', 65_537, 1, 'UINT16']],
    ['a value that ends behind the last register', ['x', 65_536, 2, 'UINT32']],
    ['a fractional register', ['x', 3000.5, 1, 'UINT16']],
    ['a negative register', ['x', -5, 1, 'UINT16']],
    ['a register in words', ['x', '0x10', 1, 'UINT16']],
    ['a count that does not fit the type', ['x', 3000, 1, 'FLOAT32']],
    ['a date and time of three registers', ['x', 1845, 3, 'DATETIME']],
    ['a text without a length', ['x', 30, null, 'UTF8']],
    ['a text too long for one request', ['x', 30, 126, 'UTF8']],
    ['a text of nothing', ['x', 30, 0, 'UTF8']],
    ['an unknown type', ['x', 3078, 2, '4Q_FP_PF']],
    ['no type', ['x', 3078, 2, null]],
    ['no name', [null, 3078, 2, 'UINT32']],
  ])('leaves out a row with %s and says so', async (_what, row) => {
    const { map, notUnderstood } = await importRows([['good', 1, 1, 'UINT16', '', 'R'], row]);
    expect(map.rows.map(({ name }) => name)).toEqual(['good']);
    expect(notUnderstood).toEqual([{ sheet: 'Detailed Modbus Map', row: 3, because: expect.stringMatching(/\w/) }]);
  });

  it('trusts no register that is described in two ways, and keeps the first of two equal rows', async () => {
    const { map, notUnderstood } = await importRows([
      ['wide', 100, 4, 'INT64', '', 'R'],
      ['inside', 102, 1, 'UINT16', '', 'R'],
      ['free', 104, 1, 'UINT16', '', 'R'],
      ['twice', 200, 2, 'UINT32', '', 'R'],
      ['twice again', 200, 2, 'UINT32', '', 'R'],
      ['locked', 300, 1, 'UINT16', '', 'R'],
      ['locked', 300, 1, 'UINT16', '', 'RW'],
    ]);
    expect(map.rows.map(({ name }) => name)).toEqual(['free', 'twice']);
    expect(notUnderstood.map(({ row }) => row).sort()).toEqual([2, 3, 6, 7, 8]);
  });

  it('reads any rows that fit, exactly', async () => {
    const types = { UINT16: 1, INT32: 2, FLOAT32: 2, UINT64: 4, DATETIME: 4 } as const;
    const row = fc.record({
      name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ()+-]{0,30}[A-Za-z0-9)]$/).filter((text) => !text.includes('  ')),
      gap: fc.integer({ min: 0, max: 50 }),
      type: fc.constantFrom<keyof typeof types>('UINT16', 'INT32', 'FLOAT32', 'UINT64', 'DATETIME'),
      unit: fc.constantFrom('', 'A', 'kWh', '°C'),
      permission: fc.constantFrom('R', 'RW'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        let register = 1;
        const expected = rows.map(({ name, gap, type, unit, permission }) => {
          register += gap;
          const made = {
            name,
            register,
            count: types[type],
            type: type.toLowerCase(),
            unit,
            writable: permission === 'RW',
          };
          register += made.count;
          return made;
        });
        const table = expected.map((made, index) => [
          made.name,
          made.register,
          made.count,
          rows[index]?.type ?? '',
          made.unit,
          rows[index]?.permission ?? '',
        ]);
        const { map, notUnderstood } = await importRows(table);
        expect(notUnderstood).toEqual([]);
        expect(map.rows).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});

describe('provenance', () => {
  const row = ['x', 1, 1, 'UINT16', '', 'RW'];
  it.each([
    ['in any sheet', { A: [HEADINGS, row], B: [[null], [null, null, 'provenance:  SIMULATED (made up)']] }],
    ['in two cells', { A: [HEADINGS, row], B: [['Provenance', null, 'simulated']] }],
    ['in the table itself', { A: [HEADINGS, row, ['Provenance: simulated']] }],
  ])('is simulated when a cell says so %s', async (_where, sheets) => {
    expect((await imported(await workbookOf(sheets))).map.provenance).toBe('simulated');
  });

  it('is the site map otherwise', async () => {
    expect((await importRows([row, ['Simulated load', 5, 1, 'UINT16', '', 'R']])).map.provenance).toBe('site-map');
  });
});

describe('Unix time', () => {
  const mapWith = (name: string, type: SiteMap['rows'][number]['type']): SiteMap => ({
    sha256: '',
    fileName: '',
    provenance: 'site-map',
    rows: [{ name, register: 61_010, count: 2, type, unit: 's', writable: false }],
  });

  it('is found by its name and type only', () => {
    for (const name of ['Unix Time', 'Device Unix time (s)', 'UNIX_TIME', 'unixtime']) {
      expect(findUnixTime(mapWith(name, 'uint32'))).toBeDefined();
    }
    for (const name of ['Time', 'Unix', 'Unix timezone']) expect(findUnixTime(mapWith(name, 'uint32'))).toBeUndefined();
    expect(findUnixTime(mapWith('Unix Time', 'uint64'))).toBeUndefined();
  });
});

describe('a file that is no map workbook', () => {
  it('is a failure with a code', async () => {
    expect(await failure(Buffer.from('Name,Register,Type\nx,1,UINT16'))).toBe('site-map/not-a-zip');
    const whole = await mapWorkbook();
    expect(await failure(whole.subarray(0, whole.length / 2))).toBe('site-map/truncated');
    expect(await failure(await workbookOf({ A: [['Name', 'Value']] }))).toBe('site-map/no-table');
    expect(await failure(await rawWorkbook('<worksheet><sheetData><row r="1">'))).toMatch(
      /^site-map\/(unreadable|no-table)$/,
    );
    expect(await failure(await rawWorkbook('no xml at all'))).toMatch(/^site-map\/(unreadable|no-table)$/);
  });

  it('is understood when it is written by hand, for the tests below', async () => {
    const row = `<row r="2">${cell('A2', 'x')}${cell('B2', '7')}${cell('C2', 'UINT16')}</row>`;
    expect((await imported(await rawWorkbook(sheetXml(HEADING_XML + row)))).map.rows).toMatchObject([{ register: 7 }]);
  });

  it.each([
    ['a row far away', `${HEADING_XML}<row r="999999999">${cell('A2', 'x')}</row>`],
    ['a row far away in disguise', `${HEADING_XML}<x:row x:r='&#57;99999999'>${cell('A2', 'x')}</x:row>`],
    ['a row far away behind a name like xmlns', `${HEADING_XML}<row axmlns:r="999999999">${cell('A2', 'x')}</row>`],
    ['a cell in a row far away', `${HEADING_XML}<row>${cell('A999999999', 'x')}</row>`],
    ['a column far away', `${HEADING_XML}<row r="2">${cell('ZZZZZZ2', 'x')}</row>`],
    ['a corner far away', `${HEADING_XML}<row r="1048576">${cell('XFD1048576', 'x')}</row>`],
    ['five million empty rows', `${HEADING_XML}${'<row/>'.repeat(5_000_000)}`],
  ])('does not make the reader fill memory with %s', async (_what, rows) => {
    const started = performance.now();
    expect(await failure(await rawWorkbook(sheetXml(rows)))).toBe('site-map/too-large');
    expect(performance.now() - started).toBeLessThan(6000);
  });

  it('does not make the reader inflate a bomb', async () => {
    const zeros = { 'xl/media/zeros.xml': Buffer.alloc(40 * 1024 * 1024) };
    expect(await failure(await rawWorkbook(sheetXml(HEADING_XML), zeros))).toBe('site-map/bomb');
    const twin = { 'XL/workbook.xml': Buffer.from('<workbook/>') };
    expect(await failure(await rawWorkbook(sheetXml(HEADING_XML), twin))).toBe('site-map/duplicate-member');
    const index = { 'xl/more.xml.rels': Buffer.from('<Relationships>'.repeat(20_000)) };
    expect(await failure(await rawWorkbook(sheetXml(HEADING_XML), index))).toBe('site-map/too-large');
  });

  it('never makes the reader throw or hang, whatever is changed in it', async () => {
    const whole = await mapWorkbook();
    const change = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const result = await importSiteMap(bytes, 'map.xlsx');
        if (!result.ok) expect(result.problem.code).toMatch(/^site-map\//);
      }),
      { numRuns: 80 },
    );
  });

  it('never makes the reader throw or hang, whatever XML it holds', async () => {
    const piece = fc.constantFrom(
      '<row r="2">',
      '</row>',
      '<c r="A2">',
      '</c>',
      '<v>',
      '</v>',
      '<is>',
      '<t>',
      '7',
      '&#x0;',
      '<!--',
      ']]>',
      '<c',
      ' r="',
      '"',
      '<sheetData>',
      '<f>',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        expect(await failure(await rawWorkbook(sheetXml(HEADING_XML + pieces.join(''))))).toMatch(
          /^(ok|site-map\/.*)$/,
        );
      }),
      { numRuns: 150 },
    );
  });
});
