import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecordersPlan } from '../../../../shared/domain/change.ts';
import type { FirmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { adviseMerges, type RecorderMerge } from '../../../../shared/domain/settings/recorders/merge.ts';
import type { Recorders } from '../../../../shared/domain/settings/recorders/recorder.ts';
import { useFormat } from '../../../ui/text/format.ts';
import classes from '../configure.module.css';

interface MergeAdviceProps {
  readonly now: Recorders;
  readonly firmware: FirmwareVersion | null;
  readonly wishes: RecordersPlan;
  readonly onWishes: (wishes: RecordersPlan) => void;
}

/** Which recorders could become one of up to 50 sources, what that would cost, and the plan for it. */
export function MergeAdvice({ now, firmware, wishes, onWishes }: MergeAdviceProps) {
  const { t } = useTranslation();
  if (firmware === null || now.size === 0) return null;
  const { merges, because } = adviseMerges(now, { firmware });
  return (
    <details className={classes['details']}>
      <summary>{t('configure:merge.title')}</summary>
      <div className={classes['stack']}>
        <p className={classes['note']}>{because}</p>
        {merges.map((merge) => (
          <Merge
            key={merge.recorders.join()}
            merge={merge}
            onUse={(number) => {
              // The name stays; sources, depth and the rest are those of the large recorder.
              const { name: _, ...merged } = merge.merged;
              onWishes({ recorders: { ...wishes.recorders, [String(number)]: merged } });
            }}
          />
        ))}
      </div>
    </details>
  );
}

function Merge({ merge, onUse }: { readonly merge: RecorderMerge; readonly onUse: (number: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [first] = merge.recorders;
  if (first === undefined) return null;
  const days = (value: number) => format.number(value, value < 100 ? 1 : 0);
  const says = [
    t('configure:merge.days', {
      before: merge.daysBefore.map((member) => `${member.recorder}: ${days(member.days)}`).join(', '),
      after: days(merge.daysAfter),
    }),
    ...(merge.lessHistory ? [t('configure:merge.less')] : []),
    ...(merge.hiddenFromDlms > 0 ? [t('configure:merge.hidden', { count: merge.hiddenFromDlms })] : []),
    ...(merge.factoryLogs.length > 0
      ? [t('configure:merge.factory', { recorders: merge.factoryLogs.join(', ') })]
      : []),
    t('configure:merge.erases', { recorder: first }),
  ];
  return (
    <div className={classes['stack']}>
      <strong>
        {t('configure:merge.of', { recorders: merge.recorders.join(', '), count: merge.merged.sources.length })}
      </strong>
      <ul className={classes['list']}>
        {says.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <div>
        <Button variant="default" onClick={() => onUse(first)}>
          {t('configure:merge.use')}
        </Button>
      </div>
    </div>
  );
}
