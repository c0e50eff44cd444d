import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEATURE_SETS } from '../../../../shared/domain/feature-set.ts';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { checkRecorder } from '../../../../shared/domain/settings/recorders/check.ts';
import { compareRecorder, recorderFigures } from '../../../../shared/domain/settings/recorders/history.ts';
import { plannedRecorder } from '../../../../shared/domain/settings/recorders/plan.ts';
import {
  burstSize,
  isEnergy,
  maximumDepth,
  maximumDepthOf,
  maximumSources,
  RECORDER_BYTES,
  type RecorderSettings,
  recordBytes,
} from '../../../../shared/domain/settings/recorders/recorder.ts';
import { checkRecorders } from '../../../../shared/domain/settings/recorders/recorders-check.ts';
import { allowsPlan } from '../../../../shared/domain/settings/rule-row.ts';

const NOW = firmwareVersion('4.6.0');
const BEFORE = firmwareVersion('4.5.9');

function named(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `Source ${index + 1}`);
}

function recorder(changes: Partial<RecorderSettings> = {}): RecorderSettings {
  return {
    interval: 900,
    depth: 3360,
    bufferDepth: 3360,
    sources: named(4),
    insertOutageRecords: false,
    mode: 'circular',
    preTrigger: 0,
    postTrigger: 0,
    ...changes,
  };
}

function verdictOf(rule: string, changes: Partial<RecorderSettings>, field?: string, firmware = NOW) {
  return checkRecorder(3, recorder(changes), { firmware }).find(
    (row) => row.rule === rule && (field === undefined || row.field === `3.${field}`),
  )?.verdict;
}

describe('the figures of the documents', () => {
  it.each([
    [1, 33, 317_750, 3_309],
    [4, 48, 218_453, 2_275],
    [8, 68, 154_202, 1_606],
    [16, 108, 97_089, 1_011],
    [32, 188, 55_775, 580],
    [50, 278, 37_718, 392],
  ])('%d sources: %d B, %d records, %d days at 15 min', (sources, bytes, depth, days) => {
    expect(recordBytes(sources)).toBe(bytes);
    expect(maximumDepth(sources)).toBe(depth);
    const figures = recorderFigures(recorder({ sources: named(sources) }));
    expect(figures).toMatchObject({ bytesPerRecord: bytes, maximumDepth: depth, sources });
    expect(Math.floor(figures.maximumDays ?? 0)).toBe(days);
    expect(Math.floor(recorderFigures(recorder()).days ?? 0)).toBe(35);
  });

  it('never promise more than 10 MB, and lose less than two records of it', () => {
    for (let sources = 0; sources <= 50; sources += 1) {
      const used = maximumDepth(sources) * recordBytes(sources);
      expect(used).toBeLessThanOrEqual(RECORDER_BYTES);
      expect(used + 2 * recordBytes(sources)).toBeGreaterThan(RECORDER_BYTES);
    }
  });

  it('of a burst are those of the example: 10 before and 5 after make 16', () => {
    expect(burstSize({ preTrigger: 10, postTrigger: 5 })).toBe(16);
    // One second before and after at 60 Hz in half cycles, 16 sources: at most 402 sets of 241.
    const burst = recorder({ sources: named(16), preTrigger: 120, postTrigger: 120 });
    expect(maximumDepthOf(burst)).toBe(402 * 241);
    expect(maximumDepthOf(recorder({ preTrigger: 9e15 }))).toBe(0);
    expect(maximumDepthOf(recorder({ preTrigger: -1 }))).toBe(0);
    expect(maximumDepthOf(recorder({ preTrigger: Number.NaN }))).toBe(0);
  });

  it('of sources are 16 and 50', () => {
    expect([maximumSources(BEFORE, false), maximumSources(BEFORE, true)]).toEqual([16, 16]);
    expect([maximumSources(NOW, false), maximumSources(NOW, true)]).toEqual([50, 16]);
  });
});

