import { implement } from '@orpc/server';
import type { BacnetCheckEvent } from '../../../shared/contract/bacnet-calls.ts';
import { contract } from '../../../shared/contract/index.ts';
import { checkBacnet, exportBacnetSheet } from '../../services/settings/bacnet.ts';
import { planClock, readClock, setClock } from '../../services/settings/clock.ts';
import { outcomeStream } from '../outcome-stream.ts';
import { answer, mutable } from '../outgoing.ts';
import type { EngineParts } from '../parts.ts';

/** The calls of `clock` and `bacnet`: what is done over other protocols than the setup registers. */
export function createClockRouter({ house, logins }: Pick<EngineParts, 'house' | 'logins'>) {
  const os = implement(contract);
  return {
    clock: {
      read: os.clock.read.handler(({ input, signal }) => readClock(house, logins.access(input), signal)),
      plan: os.clock.plan.handler(({ input, signal }) =>
        planClock(house, logins.access(input), input.settings, signal),
      ),
      // A page that goes away does not stop it: what was agreed to is carried out.
      set: os.clock.set.handler(({ input }) => setClock(house, logins.access(input), input.settings, { by: input.by })),
    },
    bacnet: {
      check: os.bacnet.check.handler(({ input, signal: outer }) =>
        outcomeStream<BacnetCheckEvent>(async ({ push, signal }) => {
          const { address, expected, foreign } = input;
          const checked = await checkBacnet(address, {
            expected,
            ...(foreign === null ? {} : { foreign }),
            now: house.now,
            signal,
            onProgress: (done, of) => push({ type: 'progress', done, of }),
          });
          return { type: 'end', result: answer(checked, mutable) };
        }, outer),
      ),
      exportSheet: os.bacnet.exportSheet.handler(async ({ input }) =>
        answer(await exportBacnetSheet(input.file, input.sheet), () => null),
      ),
    },
  };
}
