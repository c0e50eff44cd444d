import { describe, expect, it } from 'vitest';
import { handOffFor } from '../../../electron/configure/hand-off.ts';
import type { Change } from '../../../shared/domain/change.ts';

const METER = { name: 'Feeder 12', serial: 'SIM-000042' };
const change = (id: string, to: Change['to']): Change => ({
  ...{ id, from: 'unread', to, channel: 'hand-off', destroys: [], mayCutConnection: false, consequences: [] },
});
const textOf = (...changes: readonly Change[]): string =>
  handOffFor('recorders', changes, METER)
    .steps.map(({ text }) => text)
    .join('\n');

describe('the change sheet of a recorder', () => {
  it('says that its log is erased, once for each recorder', () => {
    const text = textOf(change('6.depth', 100), change('6.name', 'Feeder log'), change('7.depth', 200));
    expect(text.match(/the next step erases it/g)).toHaveLength(2);
  });

  it('does not say so for another label: nothing is erased by it', () => {
    const text = textOf(change('6.name', 'Feeder log'));
    expect(text).not.toContain('erases');
    expect(text).toContain('Change Data Recorder 6 to these values.');
  });
});
