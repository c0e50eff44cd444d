import { useTranslation } from 'react-i18next';
import { type FirmwareChipProps, firmwareChip } from './row-chips.tsx';

/** A firmware version with what is known about it. */
export function FirmwareChip(props: FirmwareChipProps) {
  const { t } = useTranslation();
  return firmwareChip(props, t);
}
