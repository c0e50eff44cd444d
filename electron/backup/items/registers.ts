import { ok, problem } from '../../../shared/domain/problem.ts';
import type { RegisterGroup, RegisterSnapshot } from '../../meter/types.ts';
import { registersToJson } from '../register-file.ts';
import { type ItemSource, nothingSaved } from './item.ts';

/** Every register of the profile: words as they came, decoded values, units, and who vouches for the row. */
export const registersItem: ItemSource = registerItem('registers', 'all');

/** The energy registers on their own: what an upgrade may lose and a bill depends on. */
export const energiesItem: ItemSource = registerItem('energies', 'energy');

function registerItem(id: 'registers' | 'energies', group: RegisterGroup | 'all'): ItemSource {
  return {
    id,
    async save({ meter, bag, signal }) {
      const read = await meter.readGroup(group, signal);
      if (!read.ok) return ok(nothingSaved('failed', read.problem));
      const written = await bag.writeJson(`${id}/${id}.json`, registersToJson(read.value));
      if (!written.ok) return written;
      return ok({ ...judge(read.value), bytes: written.value.size });
    },
  };
}

function judge(snapshot: RegisterSnapshot) {
  const given = snapshot.values.filter((value) => !value.unavailable).length;
  const count = snapshot.values.length;
  const expected = count + snapshot.unread.length;
  const summary = `${count} of ${expected} registers were read; the meter gave a value for ${given} of them.`;
  if (count === 0) {
    const because = expected === 0 ? 'The profile of this meter has no such register.' : summary;
    return { state: 'failed', count, expected, because, problem: unread(because, snapshot) } as const;
  }
  if (snapshot.unread.length === 0) return { state: 'saved', count, expected, because: summary } as const;
  return { state: 'partial', count, expected, because: summary, problem: unread(summary, snapshot) } as const;
}

function unread(because: string, snapshot: RegisterSnapshot) {
  return problem({
    code: 'backup/registers-unread',
    title: 'Not every register could be read',
    because,
    nextStep: 'Take the backup again. If the same registers are missing, waive this item and write down why.',
    details: {
      unread: snapshot.unread.length,
      firstUnread: snapshot.unread[0]?.row.id ?? null,
      firstReason: snapshot.unread[0]?.because ?? null,
    },
  });
}
