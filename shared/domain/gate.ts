/** What a gate says. A block has no override; a warn and an unknown are overridden with a written reason. */
export const GATE_VERDICTS = ['pass', 'warn', 'block', 'unknown'] as const;
export type GateVerdict = (typeof GATE_VERDICTS)[number];

export const GATE_IDS = [
  'package-format',
  'package-hash',
  'package-signature',
  'channel-permitted',
  'model-fits',
  'target-newer',
  'minimum-start-version',
  'irreversible',
  'revenue-lock',
  'backup-fresh',
  'ion-setup',
  'free-sockets',
  'clock-offset',
  'laptop',
  'feature-notes',
  'default-password',
] as const;
export type GateId = (typeof GATE_IDS)[number];

/** One check before an upgrade: what it says, why, and what would make it pass. */
export interface Gate {
  readonly id: GateId;
  readonly verdict: GateVerdict;
  readonly because: string;
  /** What to do about it; empty only when the verdict is `pass`. */
  readonly fix: string;
  /** How a warn or unknown is answered: with a free reason, or by typing exactly this text. */
  readonly confirm?: string;
}

/** A reason given for going on in spite of a warn or unknown gate. */
export interface GateOverride {
  readonly gate: GateId;
  readonly reason: string;
}

/** The gates that still stop the work: every block, and every warn or unknown without a reason given. */
export function openGates(gates: readonly Gate[], overrides: readonly GateOverride[]): readonly Gate[] {
  return gates.filter((gate) => {
    if (gate.verdict === 'pass') return false;
    if (gate.verdict === 'block') return true;
    const given = overrides.find((override) => override.gate === gate.id)?.reason.trim() ?? '';
    return given === '' || (gate.confirm !== undefined && given !== gate.confirm);
  });
}
