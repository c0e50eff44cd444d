import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../../shared/domain/identity.ts';
import { nameOf, placeOf } from '../../../app/feeds/meters-store.ts';

/** The heading of a paper about a meter: its name, serial number, firmware and place; simulated meters say so. */
export function useSheetHeading(
  meter: ListedMeter,
  { serial, firmware, simulated }: Pick<MeterIdentity, 'serial' | 'firmware' | 'simulated'>,
): string {
  const { t } = useTranslation();
  const facts = [nameOf(meter), serial, firmware === null ? null : formatFirmware(firmware), placeOf(meter)];
  return [...(simulated ? [t('ui:simulated.badge')] : []), ...facts.filter((fact) => fact !== null)].join(' · ');
}
