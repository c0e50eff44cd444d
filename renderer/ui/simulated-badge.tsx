import { IconFlask } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Chip } from './chip.tsx';

/** Stands wherever something of a simulated meter is shown. */
export function SimulatedBadge() {
  const { t } = useTranslation();
  return (
    <Chip tone="sim" icon={<IconFlask size={13} stroke={2} />} title={t('ui:simulated.why')}>
      {t('ui:simulated.badge')}
    </Chip>
  );
}
