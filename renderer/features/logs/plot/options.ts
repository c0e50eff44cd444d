import type uPlot from 'uplot';
import type { View } from '../view.ts';
import { type Colours, dashOf, TRACES } from './traces.ts';

/** A line of a plot. */
export interface PlotLine {
  readonly id: string;
  /** Lines of one unit have one axis; two units at most. */
  readonly unit: string;
  /** Number of its colour. */
  readonly trace: number;
}

/** What a plot looks like whatever is in it. */
export interface PlotFace {
  /** Of the plot with its axes, in pixels. */
  readonly height: number;
  /** True where the axis counts milliseconds since 1970. */
  readonly dates: boolean;
  /** Texts at places of the axis, which lie a step apart. */
  readonly axisText: (splits: readonly number[], step: number) => string[];
  readonly valueText: (value: number) => string;
  /** False where the texts of the axis are left out because another plot below has them. */
  readonly axis: boolean;
  /** Room for the values on the left in pixels, so that plots above each other line up. */
  readonly room?: number;
}

/** What a plot asks for while it is drawn and used. */
interface PlotNow {
  readonly gaps?: readonly View[];
  readonly mark?: number;
  readonly view: View;
  readonly onView: (view: View | null) => void;
  readonly onCursor: (index: number | null) => void;
}

const FONT = '12px "Segoe UI", system-ui, sans-serif';
/** A drag shorter than this was a click. */
const LEAST_DRAG = 4;
/** Fewer points than this in view are drawn as dots as well. */
const FEW = 60;

/** A plot without its width. */
export function plotOptions(
  lines: readonly PlotLine[],
  face: PlotFace,
  colours: Colours,
  now: () => PlotNow,
): Omit<uPlot.Options, 'width'> {
  const units = [...new Set(lines.map(({ unit }) => unit))];
  return {
    height: face.height,
    ms: 1,
    legend: { show: false },
    padding: [10, units.length > 1 ? 0 : 14, face.axis ? 0 : 4, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      bind: {
        dblclick: () => () => {
          now().onView(null);
          return null;
        },
      },
    },
    scales: {
      x: { time: face.dates, auto: false },
      ...Object.fromEntries(units.map((unit) => [scaleName(unit), { range: roomy }])),
    },
    axes: [axisOfPlaces(face, colours), ...units.map((unit, index) => axisOfValues(unit, index, face, colours))],
    series: [{}, ...lines.map((line) => seriesOf(line, colours))],
    hooks: {
      drawClear: [(plot) => drawGaps(plot, now().gaps ?? [], colours)],
      draw: [(plot) => drawMark(plot, now().mark, colours)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < LEAST_DRAG) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          now().onView({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
        },
      ],
      setCursor: [(plot) => now().onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function scaleName(unit: string): string {
  return `y ${unit}`;
}

/** A tenth of room above and below; a value that never changes lies in the middle. */
function roomy(_plot: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = max > min ? (max - min) * 0.08 : Math.max(Math.abs(max) * 0.05, 1e-6);
  return [min - room, max + room];
}

function axisOfPlaces(face: PlotFace, colours: Colours): uPlot.Axis {
  return {
    show: true,
    stroke: colours.text,
    font: FONT,
    size: face.axis ? (face.dates ? 42 : 28) : 0,
    space: face.dates ? 90 : 70,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: face.axis, stroke: colours.line, width: 1 },
    values: (_plot, splits, _axis, _space, step) => (face.axis ? face.axisText(splits, step) : splits.map(() => '')),
  };
}

function axisOfValues(unit: string, index: number, face: PlotFace, colours: Colours): uPlot.Axis {
  return {
    scale: scaleName(unit),
    side: index === 0 ? 3 : 1,
    label: unit,
    labelFont: FONT,
    labelSize: 18,
    font: FONT,
    stroke: colours.text,
    size: face.room ?? 62,
    grid: { show: index === 0, stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1 },
    values: (_plot, splits) => splits.map((value) => (value === null ? '' : face.valueText(value))),
  };
}

function seriesOf({ id, unit, trace }: PlotLine, colours: Colours): uPlot.Series {
  const stroke = colours.traces[trace % TRACES] ?? colours.text;
  return {
    label: id,
    scale: scaleName(unit),
    stroke,
    width: 1.5,
    dash: dashOf(trace),
    // A null breaks the line: no value is made up between two that were recorded.
    spanGaps: false,
    points: { show: (_plot, _series, first, last) => last - first < FEW, filter: lonely, size: 5, fill: stroke },
  };
}

/** A value between two breaks has no line, so it gets a dot. */
function lonely(plot: uPlot, series: number, show: boolean): number[] | null {
  if (show) return null;
  const values = plot.data[series] ?? [];
  const found: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (isBreak(values[index]) || !isBreak(values[index - 1]) || !isBreak(values[index + 1])) continue;
    found.push(index);
  }
  return found.length === 0 ? null : found;
}

function isBreak(value: number | null | undefined): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

/** Time without rows is shaded, at least a pixel wide: a gap that is narrower than a pixel is seen as well. */
function drawGaps(plot: uPlot, gaps: readonly View[], colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colours.gap;
  for (const { from, to } of gaps) {
    const left = plot.valToPos(from, 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(1, plot.valToPos(to, 'x', true) - left), bbox.height);
  }
  ctx.restore();
}

function drawMark(plot: uPlot, at: number | undefined, colours: Colours): void {
  const { min, max } = plot.scales['x'] ?? {};
  if (at === undefined || min === undefined || max === undefined || at < min || at > max) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(at, 'x', true));
  ctx.save();
  ctx.strokeStyle = colours.edge;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
