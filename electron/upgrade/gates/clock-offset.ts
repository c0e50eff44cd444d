import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { pass, shownOr, warn } from './gate.ts';

const ID = 'clock-offset';
const LIMIT_SECONDS = 60;
const COMPARE = 'Compare the clocks of meter and PC by hand and set the one that is wrong before you start.';

/** The clocks of meter and PC agree: records before and after the upgrade are compared by time. */
export function clockOffset(facts: Pick<GateFacts, 'clock'>): Gate {
  const { offsetSeconds, uncertaintySeconds, because } = facts.clock;
  if (offsetSeconds === null || !Number.isFinite(offsetSeconds)) {
    return warn(ID, `The clock of the meter cannot be read: ${shownOr(because, 'it does not answer.')}`, COMPARE);
  }
  const within = uncertaintySeconds !== null && Number.isFinite(uncertaintySeconds) ? Math.abs(uncertaintySeconds) : 0;
  const text = `${Math.abs(offsetSeconds).toFixed(1)} s ${offsetSeconds < 0 ? 'behind' : 'ahead of'} this PC (± ${within.toFixed(1)} s)`;
  if (Math.abs(offsetSeconds) > LIMIT_SECONDS || within > LIMIT_SECONDS) {
    return warn(ID, `The clock of the meter is ${text}; the limit is ${LIMIT_SECONDS} s.`, COMPARE);
  }
  return pass(ID, `The clock of the meter is ${text}.`);
}
