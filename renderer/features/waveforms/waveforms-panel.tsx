import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogSource } from '../../../shared/contract/logs.ts';
import type { ListedWaveform } from '../../../shared/contract/waveforms.ts';
import type { BackupItem } from '../../../shared/domain/backup.ts';
import { engine } from '../../engine/client.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import classes from '../logs/logs.module.css';
import { WaveformViewer } from './waveform-viewer.tsx';

interface WaveformsPanelProps {
  /** Stable while the same source is shown. */
  readonly source: LogSource;
  /** What the backup says of its waveforms. */
  readonly item: BackupItem | undefined;
}

/** The waveform records of a backup, one of them open. */
export function WaveformsPanel({ source, item }: WaveformsPanelProps) {
  const { t } = useTranslation();
  const [load, setLoad] = useState<Load<readonly ListedWaveform[]>>(BUSY);
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    void ask(() => engine.waveforms.list({ source }, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted) setLoad(loaded(found));
    });
    return () => stop.abort();
  }, [source]);
  return (
    <>
      <Section title={t('waveforms:title')}>
        {load.state === 'busy' && <Loader aria-label={t('waveforms:reading')} />}
        {load.state === 'failed' && <ProblemCard problem={load.problem} />}
        {load.state === 'ready' && load.value.length === 0 && (
          <p className="mw-quiet">
            {t('waveforms:none')} {item?.because}
          </p>
        )}
        {load.state === 'ready' && load.value.length > 0 && (
          <Records records={load.value} open={open} onOpen={(file) => setOpen(open === file ? null : file)} />
        )}
      </Section>
      {open !== null && <WaveformViewer key={open} source={source} file={open} />}
    </>
  );
}

interface RecordsProps {
  readonly records: readonly ListedWaveform[];
  readonly open: string | null;
  readonly onOpen: (file: string) => void;
}

function Records({ records, open, onOpen }: RecordsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={t('waveforms:title')}>
        <thead>
          <tr>
            <th scope="col">{t('waveforms:record')}</th>
            <th scope="col">{t('waveforms:trigger')}</th>
            <th scope="col">{t('waveforms:channels')}</th>
            <th scope="col">{t('waveforms:samples')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {records.map(({ file, facts, problem, bytes }) => (
            <tr key={file}>
              <th scope="row">{file.replace(/\.cfg$/i, '')}</th>
              {facts === null ? (
                <td colSpan={3}>{problem?.because}</td>
              ) : (
                <>
                  <td>{facts.trigger}</td>
                  <td>{t('waveforms:counts', { analogs: facts.analogs, digitals: facts.digitals })}</td>
                  <td>
                    {format.number(facts.samples)} · {format.bytes(bytes)}
                    {problem !== null && <div>{problem.because}</div>}
                  </td>
                </>
              )}
              <td>
                {problem === null && (
                  <Button
                    variant="default"
                    aria-expanded={open === file}
                    aria-label={t(open === file ? 'waveforms:closeOf' : 'waveforms:openOf', { file })}
                    onClick={() => onOpen(file)}
                  >
                    {t(open === file ? 'waveforms:close' : 'waveforms:open')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
