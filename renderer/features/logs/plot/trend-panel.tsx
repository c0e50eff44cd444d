import { Checkbox, Group } from '@mantine/core';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrendAnswer } from '../../../../shared/contract/logs.ts';
import type { LogColumn } from '../../../../shared/domain/log.ts';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { formatUtc, useFormat } from '../../../ui/text/format.ts';
import { columnName, dateAxis, formatShort, formatTime, formatValue } from '../format.ts';
import classes from '../logs.module.css';
import type { Which } from '../source.ts';
import { type View, zoomed } from '../view.ts';
import type { PlotFace, PlotLine } from './options.ts';
import { Plot } from './plot.tsx';
import { Swatch } from './swatch.tsx';
import { TRACES } from './traces.ts';
import { useTrend } from './use-trend.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

interface TrendPanelProps {
  readonly label: string;
  /** Stable while the same log is shown. */
  readonly which: Which;
  /** Columns with numbers. */
  readonly columns: readonly LogColumn[];
  /** Seconds between rows; 0 where they are not periodic. */
  readonly interval: number;
  /** The view, null for the whole; kept outside, because an export takes it too. */
  readonly view: View | null;
  readonly onView: (view: View | null) => void;
}

const HEIGHT = 300;
const UNITS = 2;
/** What is chosen at first: so many columns of the first unit. */
const FIRST = 3;

/** Trends of some columns of a log, with what they say in numbers below. */
export function TrendPanel({ label, which, columns, interval, view, onView }: TrendPanelProps) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const words = useId();
  const [chosen, setChosen] = useState<readonly number[]>(() => firstOf(columns));
  const [width, setWidth] = useState(0);
  const [cursor, setCursor] = useState<number | null>(null);
  const { trend, problem, busy, again } = useTrend(which, chosen, view, Math.min(20_000, pointsFor(width)));
  const face = useMemo<PlotFace>(
    () => ({
      height: HEIGHT,
      dates: true,
      axis: true,
      axisText: dateAxis(language),
      valueText: (value) => formatShort(value, language),
    }),
    [language],
  );
  const shown = trend?.columns ?? chosen;
  const lines = useMemo<PlotLine[]>(
    () => shown.map((column, trace) => ({ id: columns[column]?.id ?? '', unit: columns[column]?.unit ?? '', trace })),
    [shown, columns],
  );
  const values = useMemo(() => trend?.answer.series.map((one) => one.values) ?? [], [trend]);
  const whole = trend?.answer.whole ?? null;
  const now = view ?? whole;
  const least = Math.max(1_000, interval * 2_000);
  const zoom = (factor: number) => {
    if (now !== null && whole !== null) onView(zoomed(now, factor, (now.from + now.to) / 2, whole, least));
  };
  return (
    <div className={classes['stack']}>
      <Chooser columns={columns} chosen={chosen} onChosen={setChosen} />
      {problem !== null && <ProblemCard problem={problem} onRetry={again} />}
      {chosen.length === 0 && <p className="mw-quiet">{t('logs:trend.choose')}</p>}
      {chosen.length > 0 && trend !== null && whole === null && <p className="mw-quiet">{t('logs:trend.undated')}</p>}
      {chosen.length > 0 && (
        <Plot
          label={t('logs:trend.label', { log: label })}
          describedBy={words}
          lines={lines}
          face={face}
          x={trend?.answer.times ?? NOTHING}
          values={values}
          view={now ?? EMPTY}
          whole={whole ?? EMPTY}
          least={least}
          {...(trend === null ? {} : { gaps: trend.answer.gaps })}
          onView={(next) => onView(next === null || whole === null || isAll(next, whole) ? null : next)}
          onCursor={setCursor}
          onWidth={setWidth}
        />
      )}
      <Group gap="xs">
        <ZoomButtons onZoom={zoom} onAll={() => onView(null)} />
        <span className="mw-quiet">{t('logs:trend.keys')}</span>
      </Group>
      <div id={words} role="status" aria-busy={busy}>
        {trend !== null && <Words answer={trend.answer} view={now} />}
      </div>
      {trend !== null && (
        <Readout label={label} answer={trend.answer} columns={shown.map((column) => columns[column])} cursor={cursor} />
      )}
    </div>
  );
}

const EMPTY: View = { from: 0, to: 1 };
const NOTHING: readonly number[] = [];

/** Two points for each pixel of the canvas: the smallest and the largest value of what lies under it. */
function pointsFor(width: number): number {
  return 2 * Math.ceil(width * window.devicePixelRatio);
}

function isAll(view: View, whole: View): boolean {
  return view.from <= whole.from && view.to >= whole.to;
}

