import { ok, problem } from '../../../shared/domain/problem.ts';
import type { ItemSource } from './item.ts';

/** Who the meter says it is. Without serial number and firmware the backup cannot be bound to a meter, so their lack is `partial`. */
export const identityItem: ItemSource = {
  id: 'identity',
  async save({ bag, identity, now }) {
    const written = await bag.writeJson('identity/identity.json', {
      format: 'meterwright-identity/1',
      readAt: now().toISOString(),
      identity,
    });
    if (!written.ok) return written;
    const fields = Object.values(identity);
    const count = fields.filter((value) => value !== null && value !== 'unknown').length;
    const missing = [
      ...(identity.serial === null ? ['serial number'] : []),
      ...(identity.firmware === null ? ['firmware version'] : []),
    ];
    const common = { count, expected: fields.length, bytes: written.value.size };
    if (missing.length === 0)
      return ok({ ...common, state: 'saved', because: 'Serial number and firmware were read.' });
    const because = `The meter did not give its ${missing.join(' and ')}.`;
    return ok({
      ...common,
      state: 'partial',
      because,
      problem: problem({
        code: 'backup/identity-incomplete',
        title: 'The backup cannot be bound to this meter',
        because,
        nextStep: 'Read the meter again; a backup without serial number or firmware never counts before an upgrade.',
      }),
    });
  },
};
