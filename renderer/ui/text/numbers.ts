/** Formats of the system are kept, because making one takes longer than all else that a cell of a table needs. */
const numbersOf = kept<Intl.NumberFormat>();

/** A number with thousands separated and a fixed number of decimals. */
export function formatNumber(value: number, language: string, digits = 0): string {
  return numbersOf(`${language} ${digits}`, () => {
    return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }).format(value);
}

/** Makes what a name stands for once; there are as many names as languages and numbers of decimals. */
export function kept<T>(): (name: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (name, make) => {
    const found = known.get(name) ?? make();
    known.set(name, found);
    return found;
  };
}
