import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { BagWriter } from '../bag/writer.ts';
import { LOG_INDEX_PATH, type LogIndex } from '../logs/index-file.ts';
import { type OlderBag, openOlder } from '../logs/older.ts';
import type { RecorderSources } from '../logs/sources.ts';
import type { BackupOptions } from '../types.ts';
import type { LogCollection } from './item.ts';

/** For one backup; `since` is the bag that may be gone on with. */
export function createLogCollection(
  serial: string | null,
  since: string | undefined,
  { key, recorderSources }: Pick<BackupOptions, 'key' | 'recorderSources'>,
): LogCollection {
  let opened: Promise<OlderBag | string> | undefined;
  let counted: Promise<RecorderSources> | undefined;
  return {
    saved: [],
    missed: [],
    evidence: [],
    older() {
      opened ??=
        since === undefined ? Promise.resolve('no earlier backup is gone on with.') : openOlder(since, serial, key);
      return opened;
    },
    sources() {
      counted ??= recorderSources?.() ?? Promise.resolve({ because: 'The setup registers were not asked.' });
      return counted;
    },
  };
}

/** Writes `logs/index.json`; a meter of which no log was even seen has none. */
export async function writeLogIndex(bag: BagWriter, { saved, missed }: LogCollection): Promise<Result<unknown>> {
  if (saved.length === 0 && missed.length === 0) return ok(undefined);
  return bag.writeJson(LOG_INDEX_PATH, { format: 'meterwright-logs/1', logs: saved, missed } satisfies LogIndex);
}
