import {
  type KeyboardEvent,
  memo,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { LogColumn } from '../../../shared/domain/log.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { engine } from '../../engine/client.ts';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { formatUtc } from '../../ui/text/format.ts';
import { ask } from '../ask.ts';
import { columnName, formatTime, formatValue } from './format.ts';
import classes from './log-rows.module.css';
import { createPages, type Pages, type ShownRow } from './pages.ts';
import { HEAD, ROW, scrolledRows, topFor } from './scroll.ts';
import type { Which } from './source.ts';

interface LogRowsProps {
  readonly label: string;
  /** Stable while the same log is shown. */
  readonly which: Which;
  readonly rows: number;
  readonly columns: readonly LogColumn[];
  /** True for logs of events. */
  readonly words: boolean;
  /** A row to go to; a new object goes there again. */
  readonly goTo: { readonly row: number } | null;
}

const NUMBER_WIDTH = 92;
const TIME_WIDTH = 214;
const VALUE_WIDTH = 132;
/** Events are in words, which need more room and begin on the left. */
const WORDS_WIDTH = 230;
/** A grid that one key press enters and whose rows are moved through by arrows: it names the row that they are at. */
function gridAt(row: string | undefined) {
  return { role: 'grid', tabIndex: 0, 'aria-activedescendant': row } as const;
}

/**
 * All rows of a log, however many: only those in view exist, and they are fetched by page. Arrow keys, Page Up and Down, Home and End move.
 */
export function LogRows({ label, which, rows, columns, words, goTo }: LogRowsProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [room, setRoom] = useState(0);
  const [active, setActive] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [, arrived] = useReducer((count: number) => count + 1, 0);
  const pages = usePages(which, (found) => {
    setProblem(found);
    arrived();
  });

  useLayoutEffect(() => {
    const { current } = place;
    if (current === null) return;
    const measure = () => setRoom(Math.max(ROW, current.clientHeight - HEAD));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(current);
    return () => watch.disconnect();
  }, []);

  const { height, first, hidden } = scrolledRows(rows, top, room);
  const slots = Math.min(rows - first, Math.ceil(room / ROW) + 1);
  useEffect(() => pages.want(first, first + slots), [pages, first, slots]);

  const move = (row: number) => {
    const { current } = place;
    const to = Math.max(0, Math.min(rows - 1, row));
    setActive(to);
    if (current !== null) current.scrollTop = topFor(to, rows, current.scrollTop, room);
  };
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    if (goTo !== null) latest.current(goTo.row);
  }, [goTo]);

  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(room / ROW) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows - 1,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(to);
  };
  const width = words ? WORDS_WIDTH : VALUE_WIDTH;
  const template = `${NUMBER_WIDTH}px ${TIME_WIDTH}px repeat(${columns.length}, minmax(${width}px, 1fr))`;
  const least = NUMBER_WIDTH + TIME_WIDTH + columns.length * width;
  const isShown = active >= first && active < first + slots;
  const texts = useMemo(
    () => ({ language: i18n.language, rebuilt: t('logs:table.rebuilt'), undated: t('logs:table.undated') }),
    [i18n.language, t],
  );
  return (
    <>
      {problem !== null && <ProblemCard problem={problem} onRetry={() => pages.again()} />}
      <div ref={place} className={classes['place']} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        {/* Chromium keeps the meaning of the elements of a table when their boxes are laid out as a grid. */}
        <table
          {...gridAt(isShown ? `${id}-${active}` : undefined)}
          aria-label={label}
          aria-rowcount={rows + 1}
          className={classes['table']}
          style={{ height: HEAD + height, minWidth: least }}
          onKeyDown={onKey}
        >
          <thead className={classes['head']}>
            <tr aria-rowindex={1} className={classes['row']} style={{ gridTemplateColumns: template }}>
              <th scope="col" className={classes['cell']}>
                {t('logs:table.row')}
              </th>
              <th scope="col" className={classes['cell']} data-align="start">
                {t('logs:table.time')}
              </th>
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  className={classes['cell']}
                  data-align={words ? 'start' : undefined}
                  title={column.id}
                >
                  {columnName(column)}
                  {column.unit !== null && ` (${column.unit})`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody
            className={classes['body']}
            style={{ height: Math.min(room, rows * ROW), transform: `translateY(${-hidden}px)` }}
          >
            {Array.from({ length: slots }, (_, slot) => {
              const index = first + slot;
              return (
                <Row
                  // The places stay and their texts change: nothing is made or taken away while somebody scrolls.
                  key={`slot ${String(slot)}`}
                  id={`${id}-${index}`}
                  index={index}
                  top={slot * ROW}
                  row={pages.row(index)}
                  columns={columns}
                  words={words}
                  template={template}
                  active={index === active}
                  texts={texts}
                  onActive={setActive}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  readonly id: string;
  readonly index: number;
  /** Place in the body in pixels: it stays while the table is scrolled. */
  readonly top: number;
  readonly row: ShownRow | undefined;
  readonly columns: readonly LogColumn[];
  readonly words: boolean;
  readonly template: string;
  readonly active: boolean;
  readonly texts: { readonly language: string; readonly rebuilt: string; readonly undated: string };
  readonly onActive: (index: number) => void;
}

const Row = memo(function Row({ id, index, top, row, columns, words, template, active, texts, onActive }: RowProps) {
  const { language, rebuilt, undated } = texts;
  const time = row?.time ?? null;
  return (
    <tr
      id={id}
      aria-rowindex={index + 2}
      aria-selected={active}
      className={classes['row']}
      style={{ gridTemplateColumns: template, top }}
      onClick={() => onActive(index)}
    >
      <td className={classes['cell']}>{formatValue(index + 1, 0, language)}</td>
      <td
        className={classes['cell']}
        data-align="start"
        title={time === null ? undefined : formatUtc(new Date(time).toISOString())}
      >
        {row === undefined ? '…' : time === null ? undated : formatTime(time, language)}
        {row?.origin === 'rebuilt' && ` ${rebuilt}`}
      </td>
      {columns.map((column, place) => {
        const value = row?.values[place] ?? null;
        return (
          <td
            key={column.id}
            className={classes['cell']}
            data-align={words || typeof value === 'string' ? 'start' : undefined}
            title={typeof value === 'string' ? value : undefined}
          >
            {typeof value === 'number'
              ? formatValue(value, column.scaler, language)
              : (value ?? (row === undefined ? '…' : '–'))}
          </td>
        );
      })}
    </tr>
  );
});

/** Pages of a log; those of the one before are given up when another is shown. */
function usePages(which: Which, onChange: (problem: Problem | null) => void): Pages {
  const change = useRef(onChange);
  change.current = onChange;
  const pages = useMemo(
    () =>
      createPages({
        ask: (start, count) => ask(() => engine.logs.rows({ ...which, start, count })),
        onChange: (problem) => change.current(problem),
      }),
    [which],
  );
  useEffect(() => () => pages.stop(), [pages]);
  return pages;
}
