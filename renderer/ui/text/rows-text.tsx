import { useTranslation } from 'react-i18next';
import type { RowProgress } from '../../../shared/domain/job.ts';
import { useFormat } from './format.ts';

/** How many rows of a log have come, of how many where that is known, and how fast they come. */
export function RowsText({ rows: { done, total, perSecond } }: { readonly rows: RowProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {t(total === null ? 'ui:progress.rowsSoFar' : 'ui:progress.rows', {
        done: format.number(done),
        total: format.number(total ?? 0),
        rate: format.number(Math.round(perSecond)),
      })}
    </>
  );
}
