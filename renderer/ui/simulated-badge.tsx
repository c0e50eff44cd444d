import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Chip } from './chip.tsx';

/** Stands wherever something of a simulated meter is shown. */
export function SimulatedBadge() {
  const { t } = useTranslation();
  return simulatedBadge(t);
}

/** The same for a cell of a long table, where a hook in each row would be felt. */
export function simulatedBadge(t: TFunction): ReactNode {
  return (
    <Chip tone="sim" icon="flask" title={t('ui:simulated.why')}>
      {t('ui:simulated.badge')}
    </Chip>
  );
}
