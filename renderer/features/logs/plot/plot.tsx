import 'uplot/dist/uPlot.min.css';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { type View, viewAfterKey, viewAfterWheel } from '../view.ts';
import { type PlotFace, type PlotLine, plotOptions } from './options.ts';
import classes from './plot.module.css';
import { coloursOf, usePaintedTheme } from './traces.ts';

interface PlotProps {
  /** What the plot shows, for screen readers. */
  readonly label: string;
  /** Element that says the same in words. */
  readonly describedBy: string;
  /** Stable between renders: the canvas is made anew when they change. */
  readonly lines: readonly PlotLine[];
  /** Stable as well. */
  readonly face: PlotFace;
  /** Rising; one list of values for each line, null where the line is broken. */
  readonly x: readonly number[] | Float64Array;
  readonly values: readonly (readonly (number | null)[] | Float64Array)[];
  readonly view: View;
  readonly whole: View;
  /** Narrowest view. */
  readonly least: number;
  /** Parts that are shaded because there are no values. */
  readonly gaps?: readonly View[];
  /** A place that is marked, such as the trigger. */
  readonly mark?: number;
  /** Null asks for the whole. */
  readonly onView: (view: View | null) => void;
  /** Index of the point under the cursor; null when there is none. */
  readonly onCursor: (index: number | null) => void;
  readonly onWidth?: (width: number) => void;
  /** Index of the point at which plots that belong together show their cursor. */
  readonly cursor?: number | null;
}

/**
 * Lines over an axis, on a canvas. Drag across to zoom, wheel to zoom, Shift and wheel to move, double click for all; with the keyboard: arrows left
 * and right move, up and down zoom, Home shows all, Shift and arrows move the cursor.
 */
export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = usePaintedTheme();
  const { lines, face, x, values, view, cursor = null } = props;

  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const options = plotOptions(lines, face, coloursOf(theme), () => latest.current);
    const made = new uPlot({ ...options, width: current.clientWidth }, dataOf(latest.current), current);
    plot.current = made;
    made.setScale('x', scaleOf(latest.current.view));
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { view, whole, least, onView } = latest.current;
      onView(viewAfterWheel(event, made.posToVal(event.offsetX, 'x'), view, whole, least));
    };
    made.over.addEventListener('wheel', onWheel, { passive: false });
    const measure = () => {
      made.setSize({ width: current.clientWidth, height: face.height });
      latest.current.onWidth?.(current.clientWidth);
    };
    const watch = new ResizeObserver(measure);
    watch.observe(current);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [lines, face, theme]);

  // The scale of the axis is not automatic: it stays as it is, and those of the values follow what is in view.
  useEffect(() => plot.current?.setData(dataOf({ x, values, lines })), [x, values, lines]);
  useEffect(() => plot.current?.setScale('x', scaleOf({ from: view.from, to: view.to })), [view.from, view.to]);
  useEffect(() => {
    const made = plot.current;
    if (made !== undefined && (made.cursor.idx ?? null) !== cursor) showCursor(made, cursor);
  }, [cursor]);

  const onKey = (event: KeyboardEvent) => {
    const made = plot.current;
    if (event.ctrlKey || event.metaKey || event.altKey || made === undefined) return;
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      stepCursor(made, event.key === 'ArrowLeft' ? -1 : 1);
    } else {
      const next = viewAfterKey(event.key, props.view, props.whole, props.least);
      if (next === undefined) return;
      props.onView(next);
    }
    event.preventDefault();
  };
  // What takes keys and is no control of a form: the name says what it is, and what it says stands elsewhere in words.
  const reachable = {
    role: 'group',
    tabIndex: 0,
    'aria-label': props.label,
    'aria-describedby': props.describedBy,
    onKeyDown: onKey,
  } as const;
  return <div {...reachable} ref={place} className={classes['plot']} />;
}

function dataOf({ x, values, lines }: Pick<PlotProps, 'x' | 'values' | 'lines'>): uPlot.AlignedData {
  // Between a change of the lines and the arrival of their values there is nothing to draw.
  const drawn = values.length === lines.length ? values : lines.map(() => new Float64Array(0));
  return [values.length === lines.length ? x : [], ...drawn] as uPlot.AlignedData;
}

/** A view without width cannot be drawn: one row, or a log whose rows all have one time. */
function scaleOf({ from, to }: View): { min: number; max: number } {
  return from < to ? { min: from, max: to } : { min: from - 1, max: to + 1 };
}

function showCursor(plot: uPlot, index: number | null): void {
  const at = index === null ? undefined : plot.data[0][index];
  if (at === undefined) plot.setCursor({ left: -10, top: -10 });
  else plot.setCursor({ left: plot.valToPos(at, 'x'), top: plot.over.clientHeight / 2 });
}

/** From no cursor the first step goes to the first point in view; a step beyond the view stays at its edge. */
function stepCursor(plot: uPlot, by: 1 | -1): void {
  const { idx } = plot.cursor;
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const [times] = plot.data;
  const inView = (index: number): boolean => (times[index] ?? Number.NaN) >= min && (times[index] ?? Number.NaN) <= max;
  const first = plot.valToIdx(min);
  const next = idx === null || idx === undefined ? (inView(first) ? first : first + 1) : idx + by;
  if (inView(next)) showCursor(plot, next);
}
