import { useTranslation } from 'react-i18next';
import type { RecordersPlan } from '../../../../shared/domain/change.ts';
import { recorderFigures } from '../../../../shared/domain/settings/recorders/history.ts';
import { plannedRecorder } from '../../../../shared/domain/settings/recorders/plan.ts';
import type { Recorders } from '../../../../shared/domain/settings/recorders/recorder.ts';
import type { RuleRow } from '../../../../shared/domain/settings/rule-row.ts';
import { Chip } from '../../../ui/chips/chip.tsx';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import lists from '../../../ui/lists.module.css';
import { useFormat } from '../../../ui/text/format.ts';
import classes from '../configure.module.css';
import { worstOf } from '../plans.ts';

interface RecorderListProps {
  /** The recorders that are in use. */
  readonly now: Recorders;
  readonly wishes: RecordersPlan;
  /** Records in each log now. */
  readonly records: ReadonlyMap<number, number>;
  readonly rules: readonly RuleRow[];
  readonly unused: number;
  readonly open: number | null;
  readonly onOpen: (number: number) => void;
}

/** The recorders that are in use or planned, each with what it keeps as it would be with the plan. */
export function RecorderList({ now, wishes, records, rules, unused, open, onOpen }: RecorderListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const numbers = [...new Set([...now.keys(), ...Object.keys(wishes.recorders).map(Number)])].sort((a, b) => a - b);
  if (numbers.length === 0) return <p className={classes['note']}>{t('configure:recorder.none')}</p>;
  return (
    <div className={classes['words']}>
      <table className={lists['table']} aria-label={t('configure:recorder.list')}>
        <thead>
          <tr>
            <th scope="col">{t('configure:recorder.column.number')}</th>
            <th scope="col">{t('configure:recorder.column.name')}</th>
            {(['sources', 'interval', 'depth', 'records', 'size', 'days'] as const).map((column) => (
              <th key={column} scope="col" className={lists['number']}>
                {t(`configure:recorder.column.${column}`)}
              </th>
            ))}
            <th scope="col">{t('configure:recorder.column.plan')}</th>
          </tr>
        </thead>
        <tbody>
          {numbers.map((number) => {
            const wish = wishes.recorders[String(number)];
            const planned = plannedRecorder(wish ?? {}, now.get(number) ?? null);
            const recorder = planned.complete ? planned.recorder : undefined;
            const name = recorder?.name ?? t('configure:recorder.number', { number });
            const figures = recorder === undefined ? undefined : recorderFigures(recorder);
            const count = records.get(number);
            const verdict = worstOf(rules, (field) => field === String(number) || field.startsWith(`${number}.`));
            const interval = recorder?.interval ?? null;
            return (
              <tr key={number} aria-current={open === number}>
                <td>{number}</td>
                <th scope="row">
                  <button
                    type="button"
                    className={classes['rowButton']}
                    aria-label={t('configure:recorder.open', { name, number })}
                    onClick={() => onOpen(number)}
                  >
                    {name}
                  </button>
                </th>
                <td className={lists['number']}>{figures === undefined ? '–' : figures.sources}</td>
                <td className={lists['number']}>
                  {interval === null ? '–' : t('configure:seconds', { seconds: format.number(interval) })}
                </td>
                <td className={lists['number']}>{figures === undefined ? '–' : format.number(figures.depth)}</td>
                <td className={lists['number']}>{count === undefined ? '–' : format.number(count)}</td>
                <td className={lists['number']}>{figures === undefined ? '–' : format.bytes(figures.bytes)}</td>
                <td className={lists['number']}>
                  {figures === undefined || figures.days === null ? '–' : format.number(figures.days, 1)}
                </td>
                <td>
                  <span className={classes['bar']}>
                    {wish !== undefined && <Chip tone="info">{t('configure:recorder.changed')}</Chip>}
                    {wish !== undefined && verdict !== null && verdict !== 'pass' && <VerdictChip verdict={verdict} />}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {unused > 0 && <p className={classes['note']}>{t('configure:recorder.unused', { count: unused })}</p>}
    </div>
  );
}
