import { featureLimits } from '../../feature-set.ts';
import { atLeast } from '../../firmware-version.ts';
import type { RuleRow } from '../rule-row.ts';
import { checkRecorder, type RecorderMeter } from './check.ts';
import { MORE_SOURCES_SINCE, type Recorders } from './recorder.ts';

/**
 * All recorders of a meter: each by itself, whether the meter has that many, and how many may fill outages. Fields are `<number>.<key>`,
 * `<number>` for the recorder itself and `recorders` for all together.
 *
 * @param complete false when the meter may have recorders that are not in the list and fill outages, too
 */
export function checkRecorders(recorders: Recorders, meter: RecorderMeter, complete: boolean): readonly RuleRow[] {
  return [
    ...[...recorders.keys()].map((number) => numberRow(number, meter)),
    outageRow(recorders, meter, complete),
    ...[...recorders].flatMap(([number, recorder]) => checkRecorder(number, recorder, meter)),
  ];
}

/** What holds for every feature set, and what for the largest one. */
const CERTAIN = featureLimits('essential');
const LARGEST = featureLimits('advanced');

function numberRow(number: number, { featureSet }: RecorderMeter): RuleRow {
  const known = featureLimits(featureSet)?.dataRecorders;
  const most = known ?? LARGEST?.dataRecorders ?? 0;
  const row = { field: String(number), rule: 'recorder-number', limit: `1 to ${most}` } as const;
  if (!Number.isInteger(number) || number < 1 || number > most) {
    const owner = known === undefined ? 'No ION7400' : `A meter of feature set ${featureSet}`;
    return { ...row, verdict: 'block', because: `${owner} has a Data Recorder ${number}; the last one is ${most}.` };
  }
  if (known === undefined && number > (CERTAIN?.dataRecorders ?? 0)) {
    return {
      ...row,
      verdict: 'unknown',
      because: 'Whether the meter has it depends on its feature set, which is unknown.',
    };
  }
  return { ...row, verdict: 'pass', because: `The meter has a Data Recorder ${number}.` };
}

/** Source: release notes 7EN12-0483-00; nothing is documented for older firmware. */
function outageRow(recorders: Recorders, { firmware, featureSet }: RecorderMeter, complete: boolean): RuleRow {
  const count = [...recorders.values()].filter(({ insertOutageRecords }) => insertOutageRecords).length;
  const limits = featureLimits(featureSet);
  const known = limits?.outageRecorders;
  const most = known ?? LARGEST?.outageRecorders ?? 0;
  const certain = known ?? CERTAIN?.outageRecorders ?? 0;
  const row = { field: 'recorders', rule: 'outage-count', limit: `${most} at most` } as const;
  const have = `Insert Outage Records is on in ${count} ${count === 1 ? 'recorder' : 'recorders'}`;
  if (count > 0 && !atLeast(firmware, MORE_SOURCES_SINCE)) {
    if (count <= certain) return { ...row, verdict: 'pass', because: `${have}.` };
    return { ...row, verdict: 'unknown', because: `${have}; how many this firmware allows is not documented.` };
  }
  if (count > most) return { ...row, verdict: 'block', because: `${have}; the meter allows it in ${most}.` };
  if (count > certain) {
    return { ...row, verdict: 'unknown', because: `${have}; the limit depends on the feature set, which is unknown.` };
  }
  // Where every recorder may fill outages, those that are not known cannot break the limit.
  const canExceed = limits === undefined || limits.dataRecorders > most;
  if (count > 0 && !complete && canExceed) {
    const because = `${have} of those that are known; the meter allows it in ${most} and others may have it on.`;
    return { ...row, verdict: 'unknown', because };
  }
  return { ...row, verdict: 'pass', because: `${have}; the meter allows it in ${most}.` };
}
