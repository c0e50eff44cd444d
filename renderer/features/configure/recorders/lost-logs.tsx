import { Button, Group, TextInput } from '@mantine/core';
import { IconDatabaseExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { Change } from '../../../../shared/domain/change.ts';
import { navigate } from '../../../app/router.ts';
import { Chip } from '../../../ui/chips/chip.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import classes from '../configure.module.css';
import { erasedLogs, type SetupAreaName } from '../plans.ts';
import { giveUpLog, review, usePane } from '../store.ts';

interface LostLogsProps {
  readonly meter: ListedMeter;
  readonly area: SetupAreaName;
  readonly changes: readonly Change[];
  readonly reading: AreaReadingView;
}

/** Every log that the changes erase, whether a backup holds it, and the two ways on where none does. */
export function LostLogs({ meter, area, changes, reading }: LostLogsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { giveUp } = usePane(meter.id, area);
  return (
    <ul className={classes['sayings']} aria-label={t('configure:lost.title')}>
      {erasedLogs(changes).map(({ recorder, records, backup }) => {
        const name = reading.settings.find(({ id }) => id === `${recorder}.name`)?.value;
        const called =
          typeof name === 'string' && name !== '' && name !== 'unread'
            ? name
            : t('configure:recorder.number', { number: recorder });
        const reason = giveUp[String(recorder)];
        return (
          <li key={recorder}>
            <span>
              <Chip tone={backup === 'fresh' ? 'ok' : 'danger'}>{t(`configure:lost.${backup}`)}</Chip>
            </span>
            <div className={classes['stack']}>
              <strong>
                {records === null
                  ? t('configure:lost.erasesUnknown', { name: called })
                  : t('configure:lost.erases', { name: called, records: format.number(records) })}
              </strong>
              {backup === 'missing' && reason !== undefined && (
                <div className={classes['bar']}>
                  <span className="mw-quiet">{t('configure:lost.given', { reason })}</span>
                  <Button
                    variant="subtle"
                    onClick={() => {
                      giveUpLog(meter.id, area, recorder, '');
                      void review(meter, area);
                    }}
                  >
                    {t('configure:lost.takeBack')}
                  </Button>
                </div>
              )}
              {backup === 'missing' && reason === undefined && (
                <Ways
                  name={called}
                  onBackup={() => navigate('meter', meter.id, 'backups')}
                  onGiveUp={(why) => {
                    giveUpLog(meter.id, area, recorder, why);
                    void review(meter, area);
                  }}
                />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

interface WaysProps {
  readonly name: string;
  readonly onBackup: () => void;
  readonly onGiveUp: (reason: string) => void;
}

function Ways({ name, onBackup, onGiveUp }: WaysProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [early, setEarly] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setEarly(reason.trim() === '');
        if (reason.trim() !== '') onGiveUp(reason.trim());
      }}
    >
      <Group align="flex-end" gap="sm">
        <Button leftSection={<IconDatabaseExport size={15} />} onClick={onBackup}>
          {t('configure:lost.backup')}
        </Button>
        <TextInput
          label={t('configure:lost.reason', { name })}
          value={reason}
          maxLength={1000}
          w={300}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={early && reason.trim() === '' ? t('configure:lost.needReason') : undefined}
        />
        <Button type="submit" variant="default">
          {t('configure:lost.giveUp')}
        </Button>
      </Group>
    </form>
  );
}
