import fc from 'fast-check';
import type { UpgradeEvent, UpgradePlan } from '../../../electron/upgrade/machine.ts';
import { GATE_IDS, GATE_VERDICTS } from '../../../shared/domain/gate.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { UPGRADE_CHANNELS, UPGRADE_TARGETS } from '../../../shared/domain/job.ts';
import { problem } from '../../../shared/domain/problem.ts';
import { VERDICTS } from '../../../shared/domain/verdict.ts';

const HASH = 'a'.repeat(64);

/** A meter on 4.0.0 with serial S1. */
export const METER: MeterIdentity = {
  name: 'Feeder 1',
  model: 'ION7400',
  serial: 'S1',
  firmware: { major: 4, minor: 0, patch: 0 },
  productId: 18000,
  commercialReference: null,
  manufacturer: 'Schneider Electric',
  featureSet: 'advanced',
  simulated: true,
};

export const PLAN: UpgradePlan = {
  job: '20260101T000000Z-S1-abcdef',
  createdAt: '2026-01-01T00:00:00.000Z',
  by: 'tester',
  address: {
    host: '127.0.0.1',
    ports: { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47808 },
    unit: 255,
    timeoutMs: 1000,
  },
  channel: 'sftp-direct',
  target: 'main',
  file: '/archive/package.zip',
  fileSha256: HASH,
  image: { name: 'ION7400_V004.006.000.upx', size: 1000, sha256: HASH },
  targetVersion: { major: 4, minor: 6, patch: 0 },
  minimumIonSetup: '3.2.25037.01',
  before: METER,
  overrides: [],
  attach: [],
  waive: [],
  folder: '',
};

export const PROBLEM = problem({ code: 'test/failed', title: 'Failed', because: 'It had to.', nextStep: 'Go on.' });

export const plan: fc.Arbitrary<UpgradePlan> = fc.record({
  ...Object.fromEntries(Object.entries(PLAN).map(([key, value]) => [key, fc.constant(value)])),
  channel: fc.constantFrom(...UPGRADE_CHANNELS),
  target: fc.constantFrom(...UPGRADE_TARGETS),
}) as fc.Arbitrary<UpgradePlan>;

const identity: fc.Arbitrary<MeterIdentity> = fc.record({
  ...Object.fromEntries(Object.entries(METER).map(([key, value]) => [key, fc.constant(value)])),
  serial: fc.constantFrom('S1', 'S2', null),
  firmware: fc.constantFrom(METER.firmware, PLAN.targetVersion, { major: 4, minor: 1, patch: 0 }, null),
}) as fc.Arbitrary<MeterIdentity>;

const gate = fc.record({
  id: fc.constantFrom(...GATE_IDS),
  verdict: fc.constantFrom(...GATE_VERDICTS),
  because: fc.constant('because'),
  fix: fc.constant('fix'),
});

/** Any event but `created`, which only begins a journal. */
export const event: fc.Arbitrary<UpgradeEvent> = fc.oneof(
  fc.record({ type: fc.constant('gates-evaluated' as const), gates: fc.array(gate, { maxLength: 4 }) }),
  fc.record({
    type: fc.constant('backup-verified' as const),
    bag: fc.constant('/bag'),
    fingerprint: fc.constant(HASH),
    gate: gate.map((found) => ({ ...found, id: 'backup-fresh' as const })),
  }),
  fc.constant({ type: 'before-saved' as const, file: '/before.json', sha256: HASH }),
  fc.record({ type: fc.constant('transfer-progress' as const), sent: fc.nat(1000), total: fc.constant(1000) }),
  fc.constant({ type: 'transfer-completed' as const, resumedFrom: 0 }),
  fc.constant({ type: 'image-accepted' as const, because: 'fine' }),
  fc.constant({ type: 'apply-confirmed' as const, by: 'tester' }),
  fc.constant({ type: 'apply-sent' as const }),
  fc.constant({ type: 'meter-gone' as const }),
  fc.record({ type: fc.constant('meter-returned' as const), identity }),
  fc.constant({ type: 'verification-started' as const }),
  fc.record({
    type: fc.constant('compared' as const),
    findings: fc.constant([]),
    verdict: fc.constantFrom(...VERDICTS),
    after: fc.option(identity),
  }),
  fc.constant({ type: 'reported' as const, file: '/report.html', sha256: HASH }),
  fc.constant({ type: 'failed' as const, problem: PROBLEM }),
  fc.constant({ type: 'cancel-requested' as const }),
  fc.constant({ type: 'interrupted' as const, because: 'power', problem: null }),
  fc.constant({ type: 'resumed' as const, by: 'tester' }),
  fc.constant({ type: 'laptop-slept' as const, from: '2026-01-01T10:00:00.000Z', until: '2026-01-01T10:20:00.000Z' }),
  fc.record({
    type: fc.constant('meter-asked' as const),
    identity: fc.option(identity),
    image: fc.constantFrom('none', 'checking', 'accepted', 'refused', 'applying', 'applied', 'unknown'),
    because: fc.constant('asked'),
  }),
);

/** The events of an upgrade without trouble, in order. */
export const GOOD_EVENTS: readonly UpgradeEvent[] = [
  { type: 'gates-evaluated', gates: [] },
  {
    type: 'backup-verified',
    bag: '/bag',
    fingerprint: HASH,
    gate: { id: 'backup-fresh', verdict: 'pass', because: '', fix: '' },
  },
  { type: 'before-saved', file: '/before.json', sha256: HASH },
  { type: 'transfer-progress', sent: 500, total: 1000 },
  { type: 'transfer-completed', resumedFrom: 0 },
  { type: 'image-accepted', because: 'fine' },
  { type: 'apply-confirmed', by: 'tester' },
  { type: 'apply-sent' },
  { type: 'meter-gone' },
  { type: 'meter-returned', identity: { ...METER, firmware: PLAN.targetVersion } },
  { type: 'verification-started' },
  { type: 'compared', findings: [], verdict: 'verified', after: { ...METER, firmware: PLAN.targetVersion } },
  { type: 'reported', file: '/report.html', sha256: HASH },
];
