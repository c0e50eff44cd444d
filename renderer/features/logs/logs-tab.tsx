import { Button, Select } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeptLog, LogSource } from '../../../shared/contract/logs.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { navigate } from '../../app/router.ts';
import { engine } from '../../engine/client.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { ask, IDLE, type Load, loaded } from '../ask.ts';
import { readList, useBackups } from '../backups/store.ts';
import { LivePanel } from './live/panel.tsx';
import { findReading, useLiveOf } from './live/store.ts';
import classes from './logs.module.css';
import { LogsView } from './logs-view.tsx';
import { recorderName } from './recorder-list.tsx';

interface LogsTabProps {
  readonly meter: ListedMeter;
  readonly serial: string | null;
}

/** The logs of a meter: of its newest backup, of an older one, of a log that was read from it, or read now. */
export function LogsTab({ meter, serial }: LogsTabProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { list } = useBackups();
  const { kept, readKept } = useKept(serial);
  const [chosen, setChosen] = useState<string | null>(null);
  const [live, setLive] = useState(false);
  const isReading = useLiveOf(meter.id).reading?.type === 'progress';
  useEffect(() => void readList(), []);
  useEffect(() => void findReading(meter), [meter]);
  // A read that was begun before this page was loaded is shown by itself.
  useEffect(() => setLive((shown) => shown || isReading), [isReading]);

  const bags = list.state === 'ready' ? list.value.filter((bag) => serial !== null && bag.serial === serial) : [];
  const files = kept.state === 'ready' ? kept.value : [];
  const options = [
    {
      group: t('logs:source.backups'),
      items: bags.map(({ bag, takenAt }, index) => ({
        value: `bag ${bag}`,
        label: t(index === 0 ? 'logs:source.newest' : 'logs:source.backup', {
          time: takenAt === null ? '–' : format.local(takenAt),
        }),
      })),
    },
    {
      group: t('logs:source.files'),
      items: files.map(({ file, recorder, rows, readAt }) => ({
        value: `file ${file}`,
        label: t('logs:source.file', {
          name: recorderName(recorder, t),
          time: format.local(readAt),
          rows: format.number(rows),
        }),
      })),
    },
  ].filter(({ items }) => items.length > 0);
  const values = options.flatMap(({ items }) => items.map(({ value }) => value));
  const value = chosen !== null && values.includes(chosen) ? chosen : (values[0] ?? null);
  const source = useMemo(() => sourceOf(value), [value]);

  return (
    <div className={classes['stack']}>
      <div className={classes['bar']}>
        {options.length > 0 && (
          <Select
            label={t('logs:source.label')}
            data={options}
            value={value}
            onChange={setChosen}
            allowDeselect={false}
            w={420}
          />
        )}
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={15} />}
          aria-expanded={live}
          onClick={() => setLive(!live)}
        >
          {t('logs:source.live')}
        </Button>
      </div>
      {list.state === 'failed' && <ProblemCard problem={list.problem} onRetry={() => void readList()} />}
      {kept.state === 'failed' && <ProblemCard problem={kept.problem} onRetry={() => void readKept()} />}
      {live && (
        <LivePanel
          meter={meter}
          onOpen={(file) => {
            setChosen(`file ${file}`);
            void readKept();
          }}
        />
      )}
      {source !== null && <LogsView key={value} source={source} />}
      {source === null && list.state === 'ready' && (
        <EmptyState
          title={t('logs:source.none')}
          text={serial === null ? t('logs:source.noSerial') : t('logs:source.noneWhat')}
        >
          <Button onClick={() => navigate('meter', meter.id, 'backups')}>{t('logs:source.toBackups')}</Button>
        </EmptyState>
      )}
    </div>
  );
}

function sourceOf(value: string | null): LogSource | null {
  if (value === null) return null;
  return value.startsWith('bag ') ? { bag: value.slice('bag '.length) } : { file: value.slice('file '.length) };
}

/** The logs of a meter that were read into the data folder. */
function useKept(serial: string | null) {
  const [kept, setKept] = useState<Load<readonly KeptLog[]>>(IDLE);
  const readKept = useMemo(
    () => async () => {
      if (serial !== null) setKept(loaded(await ask(() => engine.logs.kept({ serial }))));
    },
    [serial],
  );
  useEffect(() => void readKept(), [readKept]);
  return { kept, readKept };
}
