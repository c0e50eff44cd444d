import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FirmwareStatus } from '../../shared/domain/firmware-status.ts';
import { type FirmwareVersion, formatFirmware } from '../../shared/domain/firmware-version.ts';
import { Chip, type Tone } from './chip.tsx';
import type { ChipIcon } from './chip-icons.ts';

const LOOK: Readonly<Record<FirmwareStatus, { tone: Tone; icon: ChipIcon }>> = {
  current: { tone: 'ok', icon: 'check' },
  'upgrade-available': { tone: 'info', icon: 'arrow-up' },
  'below-security-floor': { tone: 'danger', icon: 'shield-x' },
  unknown: { tone: 'neutral', icon: 'help' },
};

interface FirmwareChipProps {
  readonly version: FirmwareVersion | null;
  readonly status: FirmwareStatus;
}

/** A firmware version with what is known about it. */
export function FirmwareChip(props: FirmwareChipProps) {
  const { t } = useTranslation();
  return firmwareChip(props, t);
}

/** The same for a cell of a long table, where a hook in each row would be felt. */
export function firmwareChip({ version, status }: FirmwareChipProps, t: (key: string) => string): ReactNode {
  const text = t(`ui:firmware.${status}`);
  return (
    <Chip tone={LOOK[status].tone} icon={LOOK[status].icon} title={t(`ui:firmware.why.${status}`)}>
      {version === null ? text : `${formatFirmware(version)} · ${text}`}
    </Chip>
  );
}
