import { Button, Group, SegmentedControl, TextInput } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogSource, SavedLog } from '../../../shared/contract/logs.ts';
import { engine } from '../../engine/client.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { ask, BUSY, IDLE, type Load, loaded } from '../ask.ts';
import { LogRows } from './log-rows.tsx';
import classes from './logs.module.css';
import { TrendPanel } from './plot/trend-panel.tsx';
import { recorderName } from './recorder-list.tsx';
import type { Which } from './source.ts';
import type { View } from './view.ts';

interface LogPanelProps {
  /** Stable while the same source is shown. */
  readonly source: LogSource;
  readonly log: SavedLog;
}

/** One log: its trends or its rows, a way to any time in it, and an export of what is in view. */
export function LogPanel({ source, log }: LogPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { recorder, rows, readout, continues } = log;
  const name = recorderName(recorder, t);
  const which = useMemo<Which>(() => ({ source, recorder: recorder.id }), [source, recorder.id]);
  const [face, setFace] = useState(recorder.kind === 'events' ? 'rows' : 'trend');
  const [view, setView] = useState<View | null>(null);
  const [goTo, setGoTo] = useState<{ readonly row: number } | null>(null);
  const speed = readout.milliseconds > 0 ? Math.round((1000 * readout.rows) / readout.milliseconds) : 0;
  return (
    <Section
      title={name}
      actions={
        recorder.kind === 'recorder' && (
          <SegmentedControl
            size="xs"
            aria-label={t('logs:panel.show')}
            value={face}
            onChange={setFace}
            data={[
              { value: 'trend', label: t('logs:panel.trend') },
              { value: 'rows', label: t('logs:panel.rows') },
            ]}
          />
        )
      }
    >
      <div className={classes['stack']}>
        <span className="mw-quiet">
          {t('logs:panel.readout', {
            count: readout.rows,
            rows: format.number(readout.rows),
            seconds: format.number(readout.milliseconds / 1000, 1),
            trips: format.number(readout.roundTrips),
            speed: format.number(speed),
          })}{' '}
          {readout.rebuilt > 0 && `${t('logs:panel.rebuilt', { count: readout.rebuilt })} `}
          {readout.undated > 0 && `${t('logs:panel.undated', { count: readout.undated })} `}
          {continues !== null &&
            t('logs:panel.continues', {
              bag: continues.bag,
              count: continues.overlap,
              time: format.local(continues.lastOfOlder),
            })}
        </span>
        {rows === 0 && <p className="mw-quiet">{t('logs:panel.empty')}</p>}
        {rows > 0 && face === 'trend' && (
          <TrendPanel
            label={name}
            which={which}
            columns={recorder.columns}
            interval={recorder.interval}
            view={view}
            onView={setView}
          />
        )}
        {rows > 0 && face === 'rows' && (
          <>
            <GoToTime which={which} start={log.first} onRow={(row) => setGoTo({ row })} />
            <LogRows
              label={t('logs:table.label', { log: name })}
              which={which}
              rows={rows}
              columns={recorder.columns}
              words={recorder.kind === 'events'}
              goTo={goTo}
            />
          </>
        )}
        {rows > 0 && <Export which={which} name={name} view={face === 'trend' ? view : null} />}
      </div>
    </Section>
  );
}

interface GoToTimeProps {
  readonly which: Which;
  /** Of the first row, ISO 8601 UTC. */
  readonly start: string | null;
  readonly onRow: (row: number) => void;
}

/** Goes to the row at a time of this PC's zone, or the next one after it. */
function GoToTime({ which, start, onRow }: GoToTimeProps) {
  const { t } = useTranslation();
  const [time, setTime] = useState(start === null ? '' : localInput(start));
  const [found, setFound] = useState<Load<{ row: number }>>(IDLE);
  const [early, setEarly] = useState(false);
  const at = Date.parse(time);

  async function go(): Promise<void> {
    setEarly(Number.isNaN(at));
    if (Number.isNaN(at)) return;
    setFound(BUSY);
    const answer = await ask(() => engine.logs.at({ ...which, time: at }));
    setFound(loaded(answer));
    if (answer.ok) onRow(answer.value.row);
  }
  return (
    <form
      className={classes['bar']}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <TextInput
        type="datetime-local"
        step={1}
        label={t('logs:table.goTo')}
        value={time}
        error={early ? t('logs:table.noTime') : undefined}
        onChange={(event) => setTime(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={found.state === 'busy'}>
        {t('logs:table.go')}
      </Button>
      {found.state === 'failed' && <ProblemCard problem={found.problem} />}
    </form>
  );
}

/** A point in time as a field of this PC's zone has it: "2026-11-22T19:04:05". */
function localInput(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

interface ExportProps {
  readonly which: Which;
  readonly name: string;
  /** What is in view; null for the whole log. */
  readonly view: View | null;
}

/** Writes what is in view to a file that a person chooses. */
function Export({ which, name, view }: ExportProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [written, setWritten] = useState<Load<{ file: string; rows: number; undated: number }>>(IDLE);

  async function write(): Promise<void> {
    const out = await window.meterwright.shell.pickSaveFile('csv', fileName(name));
    if (out === null) return;
    setWritten(BUSY);
    const range = view === null ? { from: null, to: null } : { from: view.from, to: view.to };
    setWritten(loaded(await ask(() => engine.logs.export({ ...which, ...range, out }))));
  }
  return (
    <Group gap="sm">
      <Button
        variant="default"
        leftSection={<IconFileExport size={15} />}
        loading={written.state === 'busy'}
        onClick={() => void write()}
      >
        {view === null ? t('logs:export.all') : t('logs:export.view')}
      </Button>
      <span role="status" className="mw-quiet">
        {written.state === 'ready' &&
          t('logs:export.done', { file: written.value.file, rows: format.number(written.value.rows) })}
        {written.state === 'ready' &&
          written.value.undated > 0 &&
          ` ${t('logs:export.undated', { count: written.value.undated })}`}
      </span>
      {written.state === 'failed' && <ProblemCard problem={written.problem} />}
    </Group>
  );
}

/** A file name that every system takes. */
function fileName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N} _.-]+/gu, '-').slice(0, 100);
  return `${safe.replace(/^[. ]+|[. ]+$/g, '') || 'log'}.csv`;
}
