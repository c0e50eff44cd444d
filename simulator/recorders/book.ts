import type { SettingsBox } from '../settings/settings.ts';
import { createRecorders, type RecordersOptions, recorderLabel } from './recorders.ts';
import type { Recorder } from './types.ts';

/** The recorders of a meter as they are set up now. */
export interface RecorderBook {
  /** What the meter exports: the same list until a setup changes. */
  exported(): readonly Recorder[];
  /** Label and number of records of a Data Recorder, counted from 1. */
  of(number: number): { readonly label: string; readonly records: number };
}

export function createRecorderBook(settings: SettingsBox, options: Omit<RecordersOptions, 'setups'>): RecorderBook {
  let made: { readonly setups: RecordersOptions['setups']; readonly recorders: readonly Recorder[] } | undefined;

  function exported(): readonly Recorder[] {
    const setups = settings.current.recorders;
    if (made?.setups !== setups) made = { setups, recorders: createRecorders({ ...options, setups }) };
    return made.recorders;
  }

  return {
    exported,
    of(number) {
      const recorder = exported().find((candidate) => candidate.number === number);
      return { label: recorderLabel(number), records: recorder?.rows().count ?? 0 };
    },
  };
}
