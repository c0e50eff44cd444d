import type { ReactNode } from 'react';
import type { FirmwareStatus } from '../../../shared/domain/firmware-status.ts';
import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Say } from '../../i18n/say.ts';
import { Chip, type Tone } from './chip.tsx';
import type { ChipIcon } from './icons.ts';

// Chips of long tables. Without hooks: they would be felt in each row, and the first picture is drawn without React.

const LOOK: Readonly<Record<FirmwareStatus, { tone: Tone; icon: ChipIcon }>> = {
  current: { tone: 'ok', icon: 'check' },
  'upgrade-available': { tone: 'info', icon: 'arrow-up' },
  'below-security-floor': { tone: 'danger', icon: 'shield-x' },
  unknown: { tone: 'neutral', icon: 'help' },
};

export interface FirmwareChipProps {
  readonly version: FirmwareVersion | null;
  readonly status: FirmwareStatus;
}

/** A firmware version with what is known about it. */
export function firmwareChip({ version, status }: FirmwareChipProps, t: (key: string) => string): ReactNode {
  const text = t(`ui:firmware.${status}`);
  return (
    <Chip tone={LOOK[status].tone} icon={LOOK[status].icon} title={t(`ui:firmware.why.${status}`)}>
      {version === null ? text : `${formatFirmware(version)} · ${text}`}
    </Chip>
  );
}

/** Stands wherever something of a simulated meter is shown. */
export function simulatedBadge(t: Say): ReactNode {
  return (
    <Chip tone="sim" icon="flask" title={t('ui:simulated.why')}>
      {t('ui:simulated.badge')}
    </Chip>
  );
}
