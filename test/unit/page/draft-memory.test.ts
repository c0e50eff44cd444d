import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Draft, emptyDraft } from '../../../renderer/features/upgrade/draft.ts';
import { dropDraft, keepDraft, recallDraft } from '../../../renderer/features/upgrade/draft-memory.ts';
import type { Problem } from '../../../shared/domain/problem.ts';

const PLACE = { host: 'Meter-1', ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47808 }, unit: 255, timeoutMs: 1 };
const OTHER = { ...PLACE, unit: 1 };

let kept: Map<string, string>;
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
beforeEach(() => {
  kept = new Map();
});

const draft: Draft = {
  ...emptyDraft(PLACE, 'T. Tester'),
  step: 'backup',
  file: '/packages/4.6.0.zip',
  channel: 'sftp-direct',
  ionSetup: { path: '/ion', version: '3.2.25037.01' },
  overrides: { irreversible: 'SIM-00001', laptop: 'on mains soon' },
  attach: ['/export.dcf'],
  waive: { 'event-log': 'not needed' },
  backup: { state: 'taken', bag: '/bag', items: [], fingerprint: 'f' },
};

describe('a draft over a reload', () => {
  it('keeps what a person chose and typed, for its meter only', () => {
    keepDraft(storage, draft);
    expect(recallDraft(storage, { ...PLACE, host: 'METER-1' })).toEqual({
      step: 'backup',
      by: 'T. Tester',
      file: '/packages/4.6.0.zip',
      target: 'main',
      channel: 'sftp-direct',
      ionSetup: { path: '/ion', version: '3.2.25037.01' },
      overrides: { irreversible: 'SIM-00001', laptop: 'on mains soon' },
      attach: ['/export.dcf'],
      waive: { 'event-log': 'not needed' },
      bag: '/bag',
      taking: false,
    });
    expect(recallDraft(storage, OTHER)).toBeUndefined();
    dropDraft(storage, PLACE);
    expect(recallDraft(storage, PLACE)).toBeUndefined();
  });

  it('knows that a backup was being taken', () => {
    keepDraft(storage, { ...draft, backup: { state: 'taking', message: '', done: 0, total: 0 } });
    expect(recallDraft(storage, PLACE)).toMatchObject({ bag: null, taking: true });
  });

  it('takes a connection that broke for no end of a backup', () => {
    const problem = { title: 'gone' } as unknown as Problem;
    keepDraft(storage, { ...draft, backup: { state: 'failed', problem, unheard: true } });
    expect(recallDraft(storage, PLACE)).toMatchObject({ bag: null, taking: true });
    keepDraft(storage, { ...draft, backup: { state: 'failed', problem, unheard: false } });
    expect(recallDraft(storage, PLACE)).toMatchObject({ bag: null, taking: false });
  });

  it('keeps no answer of the meter or of the gates', () => {
    const meter = { state: 'failed', problem: { title: 'told by the meter' } } as unknown as Draft['meter'];
    keepDraft(storage, { ...draft, meter, checks: meter as unknown as Draft['checks'] });
    expect([...kept.values()].join()).not.toContain('told by the meter');
  });

  it('believes nothing that is not exactly a draft', () => {
    keepDraft(storage, draft);
    const [[key, text] = ['', '']] = kept;
    const good = JSON.parse(text) as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good)), fc.jsonValue(), (part, value) => {
        kept.set(key, JSON.stringify({ ...good, [part]: value }));
        const found = recallDraft(storage, PLACE);
        if (found !== undefined)
          expect({ ...found }).toMatchObject({ by: expect.any(String), attach: expect.any(Array) });
        kept.set(key, JSON.stringify(value));
        recallDraft(storage, PLACE);
      }),
    );
    for (const bad of [
      { step: 'apply' },
      { channel: 'usb' },
      { overrides: { nonsense: 'x' } },
      { waive: { clock: 1 } },
      { attach: '/x' },
      { ionSetup: { command: 'x' } },
      { taking: 'no' },
    ]) {
      kept.set(key, JSON.stringify({ ...good, ...bad }));
      expect(recallDraft(storage, PLACE), JSON.stringify(bad)).toBeUndefined();
    }
    kept.set(key, '{');
    expect(recallDraft(storage, PLACE)).toBeUndefined();
  });

  it('does without a place to keep it', () => {
    const full = {
      ...storage,
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(() => keepDraft(full, draft)).not.toThrow();
  });
});
