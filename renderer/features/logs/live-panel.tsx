import { Button, Collapse, Group, NumberInput, PasswordInput, Progress } from '@mantine/core';
import { IconPlayerStop, IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { useFormat } from '../../ui/format.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { type Association, askForLogs, type LogReading, readNow, stopLive, useLiveOf } from './live-store.ts';
import classes from './logs.module.css';
import { RecorderList, recorderName } from './recorder-list.tsx';

interface LivePanelProps {
  readonly meter: ListedMeter;
  /** Called with the file of a log that was read. */
  readonly onOpen: (file: string) => void;
}

/** What the public client of a meter is called, and its management logical device. */
const PUBLIC = { clientSap: 16, serverSap: 1 } as const;

/** Logs as the meter has them now: which it exports, one of them read over DLMS, with rows, speed and Stop. */
export function LivePanel({ meter, onOpen }: LivePanelProps) {
  const { t } = useTranslation();
  const { list, reading } = useLiveOf(meter.id);
  const [association, setAssociation] = useState<Association | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const busy = reading?.state === 'busy' || list.state === 'busy';
  const recorders = list.state === 'ready' ? list.value : [];
  const wanted = recorders.find(({ id }) => id === chosen) ?? recorders[0];
  return (
    <Section title={t('logs:live.title')}>
      <div className={classes['stack']}>
        <span className="mw-quiet">{t('logs:live.about')}</span>
        <AssociationFields association={association} onAssociation={setAssociation} />
        <Group gap="sm">
          <Button
            variant={recorders.length === 0 ? 'filled' : 'default'}
            leftSection={<IconPlugConnected size={15} />}
            loading={list.state === 'busy'}
            onClick={() => void askForLogs(meter, association)}
          >
            {t('logs:live.ask')}
          </Button>
          {wanted !== undefined && (
            <Button loading={reading?.state === 'busy'} onClick={() => void readNow(meter, wanted, association)}>
              {t('logs:live.read', { name: recorderName(wanted, t) })}
            </Button>
          )}
          {busy && (
            <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={() => stopLive(meter.id)}>
              {t('logs:live.stop')}
            </Button>
          )}
        </Group>
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

interface AssociationFieldsProps {
  readonly association: Association | null;
  readonly onAssociation: (association: Association | null) => void;
}

/** For meters that take no public client; nothing is tried but what stands here. */
function AssociationFields({ association, onAssociation }: AssociationFieldsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const now = association ?? PUBLIC;
  const change = (part: Partial<Association>) => {
    const { password, ...rest } = { ...now, ...part };
    onAssociation(password === undefined || password === '' ? rest : { ...rest, password });
  };
  return (
    <div>
      <Button variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('logs:live.association')}
      </Button>
      <Collapse expanded={open}>
        <div className={classes['bar']}>
          <NumberInput
            label={t('logs:live.client')}
            min={1}
            max={65_535}
            allowDecimal={false}
            value={now.clientSap}
            onChange={(value) => typeof value === 'number' && value >= 1 && change({ clientSap: value })}
          />
          <NumberInput
            label={t('logs:live.server')}
            min={1}
            max={65_535}
            allowDecimal={false}
            value={now.serverSap}
            onChange={(value) => typeof value === 'number' && value >= 1 && change({ serverSap: value })}
          />
          <PasswordInput
            label={t('logs:live.password')}
            w={200}
            maxLength={64}
            visibilityToggleButtonProps={{ 'aria-label': t('logs:live.showPassword') }}
            value={association?.password ?? ''}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
        </div>
        <span className="mw-quiet">{t('logs:live.lockout')}</span>
      </Collapse>
    </div>
  );
}

function Outcome({ reading, onOpen }: { readonly reading: LogReading; readonly onOpen: (file: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = recorderName(reading.recorder, t);
  if (reading.state === 'failed') return <ProblemCard problem={reading.problem} />;
  if (reading.state === 'stopped') return <p role="status">{t('logs:live.stopped', { name })}</p>;
  if (reading.state === 'read') {
    const { rows, readout, file } = reading;
    return (
      <Group gap="sm" role="status">
        <span>
          {t('logs:live.done', {
            name,
            rows: format.number(rows),
            seconds: format.number(readout.milliseconds / 1000, 1),
          })}
        </span>
        <Button onClick={() => onOpen(file)}>{t('logs:live.open')}</Button>
      </Group>
    );
  }
  const { progress } = reading;
  if (progress === null) return <p role="status">{t('logs:live.connecting')}</p>;
  const { rows, of, rowsPerSecond, roundTrips } = progress;
  return (
    <div>
      <Progress.Root size="lg">
        <Progress.Section
          value={of === null || of === 0 ? 100 : (100 * rows) / of}
          aria-label={t('logs:live.progress')}
        />
      </Progress.Root>
      <Group justify="space-between" mt={4}>
        <span>
          {of === null
            ? t('logs:live.rows', { rows: format.number(rows) })
            : t('logs:live.rowsOf', { rows: format.number(rows), of: format.number(of) })}
        </span>
        <span>
          {t('logs:live.speed', { speed: format.number(Math.round(rowsPerSecond)), trips: format.number(roundTrips) })}
        </span>
      </Group>
    </div>
  );
}
