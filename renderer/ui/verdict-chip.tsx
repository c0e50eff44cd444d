import { IconAlertTriangle, IconCheck, IconHelp, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GateVerdict } from '../../shared/domain/gate.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { Chip, type Tone } from './chip.tsx';

const LOOK: Readonly<Record<Verdict | GateVerdict, { tone: Tone; icon: ReactNode }>> = {
  verified: { tone: 'ok', icon: <IconCheck size={13} stroke={2.5} /> },
  pass: { tone: 'ok', icon: <IconCheck size={13} stroke={2.5} /> },
  warn: { tone: 'warn', icon: <IconAlertTriangle size={13} stroke={2.5} /> },
  unknown: { tone: 'neutral', icon: <IconHelp size={13} stroke={2.5} /> },
  mismatch: { tone: 'danger', icon: <IconX size={13} stroke={2.5} /> },
  block: { tone: 'danger', icon: <IconX size={13} stroke={2.5} /> },
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
