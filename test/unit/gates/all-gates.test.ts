import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FirmwarePackage } from '../../../electron/firmware/types.ts';
import type { GateFacts } from '../../../electron/upgrade/gates/facts.ts';
import { evaluateGates } from '../../../electron/upgrade/gates/index.ts';
import { FEATURE_SETS } from '../../../shared/domain/feature-set.ts';
import { GATE_IDS, type GateOverride, openGates } from '../../../shared/domain/gate.ts';
import { UPGRADE_CHANNELS, UPGRADE_TARGETS } from '../../../shared/domain/job.ts';
import { ok, problem } from '../../../shared/domain/problem.ts';
import { PROVENANCES } from '../../../shared/domain/provenance.ts';
import { firmwarePackage, gateFacts, IDENTITY } from './facts.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', ' ', 'ION7400', '\u0000', '\uD800'));
const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null });
const part = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 6), fc.nat({ max: 999 }));
const version = fc.record({ major: part, minor: part, patch: part });
const word = fc.nat({ max: 99_999 });
const ionSetup = fc.record({ parts: fc.tuple(word, word, word, word), warning: text }, { requiredKeys: ['parts'] });
const number = fc.oneof(fc.integer(), fc.double());
const anyProblem = fc
  .tuple(
    fc.constantFrom(
      'package/hash-mismatch',
      'package/listed-missing',
      'package/bad-signature',
      'package/version-unknown',
      'package/contradictory-versions',
      'package/bare-image',
      'package/several-main-images',
      'package/other',
      'site-map/no-table',
    ),
    text,
    text,
    text,
  )
  .map(([code, title, because, nextStep]) => problem({ code, title, because, nextStep }));
const member = fc.record({
  path: text,
  role: fc.constantFrom('main-image', 'option-module-image', 'remote-display-image', 'template', 'other'),
  size: fc.nat(),
  sha256: text,
  listed: fc.constantFrom('matches', 'differs', 'not-listed'),
} as const);
const anyPackage: fc.Arbitrary<FirmwarePackage> = fc
  .record({
    format: fc.constantFrom('zip', 'bare-image'),
    members: fc.array(member, { maxLength: 4 }),
    targetVersion: orNull(version),
    targetVersionFrom: text,
    model: orNull(text),
    minimumStart: orNull(version),
    minimumIonSetup: orNull(ionSetup),
    signature: fc.constantFrom('verified', 'invalid', 'meter-checks-it', 'no-image'),
    simulated: fc.boolean(),
    problems: fc.array(anyProblem, { maxLength: 3 }),
  } as const)
  .map(firmwarePackage);
const anyFacts: fc.Arbitrary<GateFacts> = fc.record({
  identity: fc.record({
    name: orNull(text),
    model: orNull(text),
    serial: orNull(text),
    firmware: orNull(version),
    productId: orNull(fc.nat()),
    commercialReference: orNull(text),
    manufacturer: orNull(text),
    featureSet: fc.constantFrom(...FEATURE_SETS),
    simulated: fc.boolean(),
  }),
  package: fc.oneof(
    { weight: 5, arbitrary: anyPackage.map((one) => ok(one)) },
    anyProblem.map((one) => ({ ok: false, problem: one }) as const),
    fc.constant(null),
  ),
  target: fc.constantFrom(...UPGRADE_TARGETS),
  channel: fc.constantFrom(...UPGRADE_CHANNELS),
  folder: fc.option(
    fc.record({
      path: fc.string(),
      provenance: fc.constantFrom(...PROVENANCES),
      listed: fc.constantFrom(true, false, null),
      because: fc.string(),
    }),
  ),
  release: orNull(
    fc.record({
      minimumStart: orNull(version),
      minimumIonSetup: orNull(ionSetup),
      ionSetupIs: fc.constantFrom('required', 'recommended', null),
      irreversible: orNull(fc.boolean()),
    } as const),
  ),
  revenueLock: fc.constantFrom('locked', 'unlocked', 'pending', null),
  connections: orNull(fc.record({ used: number, of: number })),
  defaultPasswords: orNull(number),
  clock: fc.record({
    meterUtc: orNull(text),
    pcUtc: text,
    offsetSeconds: orNull(number),
    uncertaintySeconds: orNull(number),
    source: fc.constantFrom('unix-time-register', 'date-time-registers', 'none'),
    because: text,
  } as const),
  backup: orNull(fc.record({ counts: fc.boolean(), because: text, fix: text, bag: text })),
  ionSetup: fc.oneof(
    fc.record({ kind: fc.constant('missing' as const), because: text }),
    fc.record({ kind: fc.constant('attested' as const), version: ionSetup, by: text }),
    fc.record({
      kind: fc.constant('found' as const),
      path: text,
      version: ionSetup,
      how: fc.constantFrom('registry' as const, 'given-path' as const),
    }),
  ),
  power: fc.record({ onBattery: orNull(fc.boolean()), batteryPercent: orNull(number) }),
  freeBytes: orNull(number),
  neededBytes: number,
  keepAwakeAvailable: fc.boolean(),
});

describe('evaluateGates', () => {
  it('answers every gate once, in order, with a reason, and with a way out unless it passes, for any facts', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const gates = evaluateGates(facts);
        expect(gates.map((gate) => gate.id)).toEqual(GATE_IDS);
        for (const gate of gates) {
          expect(gate.because.trim()).not.toBe('');
          expect(gate.fix.trim() === '').toBe(gate.verdict === 'pass');
          expect(gate.because.length).toBeLessThanOrEqual(700);
          expect(gate.because + gate.fix).not.toMatch(/\p{Cc}|\p{Cf}|undefined|\[object/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same answers to the same facts and does not change them', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const before = JSON.stringify(facts);
        expect(evaluateGates(facts)).toEqual(evaluateGates(facts));
        expect(JSON.stringify(facts)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });

  it('never lets a block be overridden, with whatever reasons', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(text, { minLength: 1, maxLength: 5 }), (facts, reasons) => {
        const gates = evaluateGates(facts);
        const overrides: GateOverride[] = gates.flatMap((gate) =>
          [...reasons, gate.confirm ?? 'yes'].map((reason) => ({ gate: gate.id, reason })),
        );
        const open = openGates(gates, overrides);
        expect(open).toEqual(expect.arrayContaining(gates.filter((gate) => gate.verdict === 'block')));
      }),
      { numRuns: 200 },
    );
  });

  it('can be answered: each warning and unknown gives way to a reason, or to the text that it asks for', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const gates = evaluateGates(facts);
        const overrides = gates.map((gate) => ({ gate: gate.id, reason: gate.confirm ?? 'checked by hand' }));
        expect(openGates(gates, overrides).every((gate) => gate.verdict === 'block')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('puts a real meter with everything in order to one question: the step that cannot be undone', () => {
    const open = openGates(evaluateGates(gateFacts()), []);
    expect(open.map((gate) => gate.id)).toEqual(['irreversible']);
    expect(openGates(open, [{ gate: 'irreversible', reason: 'yes' }])).toHaveLength(1);
    expect(openGates(open, [{ gate: 'irreversible', reason: IDENTITY.serial ?? '' }])).toEqual([]);
  });

  it('adds only the LED of the revenue lock on a real meter that says nothing over open protocols', () => {
    const facts = gateFacts({ revenueLock: null, connections: null, defaultPasswords: null });
    expect(openGates(evaluateGates(facts), []).map((gate) => gate.id)).toEqual(['irreversible', 'revenue-lock']);
  });
});
