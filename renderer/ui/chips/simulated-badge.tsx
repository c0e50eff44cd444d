import { useTranslation } from 'react-i18next';
import { simulatedBadge } from './row-chips.tsx';

/** Stands wherever something of a simulated meter is shown. */
export function SimulatedBadge() {
  const { t } = useTranslation();
  return simulatedBadge(t);
}
