import { useTranslation } from 'react-i18next';
import type { GateVerdict } from '../../../shared/domain/gate.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { Chip, type Tone } from './chip.tsx';
import type { ChipIcon } from './icons.ts';

const LOOK: Readonly<Record<Verdict | GateVerdict, { tone: Tone; icon: ChipIcon }>> = {
  verified: { tone: 'ok', icon: 'check' },
  pass: { tone: 'ok', icon: 'check' },
  warn: { tone: 'warn', icon: 'alert-triangle' },
  unknown: { tone: 'neutral', icon: 'help' },
  mismatch: { tone: 'danger', icon: 'x' },
  block: { tone: 'danger', icon: 'x' },
};

/** The outcome of a check or of a job. Unknown is an outcome of its own and never looks like a good one. */
export function VerdictChip({ verdict }: { readonly verdict: Verdict | GateVerdict }) {
  const { t } = useTranslation();
  return (
    <Chip tone={LOOK[verdict].tone} icon={LOOK[verdict].icon}>
      {t(`domain:verdict.${verdict}`)}
    </Chip>
  );
}
