import { describe, expect, it } from 'vitest';
import { settle } from '../../../electron/backup/waivers.ts';

const outcome = { state: 'unreachable', count: 0, bytes: 0, because: 'No open protocol reaches it.' } as const;

describe('what the record says of a waived item', () => {
  it.each([
    ['Read last week', 'Waived by R. Vance: Read last week. Otherwise unreachable: No open protocol reaches it.'],
    ['Read last week.', 'Waived by R. Vance: Read last week. Otherwise unreachable: No open protocol reaches it.'],
    ['Why not?', 'Waived by R. Vance: Why not? Otherwise unreachable: No open protocol reaches it.'],
  ])('ends the reason %j with one mark', (reason, text) => {
    const item = settle('event-log', outcome, { by: 'R. Vance', reason });
    expect(item).toMatchObject({ state: 'waived', because: text, waiver: { reason } });
  });
});
