import { IconArrowUp, IconCheck, IconHelp, IconShieldX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FirmwareStatus } from '../../shared/domain/firmware-status.ts';
import { type FirmwareVersion, formatFirmware } from '../../shared/domain/firmware-version.ts';
import { Chip, type Tone } from './chip.tsx';

const LOOK: Readonly<Record<FirmwareStatus, { tone: Tone; icon: ReactNode }>> = {
  current: { tone: 'ok', icon: <IconCheck size={13} stroke={2.5} /> },
  'upgrade-available': { tone: 'info', icon: <IconArrowUp size={13} stroke={2.5} /> },
  'below-security-floor': { tone: 'danger', icon: <IconShieldX size={13} stroke={2.5} /> },
  unknown: { tone: 'neutral', icon: <IconHelp size={13} stroke={2.5} /> },
};

/** A firmware version with what is known about it. */
export function FirmwareChip({
  version,
  status,
}: {
  readonly version: FirmwareVersion | null;
  readonly status: FirmwareStatus;
}) {
  const { t } = useTranslation();
  const text = t(`ui:firmware.${status}`);
  return (
    <Chip tone={LOOK[status].tone} icon={LOOK[status].icon} title={t(`ui:firmware.why.${status}`)}>
      {version === null ? text : `${formatFirmware(version)} · ${text}`}
    </Chip>
  );
}
