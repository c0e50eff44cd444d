import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './path.module.css';
import { STEPS, type Step } from './steps.ts';

interface StepPathProps {
  readonly current: Step;
  /** Steps that can be gone to from here. */
  readonly open: readonly Step[];
  readonly onGo: (step: Step) => void;
}

/** The whole path, always visible: which steps are done, where one is, what comes. */
export function StepPath({ current, open, onGo }: StepPathProps) {
  const { t } = useTranslation();
  const at = STEPS.indexOf(current);
  return (
    <nav aria-label={t('upgrade:steps.label')}>
      <ol className={classes['path']}>
        {STEPS.map((step, index) => {
          const stands = index < at ? 'done' : index === at ? 'current' : 'later';
          const content = (
            <>
              <span className={classes['number']} aria-hidden="true">
                {stands === 'done' ? <IconCheck size={15} stroke={2.5} /> : index + 1}
              </span>
              <span className={classes['name']}>{t(`upgrade:steps.${step}`)}</span>
              <span className="mw-hidden">{`, ${t(`upgrade:steps.${stands}`)}`}</span>
            </>
          );
          return (
            <li key={step} aria-current={stands === 'current' ? 'step' : undefined}>
              {open.includes(step) && stands !== 'current' ? (
                <button type="button" className={classes['step']} data-stands={stands} onClick={() => onGo(step)}>
                  {content}
                </button>
              ) : (
                <div className={classes['step']} data-stands={stands}>
                  {content}
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
