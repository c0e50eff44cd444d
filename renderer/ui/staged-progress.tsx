import { Progress } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { IconHandStop, IconLockExclamation, IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { JobProgress, StopSafety } from '../../shared/domain/job.ts';
import classes from './staged-progress.module.css';
import { useFormat } from './text/format.ts';
import { RowsText } from './text/rows-text.tsx';
import { useNow } from './text/use-now.ts';

const STOP = {
  safe: { tone: 'ok', icon: <IconShieldCheck size={16} aria-hidden="true" /> },
  'too-late': { tone: 'danger', icon: <IconLockExclamation size={16} aria-hidden="true" /> },
  ended: { tone: 'neutral', icon: <IconHandStop size={16} aria-hidden="true" /> },
} as const;

interface StagedProgressProps {
  readonly progress: JobProgress;
  /** The time in milliseconds, where the caller fixes it. */
  readonly now?: number;
}

/**
 * Where long work stands: stage k of n, bytes and rate while bytes flow, rows and rate while those of a log come, a countdown while something is waited for, and at every moment
 * whether it is safe to stop. Where neither is known nothing is claimed: the bar then only shows that the stage is under way.
 */
export function StagedProgress({ progress, now }: StagedProgressProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const calm = useReducedMotion();
  const { stage, bytes, rows, secondsLeft, waitUntil, stop, message } = progress;
  const clock = useNow(500, waitUntil !== undefined && now === undefined);
  const wait = waitUntil === undefined ? undefined : (Date.parse(waitUntil) - (now ?? clock)) / 1000;
  const share = bytes ?? rows;
  const percent = !share?.total ? undefined : Math.min(100, (100 * share.done) / share.total);
  const name = t('ui:progress.stage', { index: stage.index, count: stage.count, label: stage.label });
  return (
    <div className={classes['progress']}>
      <div className={classes['head']}>
        <strong>{name}</strong>
        {percent !== undefined && <span>{t('ui:progress.percent', { percent: format.number(percent) })}</span>}
      </div>
      <div className={classes['stages']} aria-hidden="true">
        {Array.from({ length: stage.count }, (_, index) => index + 1).map((step) => (
          <span key={step} data-state={step < stage.index ? 'past' : step === stage.index ? 'now' : 'later'} />
        ))}
      </div>
      {stop !== 'ended' && (
        <Progress.Root size="lg">
          {percent === undefined ? (
            <Progress.Section value={100} striped animated={!calm} color="var(--mw-edge)" withAria={false} />
          ) : (
            <Progress.Section value={percent} aria-label={name} />
          )}
        </Progress.Root>
      )}
      <div className={classes['facts']}>
        <span aria-live="polite">{message}</span>
        {bytes !== undefined && (
          <span>
            {t('ui:progress.bytes', { done: format.bytes(bytes.done), total: format.bytes(bytes.total) })}
            {bytes.perSecond > 0 && ` · ${t('ui:progress.rate', { rate: format.bytes(bytes.perSecond) })}`}
            {secondsLeft !== undefined &&
              bytes.perSecond > 0 &&
              ` · ${t('ui:progress.left', { time: format.duration(secondsLeft) })}`}
          </span>
        )}
        {rows !== undefined && (
          <span>
            <RowsText rows={rows} />
          </span>
        )}
        {wait !== undefined && (
          <span>{wait > 0 ? t('ui:progress.wait', { time: format.duration(wait) }) : t('ui:progress.waitOver')}</span>
        )}
      </div>
      <StopLine stop={stop} />
    </div>
  );
}

/** Whether it is safe to stop, now. */
export function StopLine({ stop }: { readonly stop: StopSafety }) {
  const { t } = useTranslation();
  return (
    <p className={classes['stop']} data-tone={STOP[stop].tone}>
      {STOP[stop].icon}
      {t(`ui:progress.stop.${stop}`)}
    </p>
  );
}
