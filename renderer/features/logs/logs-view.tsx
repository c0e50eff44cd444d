import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogSource, SavedLogs } from '../../../shared/contract/logs.ts';
import type { BackupItem } from '../../../shared/domain/backup.ts';
import { engine } from '../../engine/client.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { WaveformsPanel } from '../waveforms/waveforms-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import classes from './logs.module.css';
import { RecorderList } from './recorder-list.tsx';

interface LogsViewProps {
  /** Stable while the same source is shown. */
  readonly source: LogSource;
  /** What was found, for a screen that shows who the meter is. */
  readonly onFound?: (found: SavedLogs | null) => void;
}

/** Everything that a source holds: its logs, one of them open, its waveforms, and the reasons for what is not there. */
export function LogsView({ source, onFound }: LogsViewProps) {
  const { t } = useTranslation();
  const [turn, setTurn] = useState(0);
  const load = useSavedLogs(source, turn, onFound);
  const [chosen, setChosen] = useState<string | null>(null);
  if (load.state === 'failed') return <ProblemCard problem={load.problem} onRetry={() => setTurn(turn + 1)} />;
  if (load.state !== 'ready') return <Loader aria-label={t('logs:reading')} />;
  const { logs, items, problems } = load.value;
  const shown = logs.find(({ recorder }) => recorder.id === chosen) ?? logs[0];
  const notAll = items.filter(({ id, state }) => id !== 'comtrade' && state !== 'saved');
  return (
    <div className={classes['stack']}>
      <Section title={t('logs:list.title')}>
        <div className={classes['stack']}>
          {problems.map((problem) => (
            <ProblemCard key={problem.because} problem={problem} />
          ))}
          {logs.length > 0 && (
            <RecorderList
              label={t('logs:list.title')}
              logs={logs.map((log) => ({ ...log, gaps: log.gapCount }))}
              chosen={shown?.recorder.id ?? null}
              onChosen={setChosen}
            />
          )}
          {logs.length === 0 && problems.length === 0 && (
            <EmptyState title={t('logs:none.title')} text={t('logs:none.text')} />
          )}
          {notAll.map((item) => (
            <Reason key={item.id} item={item} />
          ))}
        </div>
      </Section>
      {shown !== undefined && <LogPanel key={shown.recorder.id} source={source} log={shown} />}
      {'bag' in source && <WaveformsPanel source={source} item={items.find(({ id }) => id === 'comtrade')} />}
    </div>
  );
}

/** Why something is not, or not wholly, in the backup. */
function Reason({ item }: { readonly item: BackupItem }) {
  const { t } = useTranslation();
  return (
    <p>
      <Chip tone={item.state === 'partial' || item.state === 'failed' ? 'warn' : 'neutral'}>
        {t(`domain:itemState.${item.state}`)}
      </Chip>{' '}
      <strong>{t(`domain:item.${item.id}`)}</strong> {item.because}
    </p>
  );
}

function useSavedLogs(
  source: LogSource,
  turn: number,
  onFound: ((found: SavedLogs | null) => void) | undefined,
): Load<SavedLogs> {
  const [load, setLoad] = useState<Load<SavedLogs>>(BUSY);
  useEffect(() => {
    if (turn < 0) return;
    const stop = new AbortController();
    setLoad(BUSY);
    void ask(() => engine.logs.recorders({ source }, { signal: stop.signal })).then((found) => {
      if (stop.signal.aborted) return;
      setLoad(loaded(found));
      onFound?.(found.ok ? found.value : null);
    });
    return () => stop.abort();
  }, [source, turn, onFound]);
  return load;
}
