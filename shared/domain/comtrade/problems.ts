import { fail, METER_STATE, type Result } from '../problem.ts';

/** A waveform record on this PC that is not what the standard says. `file`: which of the two. */
export function badComtrade(file: 'cfg' | 'dat', because: string): Result<never> {
  return fail({
    code: file === 'cfg' ? 'comtrade/bad-cfg' : 'comtrade/bad-dat',
    title:
      file === 'cfg'
        ? 'The configuration of the waveform record is broken'
        : 'The data of the waveform record is broken',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Take the record from the meter again while it still has it, or use another copy.',
  });
}
