import { resolve } from 'node:path';
import { bacnetBench } from './bacnet/index.ts';
import { dlmsBench } from './dlms/index.ts';
import { modbusBench } from './modbus/index.ts';
import { type BenchRow, benchDocument, benchTable, parseBenchArguments, targetsMet } from './report.ts';
import { sftpBench } from './sftp/index.ts';
import { WINDOW_BENCHES, windowBench } from './window/index.ts';

/** Each bench measures against an independent implementation on the same machine, so that the ratio means something anywhere. */
const benches: readonly { readonly name: string; readonly run: () => Promise<readonly BenchRow[]> }[] = [
  { name: 'bacnet', run: () => bacnetBench({ root: resolve('.') }) },
  { name: 'modbus', run: () => modbusBench({ root: resolve('.') }) },
  { name: 'dlms', run: () => dlmsBench({ root: resolve('.') }) },
  { name: 'sftp', run: () => sftpBench({ root: resolve('.') }) },
  ...WINDOW_BENCHES.map((part) => ({ name: `window-${part}`, run: () => windowBench({ root: resolve('.'), part }) })),
];

async function main(args: readonly string[]): Promise<number> {
  const options = parseBenchArguments(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 64;
  }
  const chosen = benches.filter(({ name }) => options.filter === undefined || name.includes(options.filter));
  if (chosen.length === 0) {
    process.stderr.write(`no bench has ${options.filter} in its name: ${benches.map(({ name }) => name).join(', ')}\n`);
    return 64;
  }
  const rows: BenchRow[] = [];
  for (const bench of chosen) {
    process.stderr.write(`measuring ${bench.name}\n`);
    rows.push(...(await bench.run()));
  }
  process.stdout.write(`${options.json ? benchDocument(rows) : benchTable(rows)}\n`);
  return targetsMet(rows) ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
