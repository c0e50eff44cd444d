import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { connection } from '../../engine/connection.ts';
import { ProblemCard } from '../../ui/problem-card.tsx';
import classes from './engine-banner.module.css';

/** How long the engine may take to come before it is said that it is awaited. */
const LATE_MS = 1_000;

/** Says when the part that talks to meters is not there. Nothing while it is, or has only begun to come. */
export function EngineBanner() {
  const { t } = useTranslation();
  const { engine, connected } = useStore(connection);
  const late = useLate(!connected);
  if (engine.state === 'failed') {
    return (
      <div className={classes['place']}>
        <ProblemCard problem={engine.problem}>
          <Button onClick={() => void window.meterwright.shell.restartEngine()}>{t('app:engine.start')}</Button>
        </ProblemCard>
      </div>
    );
  }
  if (connected || (engine.state !== 'restarting' && !late)) return null;
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

/** True when something has lasted longer than every start should: a word that comes and goes at once would only move the screen. */
function useLate(lasts: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!lasts) return;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [lasts]);
  return late;
}
