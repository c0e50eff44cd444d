import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GATE_IDS, GATE_VERDICTS, type Gate, type GateOverride, openGates } from '../../../shared/domain/gate.ts';

const gate = (id: Gate['id'], verdict: Gate['verdict'], confirm?: string): Gate => ({
  id,
  verdict,
  because: 'because',
  fix: 'fix',
  ...(confirm === undefined ? {} : { confirm }),
});
const ids = (gates: readonly Gate[]) => gates.map(({ id }) => id);

describe('openGates', () => {
  it('lets a pass through and never a block', () => {
    const gates = [
      gate('package-hash', 'pass'),
      gate('revenue-lock', 'block'),
      gate('package-signature', 'block', 'ION7400'),
    ];
    const overrides: GateOverride[] = [
      { gate: 'revenue-lock', reason: 'I know better' },
      { gate: 'package-signature', reason: 'ION7400' },
    ];
    expect(ids(openGates(gates, overrides))).toEqual(['revenue-lock', 'package-signature']);
  });

  it('wants a reason for a warning and for an unknown', () => {
    const gates = [gate('laptop', 'warn'), gate('free-sockets', 'unknown')];
    expect(ids(openGates(gates, []))).toEqual(['laptop', 'free-sockets']);
    expect(ids(openGates(gates, [{ gate: 'laptop', reason: 'on mains soon' }]))).toEqual(['free-sockets']);
    expect(ids(openGates(gates, [{ gate: 'laptop', reason: ' \t\n' }]))).toEqual(['laptop', 'free-sockets']);
  });

  it('wants exactly the text where one is asked for', () => {
    const gates = [gate('irreversible', 'warn', 'MTR-0042')];
    const open = (reason: string) => ids(openGates(gates, [{ gate: 'irreversible', reason }]));
    expect(open('MTR-0042')).toEqual([]);
    expect(open(' MTR-0042 ')).toEqual([]);
    for (const wrong of ['', 'mtr-0042', 'MTR-0042x', 'yes']) expect(open(wrong)).toEqual(['irreversible']);
  });

  it('takes no override at all for a gate that asks for an empty text', () => {
    const gates = [gate('irreversible', 'warn', '')];
    expect(ids(openGates(gates, []))).toEqual(['irreversible']);
    expect(ids(openGates(gates, [{ gate: 'irreversible', reason: '' }]))).toEqual(['irreversible']);
  });

  it('never opens a gate by a reason given for another one', () => {
    const anyGate = fc.record({
      id: fc.constantFrom(...GATE_IDS),
      verdict: fc.constantFrom(...GATE_VERDICTS),
      because: fc.constant('b'),
      fix: fc.constant('f'),
    });
    const anyOverride = fc.record({ gate: fc.constantFrom(...GATE_IDS), reason: fc.string() });
    fc.assert(
      fc.property(fc.array(anyGate), fc.array(anyOverride), (gates, overrides) => {
        const open = openGates(gates, overrides);
        for (const one of gates) {
          const excused = overrides.some(({ gate: id, reason }) => id === one.id && reason.trim() !== '');
          if (one.verdict === 'block' || (one.verdict !== 'pass' && !excused)) expect(open).toContain(one);
          if (one.verdict === 'pass') expect(open).not.toContain(one);
        }
      }),
    );
  });
});
