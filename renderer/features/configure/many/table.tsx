import { useTranslation } from 'react-i18next';
import type { PlanReviewView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { SettingArea } from '../../../../shared/domain/change.ts';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import { nameOf, placeOf, type useMeters } from '../../../app/feeds/meters-store.ts';
import { navigate } from '../../../app/router.ts';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import { SimulatedBadge } from '../../../ui/chips/simulated-badge.tsx';
import lists from '../../../ui/lists.module.css';
import { ChangeTable } from '../change/table.tsx';
import classes from '../configure.module.css';
import { type OneOfMany, rowOf, type useMany } from './selection.ts';

interface ManyTableProps {
  readonly meters: ReturnType<typeof useMeters.getState>['meters'];
  readonly area: SettingArea;
  readonly many: ReturnType<typeof useMany.getState>;
}

/** How a plan stands on each meter. */
export function ManyTable({ meters, area, many }: ManyTableProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['words']}>
      <table className={lists['table']} aria-label={t('configure:many.table')}>
        <thead>
          <tr>
            <th scope="col">{t('configure:many.meter')}</th>
            <th scope="col">{t('configure:many.state')}</th>
            <th scope="col">{t('configure:many.changes')}</th>
            <th scope="col">{t('configure:many.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {meters.map((meter) => (
            <MeterRow key={meter.id} meter={meter} area={area} row={rowOf(many, meter.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MeterRowProps {
  readonly meter: ListedMeter;
  readonly area: SettingArea;
  readonly row: OneOfMany;
}

function MeterRow({ meter, area, row }: MeterRowProps) {
  const { t } = useTranslation();
  const { identity } = meter;
  const { tone, word } = lookOf(row);
  const firmware = identity?.firmware ?? null;
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className={classes['rowButton']}
          onClick={() => navigate('meter', meter.id, 'configure', area)}
        >
          {nameOf(meter)}
        </button>{' '}
        {identity?.simulated === true && <SimulatedBadge />}
        <div className="mw-quiet">
          {[identity?.serial, firmware === null ? null : formatFirmware(firmware), placeOf(meter)]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </th>
      <td aria-live="polite">
        <Chip tone={tone}>{t(`configure:many.${word}`)}</Chip>
      </td>
      <td>
        <Counts row={row} />
      </td>
      <td className="mw-quiet">
        <Details row={row} area={area} />
      </td>
    </tr>
  );
}

function Counts({ row }: { readonly row: OneOfMany }) {
  const { t } = useTranslation();
  if (row.state === 'reviewed') return t('configure:many.planned', countsOf(row.review));
  if (row.state === 'applying') return t('configure:change.progressOf', { done: row.done, of: row.of });
  if (row.state === 'applied') {
    const written = row.results.filter(({ outcome }) => outcome === 'written').length;
    return t('configure:many.counts', { written, of: row.results.length });
  }
  return null;
}

function countsOf({ changes }: PlanReviewView): { write: number; byHand: number } {
  const byHand = changes.filter(({ channel }) => channel === 'hand-off').length;
  return { write: changes.length - byHand, byHand };
}

function Details({ row, area }: Pick<MeterRowProps, 'row' | 'area'>) {
  const { t } = useTranslation();
  if (row.state === 'failed') return `${row.problem.title}: ${row.problem.because}`;
  if (row.state === 'reviewed') {
    const { blocks, changes, targets } = row.review;
    return (
      <>
        {blocks.join(' ')}
        {changes.length > 0 && (
          <details className={classes['details']}>
            <summary>{t('configure:change.title')}</summary>
            <ChangeTable area={area} changes={changes} targets={targets} />
          </details>
        )}
      </>
    );
  }
  if (row.state !== 'applied') return null;
  if (row.problem !== null) return row.problem.because;
  return [...new Set(row.results.flatMap(({ outcome, because }) => (outcome === 'written' ? [] : [because])))].join(
    ' ',
  );
}

/** The word for a state, and how it looks. */
function lookOf(row: OneOfMany): { readonly tone: Tone; readonly word: string } {
  switch (row.state) {
    case 'waiting':
      return { tone: 'neutral', word: 'waiting' };
    case 'reviewing':
      return { tone: 'info', word: 'reviewing' };
    case 'applying':
      return { tone: 'info', word: 'applying' };
    case 'failed':
      return { tone: 'danger', word: 'failed' };
    case 'applied': {
      const whole = row.problem === null && row.results.every(({ outcome }) => outcome === 'written');
      return whole ? { tone: 'ok', word: 'done' } : { tone: 'warn', word: 'partly' };
    }
    case 'reviewed': {
      if (row.review.blocks.length > 0) return { tone: 'danger', word: 'blocked' };
      const { write, byHand } = countsOf(row.review);
      if (write > 0) return { tone: 'info', word: 'ready' };
      return byHand > 0 ? { tone: 'warn', word: 'byHand' } : { tone: 'ok', word: 'already' };
    }
  }
}
