import { Button, Group, Progress } from '@mantine/core';
import { IconPlayerStop, IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DlmsRequest } from '../../../../shared/contract/dlms.ts';
import type { LogReadEvent } from '../../../../shared/contract/logs.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import classes from '../logs.module.css';
import { RecorderList, recorderName } from '../recorder-list.tsx';
import { AssociationFields, isComplete } from './association.tsx';
import { askForLogs, readNow, stopLive, useLiveOf } from './store.ts';

interface LivePanelProps {
  readonly meter: ListedMeter;
  /** Called with the file of a log that was read. */
  readonly onOpen: (file: string) => void;
}

/** Logs as the meter has them now: which it exports, one of them read over DLMS, with rows, speed and Stop. */
export function LivePanel({ meter, onOpen }: LivePanelProps) {
  const { t } = useTranslation();
  const { list, reading, known } = useLiveOf(meter.id);
  // What was entered stands until the meter took it; then it is known.
  const [said, setSaid] = useState<DlmsRequest | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const isReading = reading?.type === 'progress';
  const recorders = list.state === 'ready' ? list.value : [];
  const wanted = recorders.find(({ id }) => id === chosen) ?? recorders[0];
  return (
    <Section title={t('logs:live.title')}>
      <div className={classes['stack']}>
        <span className="mw-quiet">{t('logs:live.about')}</span>
        <AssociationFields said={said} known={known} onSaid={setSaid} />
        <Group gap="sm">
          <Button
            variant={recorders.length === 0 ? 'filled' : 'default'}
            leftSection={<IconPlugConnected size={15} />}
            loading={list.state === 'busy'}
            disabled={isReading || !isComplete(said)}
            onClick={() => void askForLogs(meter, said).then((taken) => taken && setSaid(null))}
          >
            {t('logs:live.ask')}
          </Button>
          {wanted !== undefined && (
            <Button loading={isReading} disabled={said !== null} onClick={() => void readNow(meter, wanted)}>
              {t('logs:live.read', { name: recorderName(wanted, t) })}
            </Button>
          )}
          {(isReading || list.state === 'busy') && (
            <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={() => void stopLive(meter)}>
              {t('logs:live.stop')}
            </Button>
          )}
        </Group>
        {said !== null && recorders.length > 0 && <span className="mw-quiet">{t('logs:live.askFirst')}</span>}
        {list.state === 'failed' && <ProblemCard problem={list.problem} />}
        {list.state === 'ready' && recorders.length === 0 && <p>{t('logs:live.none')}</p>}
        {recorders.length > 0 && (
          <RecorderList
            label={t('logs:live.list')}
            logs={recorders.map((recorder) => ({
              recorder,
              rows: recorder.entries,
              first: recorder.first,
              last: recorder.last,
              gaps: null,
            }))}
            chosen={wanted?.id ?? null}
            onChosen={setChosen}
          />
        )}
        {reading !== null && <Outcome reading={reading} onOpen={onOpen} />}
      </div>
    </Section>
  );
}

/** How far the read is, or how it ended. */
function Outcome({ reading, onOpen }: { readonly reading: LogReadEvent; readonly onOpen: (file: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = recorderName(reading.log, t);
  if (reading.type === 'failed') return <ProblemCard problem={reading.problem} />;
  if (reading.type === 'stopped') return <p role="status">{t('logs:live.stopped', { name })}</p>;
  if (reading.type === 'done') {
    const { rows, readout, file } = reading.result;
    return (
      <Group gap="sm" role="status">
        <span>
          {t('logs:live.done', {
            name,
            count: rows,
            rows: format.number(rows),
            seconds: format.number(readout.milliseconds / 1000, 1),
          })}
        </span>
        <Button onClick={() => onOpen(file)}>{t('logs:live.open')}</Button>
      </Group>
    );
  }
  const { progress } = reading;
  if (progress === null) return <p role="status">{t('logs:live.connecting', { name })}</p>;
  const { rows, of, rowsPerSecond, roundTrips } = progress;
  return (
    <div>
      <Progress.Root size="lg">
        <Progress.Section
          value={of === null || of === 0 ? 100 : (100 * rows) / of}
          aria-label={t('logs:live.progress', { name })}
        />
      </Progress.Root>
      <Group justify="space-between" mt={4}>
        <span>
          {of === null
            ? t('logs:live.rows', { name, rows: format.number(rows) })
            : t('logs:live.rowsOf', { name, rows: format.number(rows), of: format.number(of) })}
        </span>
        <span>
          {t('logs:live.speed', { speed: format.number(Math.round(rowsPerSecond)), trips: format.number(roundTrips) })}
        </span>
      </Group>
    </div>
  );
}