describe('a recorder', () => {
  it.each([
    [16, {}, BEFORE, 'pass'],
    [17, {}, BEFORE, 'block'],
    [50, {}, NOW, 'pass'],
    [51, {}, NOW, 'block'],
    [0, {}, NOW, 'block'],
    [16, { preTrigger: 1 }, NOW, 'pass'],
    [17, { preTrigger: 1 }, NOW, 'block'],
    [17, { postTrigger: 1 }, NOW, 'block'],
  ] as const)('with %d sources and %j', (count, changes, firmware, verdict) => {
    expect(verdictOf('sources', { sources: named(count), ...changes }, undefined, firmware)).toBe(verdict);
  });

  it.each([
    ['sources', { sources: ['a', ' '] }, 'block'],
    ['sources', { sources: ['a', 'a'] }, 'warn'],
    ['dlms-columns', { sources: named(16) }, 'pass'],
    ['dlms-columns', { sources: named(17) }, 'warn'],
    ['interval', { interval: null }, 'pass'],
    ['interval', { interval: 0.5 }, 'pass'],
    ['interval', { interval: 0 }, 'block'],
    ['interval', { interval: -900 }, 'block'],
    ['interval', { interval: Number.NaN }, 'block'],
    ['interval', { interval: Number.POSITIVE_INFINITY }, 'block'],
    ['heavy-logging', { interval: 59.9 }, 'warn'],
    ['heavy-logging', { interval: 60 }, 'pass'],
    ['heavy-logging', { interval: null }, 'pass'],
    ['depth', { depth: 218_453 }, 'pass'],
    ['depth', { depth: 218_454 }, 'block'],
    ['depth', { depth: 0 }, 'block'],
    ['depth', { depth: 1.5 }, 'block'],
    ['depth', { depth: Number.NaN }, 'block'],
    ['depth', { depth: 97_090, sources: named(16) }, 'block'],
    ['buffer-depth', { bufferDepth: 0 }, 'block'],
    ['buffer-depth', { bufferDepth: 3361 }, 'warn'],
    ['buffer-depth', { bufferDepth: 1 }, 'pass'],
    ['burst', { preTrigger: -1 }, 'block'],
    ['burst', { postTrigger: 0.5 }, 'block'],
    ['burst', {}, 'pass'],
    ['burst-multiple', {}, undefined],
    ['burst-multiple', { preTrigger: -1 }, undefined],
    ['zero-fill', { insertOutageRecords: true }, 'pass'],
    ['zero-fill', { insertOutageRecords: true, sources: ['Vll ab', 'kWh del int'] }, 'warn'],
    ['zero-fill', { sources: ['kWh del int'] }, 'pass'],
  ] as const)('%s with %j: %s', (rule, changes, verdict) => {
    expect(verdictOf(rule, changes)).toBe(verdict);
  });

  it.each([
    ['depth', { depth: 32 }, 'pass'],
    ['depth', { depth: 33 }, 'block'],
    ['depth', { depth: 0 }, 'block'],
    ['bufferDepth', { bufferDepth: 16 }, 'pass'],
    ['bufferDepth', { bufferDepth: 8 }, 'block'],
  ] as const)('with bursts of 16: %s in %j: %s', (field, changes, verdict) => {
    const burst = { preTrigger: 10, postTrigger: 5, depth: 160, bufferDepth: 160, ...changes };
    expect(verdictOf('burst-multiple', burst, field)).toBe(verdict);
  });

  it('passes exactly when it keeps every limit', () => {
    const input = fc.record({
      sources: fc.integer({ min: 0, max: 60 }),
      depth: fc.integer({ min: -1, max: 330_000 }),
      pre: fc.integer({ min: 0, max: 20 }),
      post: fc.integer({ min: 0, max: 20 }),
      firmware: fc.constantFrom(NOW, BEFORE),
    });
    fc.assert(
      fc.property(input, ({ sources, depth, pre, post, firmware }) => {
        const settings = recorder({
          sources: named(sources),
          depth,
          bufferDepth: depth,
          preTrigger: pre,
          postTrigger: post,
        });
        const most = firmware === NOW && pre + post === 0 ? 50 : 16;
        const fits = depth >= 1 && depth * (5 * sources + 28) <= RECORDER_BYTES && !(sources === 16 && depth > 97_089);
        const wanted = sources >= 1 && sources <= most && fits && depth % (pre + post + 1) === 0;
        expect(allowsPlan(checkRecorder(1, settings, { firmware }))).toBe(wanted);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['kWh del int', true],
    ['kVARh rec int', true],
    ['VAh', true],
    ['MWh total', true],
    ['Energy (kWh)', true],
    ['kW tot mean', false],
    ['Vll ab high', false],
    ['Freq', false],
    ['whole', false],
  ])('%s counts energy: %s', (source, energy) => {
    expect(isEnergy(source)).toBe(energy);
  });
});

describe('the recorders of a meter', () => {
  const filled = (count: number) =>
    new Map(Array.from({ length: count }, (_, index) => [index + 1, recorder({ insertOutageRecords: true })] as const));
  const rowOf = (rule: string, ...input: Parameters<typeof checkRecorders>) =>
    checkRecorders(...input)
      .filter((row) => row.rule === rule)
      .at(-1)?.verdict;

  it.each([
    ['essential', [10, 11, 65], ['pass', 'block', 'block']],
    ['standard', [50, 51, 65], ['pass', 'block', 'block']],
    ['advanced', [64, 51, 65], ['pass', 'pass', 'block']],
    ['unknown', [10, 11, 65], ['pass', 'unknown', 'block']],
  ] as const)('of feature set %s: numbers %j are %j', (featureSet, numbers, expected) => {
    const verdicts = numbers.map((number) =>
      rowOf('recorder-number', new Map([[number, recorder()]]), { firmware: NOW, featureSet }, true),
    );
    expect(verdicts).toEqual(expected);
    for (const number of [0, -1, 1.5, Number.NaN]) {
      const row = rowOf('recorder-number', new Map([[number, recorder()]]), { firmware: NOW, featureSet }, true);
      expect(row).toBe('block');
    }
  });

  it.each([
    ['essential', 10, true, 'pass'],
    ['essential', 10, false, 'pass'],
    ['essential', 11, true, 'block'],
    ['standard', 19, true, 'pass'],
    ['standard', 20, true, 'block'],
    ['advanced', 19, true, 'pass'],
    ['advanced', 20, true, 'block'],
    ['advanced', 20, false, 'block'],
    ['advanced', 1, false, 'unknown'],
    ['advanced', 0, false, 'pass'],
    ['unknown', 10, true, 'pass'],
    ['unknown', 11, true, 'unknown'],
    ['unknown', 20, true, 'block'],
  ] as const)('of feature set %s: outages filled in %d, all known %s: %s', (featureSet, count, complete, verdict) => {
    expect(rowOf('outage-count', filled(count), { firmware: NOW, featureSet }, complete)).toBe(verdict);
  });

  it('have no documented outage limit before 4.6.0', () => {
    const meter = { firmware: BEFORE, featureSet: 'advanced' } as const;
    expect(rowOf('outage-count', filled(19), meter, true)).toBe('pass');
    expect(rowOf('outage-count', filled(20), meter, true)).toBe('unknown');
  });

  it('are each checked, in every feature set', () => {
    for (const featureSet of FEATURE_SETS) {
      const rows = checkRecorders(
        new Map([
          [1, recorder()],
          [2, recorder({ depth: 0 })],
        ]),
        { firmware: NOW, featureSet },
        true,
      );
      expect(rows.filter(({ verdict }) => verdict === 'block').map(({ field }) => field)).toEqual(['2.depth']);
      for (const { because } of rows) expect(because).toMatch(/\.$/);
    }
  });
});

describe('a changed recorder', () => {
  it('loses its log with anything but its name', () => {
    expect(compareRecorder(recorder(), recorder())).toMatchObject({
      changed: [],
      erasesLog: false,
      lessHistory: false,
    });
    expect(compareRecorder(recorder(), recorder({ name: 'Load' }))).toMatchObject({ erasesLog: false });
    expect(compareRecorder(recorder(), recorder({ sources: [...named(4)].reverse() }))).toMatchObject({
      changed: ['sources'],
      erasesLog: true,
    });
  });

  it.each([
    [{ depth: 3359 }, true],
    [{ depth: 3361 }, false],
    [{ interval: 450 }, true],
    [{ interval: 450, depth: 6720 }, false],
    [{ interval: null, depth: 10 }, true],
    [{ interval: null }, false],
  ])('with %j reaches back less far: %s', (changes, less) => {
    expect(compareRecorder(recorder(), recorder(changes)).lessHistory).toBe(less);
  });
});

describe('a plan of a recorder', () => {
  it('stands over what was read', () => {
    const read = recorder({ name: 'Load', insertOutageRecords: true });
    expect(plannedRecorder({ depth: 10, name: 'New' }, read)).toEqual({
      complete: true,
      recorder: { ...read, depth: 10, name: 'New' },
    });
    expect(plannedRecorder({ interval: null }, read)).toMatchObject({ complete: true, recorder: { interval: null } });
  });

  it('has to be complete where nothing was read', () => {
    expect(plannedRecorder({ interval: null, depth: 10 }, null)).toEqual({
      complete: false,
      missing: ['bufferDepth', 'sources', 'mode'],
    });
    const { insertOutageRecords: _, preTrigger: __, postTrigger: ___, ...needed } = recorder();
    expect(plannedRecorder(needed, null)).toEqual({ complete: true, recorder: recorder() });
  });
});
