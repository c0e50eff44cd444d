import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { checkRecorder } from '../../../../shared/domain/settings/recorders/check.ts';
import { adviseMerges } from '../../../../shared/domain/settings/recorders/merge.ts';
import type { RecorderSettings } from '../../../../shared/domain/settings/recorders/recorder.ts';
import { allowsPlan } from '../../../../shared/domain/settings/rule-row.ts';

const NOW = { firmware: firmwareVersion('4.6.0') };

function made(prefix: string, count: number, changes: Partial<RecorderSettings> = {}): RecorderSettings {
  return {
    interval: 900,
    depth: 3360,
    bufferDepth: 96,
    sources: Array.from({ length: count }, (_, index) => `${prefix}${index}`),
    insertOutageRecords: false,
    mode: 'circular',
    preTrigger: 0,
    postTrigger: 0,
    ...changes,
  };
}

const map = (...recorders: readonly RecorderSettings[]) =>
  new Map(recorders.map((recorder, index) => [index + 1, recorder] as const));

describe('merging recorders', () => {
  it('makes one of the three historical logs of the factory setup', () => {
    const advice = adviseMerges(
      map(made('a', 4, { interval: 60 }), made('mean', 16), made('high', 16), made('low', 16)),
      NOW,
    );
    expect(advice.because).toBe('3 recorders could become 1.');
    expect(advice.merges).toHaveLength(1);
    const [merge] = advice.merges;
    expect(merge).toMatchObject({
      recorders: [2, 3, 4],
      linkedOnce: 0,
      erased: [2, 3, 4].map((recorder) => ({ recorder, records: 3360 })),
      daysBefore: [2, 3, 4].map((recorder) => ({ recorder, days: 35 })),
      daysAfter: 35,
      lessHistory: false,
      hiddenFromDlms: 32,
      factoryLogs: [2, 3, 4],
    });
    expect(merge?.merged.sources).toHaveLength(48);
    expect(merge?.merged.depth).toBe(3360);
  });

  it('shortens the history where 10 MB are full', () => {
    const full = { depth: 97_089 };
    const [merge] = adviseMerges(map(made('a', 16, full), made('b', 16, full), made('c', 16, full)), NOW).merges;
    expect(merge?.merged.depth).toBe(Math.floor(10_485_760 / 268));
    expect(merge?.lessHistory).toBe(true);
    expect(Math.floor(merge?.daysAfter ?? 0)).toBe(407);
    expect(Math.floor(merge?.daysBefore[0]?.days ?? 0)).toBe(1011);
  });

  it('links a source of several recorders once', () => {
    const [merge] = adviseMerges(map(made('a', 16), made('a', 12)), NOW).merges;
    expect(merge).toMatchObject({ linkedOnce: 12, hiddenFromDlms: 0 });
    expect(merge?.merged.sources).toHaveLength(16);
  });

  it.each([
    ['another interval', { interval: 60 }],
    ['no interval', { interval: null }],
    ['another mode', { mode: 'stop-when-full' }],
    ['outage records', { insertOutageRecords: true }],
    ['records before the trigger', { preTrigger: 1 }],
    ['records after the trigger', { postTrigger: 1 }],
    ['no sources', { sources: [] }],
    ['more sources than fit', { sources: Array.from({ length: 40 }, (_, index) => `x${index}`) }],
  ] as const)('leaves a recorder with %s alone', (_, changes) => {
    expect(adviseMerges(map(made('a', 16), made('b', 16, changes)), NOW).merges).toEqual([]);
  });

  it('fills a recorder with 50 sources, and starts another one with the 51st', () => {
    const three = [made('a', 16), made('b', 16), made('c', 16)];
    const numbers = (last: RecorderSettings) =>
      adviseMerges(map(...three, last), NOW).merges.map(({ recorders }) => recorders);
    expect(numbers(made('d', 2))).toEqual([[1, 2, 3, 4]]);
    expect(numbers(made('d', 3))).toEqual([[1, 2, 3]]);
  });

  it('is not for firmware before 4.6.0', () => {
    const advice = adviseMerges(map(made('a', 4), made('b', 4)), { firmware: firmwareVersion('4.5.0') });
    expect(advice.merges).toEqual([]);
    expect(advice.because).toContain('4.6.0');
  });

  it('keeps every source, uses each recorder once and passes the rules of the meter', () => {
    const one = fc
      .record({
        start: fc.integer({ min: 0, max: 40 }),
        count: fc.integer({ min: 1, max: 16 }),
        interval: fc.constantFrom(60, 900, null),
        depth: fc.integer({ min: 1, max: 97_089 }),
        bufferDepth: fc.integer({ min: 1, max: 97_089 }),
        preTrigger: fc.constantFrom(0, 0, 0, 3),
      })
      .map(({ start, count, ...changes }) =>
        made('', 0, { ...changes, sources: Array.from({ length: count }, (_, index) => `q${start + index}`) }),
      );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (recorders) => {
        const all = map(...recorders);
        const { merges } = adviseMerges(all, NOW);
        const used = merges.flatMap(({ recorders: members }) => members);
        expect(new Set(used).size).toBe(used.length);
        for (const merge of merges) {
          expect(merge.recorders.length).toBeGreaterThan(1);
          expect(allowsPlan(checkRecorder(merge.recorders[0] ?? 0, merge.merged, NOW))).toBe(true);
          const linked = new Set(merge.recorders.flatMap((number) => all.get(number)?.sources ?? []));
          expect(new Set(merge.merged.sources)).toEqual(linked);
          expect(merge.lessHistory).toBe(merge.daysBefore.some(({ days }) => days > merge.daysAfter));
        }
      }),
    );
  });
});
