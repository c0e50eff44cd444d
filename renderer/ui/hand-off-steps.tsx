import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandOff } from '../../shared/domain/hand-off.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './lists.module.css';

interface HandOffStepsProps {
  readonly handOff: HandOff;
  /** Starts the vendor's software, where it is on this laptop. */
  readonly onStart?: () => void;
  /** What came of starting it. */
  readonly started?: ReactNode;
  /** The live watch on the meter. */
  readonly children?: ReactNode;
}

/** What a person does in the vendor's software, step by step, with the values to enter ready to copy. */
export function HandOffSteps({ handOff, onStart, started, children }: HandOffStepsProps) {
  const { t } = useTranslation();
  return (
    <div>
      <h3>{handOff.title}</h3>
      <ol className={classes['steps']}>
        {handOff.steps.map((step) => (
          <li key={step.text}>
            {step.text}
            {step.values.length > 0 && (
              <div className={classes['stepValues']}>
                {step.values.map(({ label, value }) => (
                  <div key={label} className={classes['stepValue']}>
                    <span className="mw-quiet">{label}</span>
                    <code className="mw-mono">{value}</code>
                    <CopyButton text={value} label={t('ui:handOff.copy', { label })} />
                  </div>
                ))}
              </div>
            )}
          </li>
        ))}
      </ol>
      {onStart !== undefined && (
        <Button mt="md" onClick={onStart}>
          {t('ui:handOff.start')}
        </Button>
      )}
      {started !== undefined && <div className={classes['started']}>{started}</div>}
      <p className="mw-quiet">{handOff.watch}</p>
      {children}
    </div>
  );
}
