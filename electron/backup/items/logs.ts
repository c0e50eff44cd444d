import { ok, problem } from '../../../shared/domain/problem.ts';
import { UNREACHABLE_DATA } from '../unreachable.ts';
import { type ItemSource, nothingSaved } from './item.ts';

/** Historic logs of the data recorders. */
export const recorderLogsItem: ItemSource = logItem('recorder-logs');
/** Event log. */
export const eventLogItem: ItemSource = logItem('event-log');

function logItem(id: 'recorder-logs' | 'event-log'): ItemSource {
  return {
    id,
    save() {
      const data = UNREACHABLE_DATA.find((candidate) => candidate.item === id);
      const found = problem({
        code: 'backup/log-unreachable',
        title: `${data?.title ?? id}: not reachable`,
        because: data?.because ?? 'No open protocol gives it.',
        nextStep:
          data?.handOff.steps.map((step) => step.text).join(' ') ?? 'Save it with ION Setup and attach the file.',
      });
      return Promise.resolve(ok(nothingSaved('unreachable', found)));
    },
  };
}
