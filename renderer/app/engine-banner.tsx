import { Button, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { connection } from '../engine/connection.ts';
import { ProblemCard } from '../ui/problem-card.tsx';
import classes from './engine-banner.module.css';

/** Says when the part that talks to meters is not there. Nothing while it is. */
export function EngineBanner() {
  const { t } = useTranslation();
  const { engine, connected } = useStore(connection);
  if (engine.state === 'failed') {
    return (
      <div className={classes['place']}>
        <ProblemCard problem={engine.problem}>
          <Button onClick={() => void window.meterwright.shell.restartEngine()}>{t('app:engine.start')}</Button>
        </ProblemCard>
      </div>
    );
  }
  if (connected) return null;
  const text = engine.state === 'restarting' ? t('app:engine.restarting') : t('app:engine.starting');
  return (
    <div className={classes['banner']} role="status" data-serious={engine.state === 'restarting'}>
      <Loader size="xs" color="currentColor" />
      <span>
        <strong>{text}</strong>
        {engine.state === 'restarting' && ` ${t('app:engine.jobs')} (${engine.because})`}
      </span>
    </div>
  );
}
