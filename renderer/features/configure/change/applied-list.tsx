import { Loader } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationView } from '../../../../shared/contract/settings-calls.ts';
import { CHANGE_OUTCOMES, type ChangeOutcome } from '../../../../shared/domain/change.ts';
import { engine } from '../../../engine/client.ts';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import { SimulatedBadge } from '../../../ui/chips/simulated-badge.tsx';
import lists from '../../../ui/lists.module.css';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { TimeText } from '../../../ui/text/time-text.tsx';
import { askPlain, BUSY, type Load, loaded } from '../../ask.ts';
import classes from '../configure.module.css';
import { OutcomeTable } from './outcome-table.tsx';
import { RunReport } from './run-report.tsx';

const TONE: Readonly<Record<ChangeOutcome, Tone>> = {
  written: 'ok',
  skipped: 'neutral',
  failed: 'danger',
  'cannot-be-read-back': 'warn',
};
/** More than a person looks through; the files of all are in the data folder. */
const MOST = 200;

interface AppliedListProps {
  /** Of one meter by its serial number, or of all for null. */
  readonly serial: string | null;
  /** Nothing at all where nothing was applied. */
  readonly hideEmpty?: boolean;
}

/** Settings that were applied from this laptop, newest first, each with its outcomes. */
export function AppliedList({ serial, hideEmpty = false }: AppliedListProps) {
  const { t } = useTranslation();
  const { load, again } = useApplied(serial);
  if (hideEmpty && load.state === 'ready' && load.value.length === 0) return null;
  return (
    <Section title={t('configure:applied.title')}>
      {load.state === 'busy' && <Loader aria-label={t('configure:now.reading')} />}
      {load.state === 'failed' && <ProblemCard problem={load.problem} onRetry={() => void again()} />}
      {load.state === 'ready' && load.value.length === 0 && (
        <p className={classes['note']}>{t('configure:applied.none')}</p>
      )}
      {load.state === 'ready' && load.value.length > 0 && (
        <div className={classes['words']}>
          <table className={lists['table']} aria-label={t('configure:applied.title')}>
            <thead>
              <tr>
                <th scope="col">{t('configure:applied.at')}</th>
                {serial === null && <th scope="col">{t('configure:applied.meter')}</th>}
                <th scope="col">{t('configure:applied.area')}</th>
                <th scope="col">{t('configure:applied.by')}</th>
                <th scope="col">{t('configure:applied.result')}</th>
                <th scope="col">{t('configure:applied.details')}</th>
              </tr>
            </thead>
            <tbody>
              {load.value.slice(0, MOST).map((record) => (
                <Applied key={record.run} record={record} named={serial === null} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Applied({ record, named }: { readonly record: ConfigurationView; readonly named: boolean }) {
  const { t } = useTranslation();
  const { run, at, meter, serial, simulated, area, by, results, problem } = record;
  return (
    <tr>
      <th scope="row">
        <TimeText at={at} />
      </th>
      {named && (
        <td>
          {meter ?? serial} {simulated && <SimulatedBadge />}
        </td>
      )}
      <td>{t(`rules:area.${area}`)}</td>
      <td>{by}</td>
      <td>
        <span className={classes['bar']}>
          {CHANGE_OUTCOMES.map((outcome) => {
            const count = results.filter((result) => result.outcome === outcome).length;
            return (
              count > 0 && (
                <Chip key={outcome} tone={TONE[outcome]}>
                  {t('configure:applied.count', { count, outcome: t(`rules:outcome.${outcome}`) })}
                </Chip>
              )
            );
          })}
          {results.length === 0 && problem === null && <Chip tone="danger">{t('configure:applied.unfinished')}</Chip>}
        </span>
      </td>
      <td>
        <details className={classes['details']}>
          <summary>{t('configure:applied.details')}</summary>
          {problem !== null && (
            <p className={classes['note']}>
              {problem.title}: {problem.because}
            </p>
          )}
          <OutcomeTable area={area} results={results} />
          <RunReport run={run} />
        </details>
      </td>
    </tr>
  );
}

function useApplied(serial: string | null) {
  const [load, setLoad] = useState<Load<readonly ConfigurationView[]>>(BUSY);
  const again = useCallback(
    async () => setLoad(loaded(await askPlain(() => engine.configure.records({ serial })))),
    [serial],
  );
  useEffect(() => void again(), [again]);
  return { load, again };
}
