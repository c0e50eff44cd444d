import type { RecorderInfo } from '../../../shared/domain/log.ts';

/** How many sources the data recorders of a meter have, by their labels; or why that is not known, as a sentence. */
export type RecorderSources = { readonly counts: ReadonlyMap<string, number> } | { readonly because: string };

/** Profile status, a column that the DLMS Log Export module adds and that is no source. Blue Book 7.3.1, 0-b:96.10.e; IR, DLMS Log Export module. */
const STATUS = /^0-\d+:96\.10\./;

/**
 * A log with the number of its sources that DLMS does not export. DLMS itself tells neither how many sources a recorder has nor which recorder a profile is of:
 * the setup registers tell the first, and a label that one recorder has, and that stands over DLMS too, joins the two.
 */
export function withSources<T extends RecorderInfo>(recorder: T, sources: RecorderSources): T {
  if (recorder.kind === 'events') return recorder;
  if ('because' in sources) return { ...recorder, sourcesUnknown: sources.because };
  const { name, columns } = recorder;
  if (name === null) {
    return {
      ...recorder,
      sourcesUnknown: 'The meter gives its recorders no names over DLMS, so it is open which of them this is.',
    };
  }
  const count = sources.counts.get(name);
  if (count === undefined) {
    return {
      ...recorder,
      sourcesUnknown: `The setup registers do not have exactly one data recorder with the label "${name}" and known sources.`,
    };
  }
  const exported = columns.filter(({ id }) => !STATUS.test(id)).length;
  return { ...recorder, columnsNotExported: Math.max(0, count - exported) };
}
