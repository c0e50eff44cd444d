import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { navigate } from '../../app/router.ts';
import { BacnetPane } from './bacnet/pane.tsx';
import { ClockPane } from './clock-pane.tsx';
import classes from './configure.module.css';
import { PasswordsPane } from './passwords/pane.tsx';
import { RecordersPane } from './recorders/pane.tsx';

/** The panes, in the order of the tab. */
const PANES = ['bacnet', 'security', 'recorders', 'clock'] as const;

interface ConfigureTabProps {
  readonly meter: ListedMeter;
  /** The pane that the address names, if any. */
  readonly pane: string | undefined;
}

/** The settings of a meter that an upgrade brings: one pane for each area. */
export function ConfigureTab({ meter, pane }: ConfigureTabProps) {
  const { t } = useTranslation();
  const shown = PANES.find((name) => name === pane) ?? 'bacnet';
  return (
    <div className={classes['stack']}>
      <SegmentedControl
        aria-label={t('configure:panes')}
        data={PANES.map((value) => ({ value, label: t(`rules:area.${value}`) }))}
        value={shown}
        onChange={(next) => navigate('meter', meter.id, 'configure', next)}
        style={{ alignSelf: 'flex-start' }}
      />
      {shown === 'bacnet' && <BacnetPane meter={meter} />}
      {shown === 'security' && <PasswordsPane meter={meter} />}
      {shown === 'recorders' && <RecordersPane meter={meter} />}
      {shown === 'clock' && <ClockPane meter={meter} />}
    </div>
  );
}
