import { describe, expect, it } from 'vitest';
import {
  blockersOf,
  channelChoices,
  type Draft,
  emptyDraft,
  overridesOf,
} from '../../../renderer/features/upgrade/draft.ts';
import { stepOfJob, stepsToLookAt } from '../../../renderer/features/upgrade/steps.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import { UPGRADE_STATES } from '../../../shared/domain/job.ts';

const PLACE = {
  host: '192.0.2.7',
  ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47808 },
  unit: 255,
  timeoutMs: 1000,
};
const gate = (part: Partial<Gate> & Pick<Gate, 'id' | 'verdict'>): Gate => ({ because: 'b', fix: 'f', ...part });
const checked = (gates: Gate[], overrides: Draft['overrides'] = {}): Draft => ({
  ...emptyDraft(PLACE, 'A'),
  overrides,
  checks: { state: 'ready', value: { gates, blocked: false }, at: '2026-01-01T00:00:00.000Z' },
});

describe('what stands in the way of the next step', () => {
  it('is everything that was not chosen', () => {
    expect(blockersOf(emptyDraft(PLACE, ' '), 'package').map(({ target }) => target)).toEqual([
      'choose-package',
      'channel',
      'by',
    ]);
  });

  it('is a block first, then what needs a reason or a text, and never the backup, which has its own step', () => {
    const draft = checked([
      gate({ id: 'laptop', verdict: 'warn' }),
      gate({ id: 'irreversible', verdict: 'warn', confirm: 'SER-1' }),
      gate({ id: 'backup-fresh', verdict: 'block' }),
      gate({ id: 'revenue-lock', verdict: 'block' }),
      gate({ id: 'model-fits', verdict: 'pass' }),
    ]);
    expect(blockersOf(draft, 'checks').map(({ target, key }) => [target, key])).toEqual([
      ['gate-revenue-lock', 'blocked.gate'],
      ['gate-laptop', 'blocked.reason'],
      ['gate-irreversible', 'blocked.confirm'],
    ]);
  });

  it('is no gate that was answered; a block stays whatever was answered, and a wrong text is no answer', () => {
    const gates = [
      gate({ id: 'laptop', verdict: 'warn' }),
      gate({ id: 'irreversible', verdict: 'warn', confirm: 'SER-1' }),
      gate({ id: 'revenue-lock', verdict: 'block' }),
    ];
    const answers = { laptop: 'on mains soon', irreversible: 'SER-2', 'revenue-lock': 'please' };
    expect(blockersOf(checked(gates, answers), 'checks').map(({ target }) => target)).toEqual([
      'gate-revenue-lock',
      'gate-irreversible',
    ]);
    expect(overridesOf({ overrides: { laptop: '  ' } })).toEqual([]);
  });

  it('is the first item of a backup that does not count', () => {
    const draft = checked([gate({ id: 'backup-fresh', verdict: 'block' })]);
    expect(blockersOf(draft, 'backup')[0]?.key).toBe('blocked.noBackup');
    const item = { count: 0, bytes: 0, because: '' };
    const taken: Draft = {
      ...draft,
      backup: {
        state: 'taken',
        bag: 'bag',
        fingerprint: 'f',
        items: [
          { ...item, id: 'clock', state: 'saved' },
          { ...item, id: 'event-log', state: 'unreachable' },
        ],
      },
    };
    expect(blockersOf(taken, 'backup')).toEqual([
      { target: 'item-event-log', key: 'blocked.item', values: { item: 'event-log' } },
    ]);
  });
});

it('offers the direct way only where the meter was found to take it, and gives the reason either way', () => {
  const identity = {
    name: null,
    model: null,
    serial: null,
    firmware: null,
    productId: null,
    commercialReference: null,
    manufacturer: null,
    featureSet: 'unknown' as const,
    simulated: false,
  };
  const clock = {
    meterUtc: null,
    pcUtc: '2026-01-01T00:00:00.000Z',
    offsetSeconds: null,
    uncertaintySeconds: null,
    source: 'none' as const,
    because: '',
  };
  for (const state of ['open', 'unknown', 'not-on-this-firmware', 'refused'] as const) {
    const capabilities = [{ id: 'sftp-upgrade-folder' as const, state, because: 'why' }];
    const [direct, handOff] = channelChoices({ identity, clock, capabilities, advisories: [] });
    expect(direct).toEqual({ channel: 'sftp-direct', offered: state === 'open', because: 'why' });
    expect(handOff?.offered).toBe(true);
  }
});

it('finds the step of a job in every state; an interrupted one stands where it stopped', () => {
  for (const state of UPGRADE_STATES) {
    const step = stepOfJob({ state, interruptedAt: null });
    expect(stepsToLookAt({ state, interruptedAt: null, findings: [] })).toContain(step);
  }
  expect(stepOfJob({ state: 'interrupted', interruptedAt: 'verifying' })).toBe('verify');
  expect(stepOfJob({ state: 'interrupted', interruptedAt: 'transferring' })).toBe('upgrade');
});
