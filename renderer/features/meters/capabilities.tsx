import { useTranslation } from 'react-i18next';
import type { Capability, CapabilityState } from '../../../shared/domain/capability.ts';
import { Chip, type Tone } from '../../ui/chips/chip.tsx';
import classes from './meters.module.css';

const TONE: Readonly<Record<CapabilityState, Tone>> = {
  open: 'ok',
  refused: 'neutral',
  busy: 'warn',
  'no-answer': 'warn',
  'not-on-this-firmware': 'neutral',
  disabled: 'neutral',
  unknown: 'neutral',
};

/** What each protocol of a meter can do now, each with its reason. */
export function Capabilities({ capabilities }: { readonly capabilities: readonly Capability[] }) {
  const { t } = useTranslation();
  return (
    <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {capabilities.map(({ id, state, because }) => (
        <li key={id} className={classes['row']}>
          <span>{t(`domain:capability.${id}`)}</span>
          <span>
            <Chip tone={TONE[state]}>{t(`domain:capabilityState.${state}`)}</Chip>
          </span>
          <span className="mw-quiet" lang="en">
            {because}
          </span>
        </li>
      ))}
    </ul>
  );
}
