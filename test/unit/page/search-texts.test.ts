import { expect, it, vi } from 'vitest';
import type { DataColumn } from '../../../renderer/ui/table/data-column.ts';
import { searchTexts } from '../../../renderer/ui/table/search-texts.ts';

interface Row {
  readonly name: string;
  readonly size: number | null;
}

it('a row is found by its values in all columns, in lower case, put together once', () => {
  const name = vi.fn((row: Row) => row.name);
  const columns: readonly DataColumn<Row>[] = [
    { id: 'name', header: 'Name', width: 100, value: name },
    { id: 'size', header: 'Size', width: 100, value: ({ size }) => size },
  ];
  const rows: readonly Row[] = [
    { name: 'Hall NORTH', size: 12 },
    { name: 'Yard', size: null },
  ];
  const texts = searchTexts(rows, columns);
  expect([texts(0), texts(1), texts(0)]).toEqual(['hall north\n12', 'yard\n', 'hall north\n12']);
  expect(name).toHaveBeenCalledTimes(2);
  expect(texts(2)).toBe('');
});