function firstOf(columns: readonly LogColumn[]): readonly number[] {
  const unit = columns[0]?.unit;
  const same = columns.flatMap((column, index) => (column.unit === unit ? [index] : []));
  return same.slice(0, FIRST);
}

interface ChooserProps {
  readonly columns: readonly LogColumn[];
  readonly chosen: readonly number[];
  readonly onChosen: (chosen: readonly number[]) => void;
}

/** The columns by unit. What cannot be chosen beside the others is grey, with the reason below. */
function Chooser({ columns, chosen, onChosen }: ChooserProps) {
  const { t } = useTranslation();
  const units = [...new Set(columns.map(({ unit }) => unit))];
  const taken = new Set(chosen.map((column) => columns[column]?.unit ?? null));
  const full = chosen.length >= TRACES;
  const refused = (column: number): boolean =>
    !chosen.includes(column) && (full || (taken.size >= UNITS && !taken.has(columns[column]?.unit ?? null)));
  const toggle = (column: number) =>
    onChosen(chosen.includes(column) ? chosen.filter((one) => one !== column) : [...chosen, column]);
  return (
    <fieldset className={classes['columns']}>
      <legend>{t('logs:trend.sources')}</legend>
      {units.map((unit) => (
        <div key={unit ?? ''} className={classes['unit']}>
          <span className="mw-quiet">{unit ?? t('logs:trend.noUnit')}</span>
          {columns.map((column, index) =>
            column.unit === unit ? (
              <Checkbox
                key={column.id}
                label={columnName(column)}
                checked={chosen.includes(index)}
                disabled={refused(index)}
                onChange={() => toggle(index)}
              />
            ) : null,
          )}
        </div>
      ))}
      {columns.some((_, index) => refused(index)) && (
        <span className="mw-quiet">{full ? t('logs:trend.full', { count: TRACES }) : t('logs:trend.twoUnits')}</span>
      )}
    </fieldset>
  );
}

/** What part of the log is shown, in words. */
function Words({ answer, view }: { readonly answer: TrendAnswer; readonly view: View | null }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  if (view === null || answer.whole === null) return null;
  const range = { from: formatTime(whole(view.from), i18n.language), to: formatTime(whole(view.to), i18n.language) };
  return (
    <span className="mw-quiet">
      {t('logs:trend.range', { ...range, count: answer.rows, rows: format.number(answer.rows) })}{' '}
      {answer.gapCount > 0 && `${t('logs:trend.gaps', { count: answer.gapCount })} `}
      {answer.thinned && t('logs:trend.thinned')}
    </span>
  );
}

/** A view ends anywhere between two rows; nobody needs its milliseconds. */
function whole(time: number): number {
  return Math.round(time / 1000) * 1000;
}

interface ReadoutProps {
  readonly label: string;
  readonly answer: TrendAnswer;
  readonly columns: readonly (LogColumn | undefined)[];
  readonly cursor: number | null;
}

/** The numbers of each line: under the cursor, and the smallest, largest and last in view. */
function Readout({ label, answer, columns, cursor }: ReadoutProps) {
  const { t, i18n } = useTranslation();
  const at = cursor === null ? undefined : answer.times[cursor];
  const text = (value: number | null | undefined, column: LogColumn | undefined) =>
    value === null || value === undefined
      ? '–'
      : `${formatValue(value, column?.scaler ?? 0, i18n.language)} ${column?.unit ?? ''}`.trim();
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={t('logs:trend.values', { log: label })}>
        <thead>
          <tr>
            <th scope="col">{t('logs:trend.source')}</th>
            <th
              scope="col"
              data-align="end"
              title={at === undefined ? undefined : formatUtc(new Date(at).toISOString())}
            >
              {at === undefined ? t('logs:trend.atCursor') : formatTime(at, i18n.language)}
            </th>
            <th scope="col" data-align="end">
              {t('logs:trend.min')}
            </th>
            <th scope="col" data-align="end">
              {t('logs:trend.max')}
            </th>
            <th scope="col" data-align="end">
              {t('logs:trend.last')}
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.series.map((one, trace) => {
            const column = columns[trace];
            return (
              <tr key={column?.id ?? trace}>
                <th scope="row">
                  <Swatch trace={trace} />
                  {column === undefined ? '' : columnName(column)}
                </th>
                <td data-align="end">{text(cursor === null ? null : one.values[cursor], column)}</td>
                <td data-align="end">{text(one.min, column)}</td>
                <td data-align="end">{text(one.max, column)}</td>
                <td data-align="end">{text(one.last, column)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
