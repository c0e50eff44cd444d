import { Button, Group } from '@mantine/core';
import { IconAlertOctagon, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../shared/domain/problem.ts';
import { CopyButton } from './copy-button.tsx';
import { KeyValueList } from './key-value-list.tsx';
import classes from './problem-card.module.css';
import { meterStateOf, nextStepOf, titleOf } from './problem-words.ts';
import { EngineText } from './text/engine-text.tsx';

interface ProblemCardProps {
  readonly problem: Problem;
  /** Stands for the title of the problem. */
  readonly title?: string;
  readonly onRetry?: () => void;
  readonly retryLabel?: string;
  /** Further ways out. */
  readonly children?: ReactNode;
}

/** What happened, why, what state the meter is in, and what to do next. */
export function ProblemCard({ problem, title, onRetry, retryLabel, children }: ProblemCardProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section className={classes['card']} aria-labelledby={id} role="alert">
      <h3 id={id} className={classes['title']}>
        <IconAlertOctagon size={16} aria-hidden="true" />
        {title ?? titleOf(problem, t)}
      </h3>
      <KeyValueList
        items={[
          { label: t('ui:problem.because'), value: <EngineText words={{ text: problem.because, lang: 'en' }} /> },
          { label: t('ui:problem.meterState'), value: <strong>{meterStateOf(problem, t)}</strong> },
          { label: t('ui:problem.nextStep'), value: <EngineText words={nextStepOf(problem, t)} /> },
        ]}
      />
      <Group gap="xs" mt="sm">
        {onRetry !== undefined && (
          <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
            {retryLabel ?? t('ui:problem.again')}
          </Button>
        )}
        {children}
        <CopyButton text={textOfProblem(problem)} label={t('ui:problem.copy')} />
        <span className="mw-quiet mw-mono">{problem.code}</span>
      </Group>
    </section>
  );
}

/** A problem as a text for a mail or a ticket; problems carry no secrets. */
function textOfProblem(problem: Problem): string {
  const { code, title, because, meterState, nextStep, details } = problem;
  const facts = Object.entries(details).map(([name, value]) => `${name}: ${String(value)}`);
  return [`${title} (${code})`, because, meterState, nextStep, ...facts].join('\n');
}
