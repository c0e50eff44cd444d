import { Group, Loader, SegmentedControl } from '@mantine/core';
import { useEffect, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogSource } from '../../../shared/contract/logs.ts';
import type { Waveform } from '../../../shared/contract/waveforms.ts';
import { engine } from '../../engine/client.ts';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Section } from '../../ui/page.tsx';
import { PhasorDiagram } from '../../ui/phasor-diagram.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { formatShort } from '../logs/format.ts';
import logs from '../logs/logs.module.css';
import type { PlotFace, PlotLine } from '../logs/plot/options.ts';
import { Plot } from '../logs/plot/plot.tsx';
import { Swatch } from '../logs/plot/swatch.tsx';
import { ZoomButtons } from '../logs/plot/zoom-buttons.tsx';
import { type View, zoomed } from '../logs/view.ts';
import { DigitalChannels } from './digital-channels.tsx';
import {
  arrowsOf,
  type Channel,
  type DrawnWaveform,
  drawnOf,
  rmsOf,
  type Side,
  sampleAt,
  scaledOf,
} from './samples.ts';
import classes from './waveforms.module.css';

interface WaveformViewerProps {
  readonly source: LogSource;
  readonly file: string;
}

/** A COMTRADE record. */
export function WaveformViewer({ source, file }: WaveformViewerProps) {
  const { t } = useTranslation();
  const [load, setLoad] = useState<Load<Waveform>>(BUSY);
  useEffect(() => {
    const stop = new AbortController();
    void ask(() => engine.waveforms.open({ source, file }, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted) setLoad(loaded(found));
    });
    return () => stop.abort();
  }, [source, file]);
  return (
    <Section title={t('waveforms:recordOf', { file: file.replace(/\.cfg$/i, '') })}>
      {load.state === 'busy' && <Loader aria-label={t('waveforms:reading')} />}
      {load.state === 'failed' && <ProblemCard problem={load.problem} />}
      {load.state === 'ready' && <Viewer waveform={load.value} />}
    </Section>
  );
}

/** Where the frequency of the line is not in the record, what most of the world has. */
const USUAL_HZ = 50;
const HEIGHT = 190;
/** With what stands beside it as wide as the names of the digital channels below. */
const ROOM = 62;
/** Narrowest view in milliseconds. */
const LEAST = 0.5;

function Viewer({ waveform }: { readonly waveform: Waveform }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const format = useFormat();
  const words = useId();
  const drawn = useMemo(() => drawnOf(waveform), [waveform]);
  const whole = useMemo<View>(() => ({ from: drawn.times[0] ?? 0, to: drawn.times.at(-1) ?? 0 }), [drawn]);
  const frequency = waveform.facts.frequency ?? USUAL_HZ;
  const [view, setView] = useState<View>(whole);
  const [cursor, setCursor] = useState<number | null>(null);
  const ratios = drawn.channels.some(({ side, primary, secondary }) => side !== 'unknown' && primary !== secondary);
  const [side, setSide] = useState<Side>(
    drawn.channels.some((one) => one.side === 'secondary') ? 'secondary' : 'primary',
  );
  const face = useMemo<PlotFace>(
    () => ({
      height: HEIGHT,
      dates: false,
      axis: true,
      room: ROOM,
      axisText: (splits) => splits.map((at) => `${formatShort(at, language)} ms`),
      valueText: (value) => formatShort(value, language, 4),
    }),
    [language],
  );
  const groups = useMemo(() => groupsOf(drawn), [drawn]);
  const onView = (next: View | null) => setView(next ?? whole);
  const zoom = (factor: number) => setView(zoomed(view, factor, (view.from + view.to) / 2, whole, LEAST));
  // Without a pointer on the plot the numbers are those at the end of the first cycle after the trigger.
  const at =
    (cursor === null ? undefined : drawn.times[cursor]) ??
    Math.min(whole.to, Math.max(whole.from, 0) + 1000 / frequency);
  const { phasors, missing } = useMemo(
    () => arrowsOf(drawn, at, frequency, side, (size, unit) => `${formatShort(size, language, 5)} ${unit}`),
    [drawn, at, frequency, side, language],
  );
  return (
    <div className={logs['stack']}>
      <Group gap="xs">
        <ZoomButtons onZoom={zoom} onAll={() => setView(whole)} />
        {ratios && (
          <SegmentedControl
            size="xs"
            aria-label={t('waveforms:side')}
            value={side}
            onChange={(value) => setSide(value === 'primary' ? 'primary' : 'secondary')}
            data={[
              { value: 'primary', label: t('waveforms:primary') },
              { value: 'secondary', label: t('waveforms:secondary') },
            ]}
          />
        )}
        {!ratios && <span className="mw-quiet">{t('waveforms:noRatio')}</span>}
      </Group>
      <div className={logs['stack']}>
        <div className={classes['plots']}>
          {groups.map((group) => (
            <AnalogPlot
              key={group.lines[0]?.id ?? group.unit}
              label={t('waveforms:plot', {
                unit: group.unit,
                names: group.channels.map(({ name }) => name).join(', '),
              })}
              describedBy={words}
              drawn={drawn}
              channels={group.channels}
              lines={group.lines}
              face={face}
              side={side}
              view={view}
              whole={whole}
              onView={onView}
              cursor={cursor}
              onCursor={setCursor}
            />
          ))}
          {waveform.digitals.length > 0 && (
            <DigitalChannels channels={waveform.digitals} times={drawn.times} view={view} at={at} />
          )}
          <span className="mw-quiet">{t('logs:trend.keys')}</span>
        </div>
        <div className={logs['stack']}>
          <strong>
            {cursor === null
              ? t('waveforms:atDefault', { time: formatShort(at, language) })
              : t('waveforms:at', { time: formatShort(at, language) })}
          </strong>
          <PhasorDiagram phasors={phasors} missing={missing} note={t('waveforms:phasorNote')} />
        </div>
      </div>
      <div id={words}>
        <Numbers drawn={drawn} groups={groups} at={at} frequency={frequency} side={side} />
      </div>
      <Facts waveform={waveform} />
      {waveform.missing > 0 && (
        <p>{t('waveforms:missing', { count: waveform.missing, samples: format.number(waveform.missing) })}</p>
      )}
      {waveform.facts.frequency === null && <p>{t('waveforms:noFrequency', { hz: USUAL_HZ })}</p>}
    </div>
  );
}

interface ChannelGroup {
  readonly unit: string;
  readonly channels: readonly Channel[];
  readonly lines: readonly PlotLine[];
}

/** Most channels in one plot; more have a plot of their own below. */
const TOGETHER = 4;

/** Channels of one unit lie above each other in one plot, four at most. */
function groupsOf({ channels }: DrawnWaveform): readonly ChannelGroup[] {
  const units = [...new Set(channels.map(({ unit }) => unit))];
  return units.flatMap((unit) => {
    const same = channels.filter((one) => one.unit === unit);
    const parts: ChannelGroup[] = [];
    for (let start = 0; start < same.length; start += TOGETHER) {
      const part = same.slice(start, start + TOGETHER);
      parts.push({ unit, channels: part, lines: part.map(({ id }, trace) => ({ id, unit, trace })) });
    }
    return parts;
  });
}

interface AnalogPlotProps {
  readonly label: string;
  readonly describedBy: string;
  readonly drawn: DrawnWaveform;
  readonly channels: readonly Channel[];
  readonly lines: readonly PlotLine[];
  readonly face: PlotFace;
  readonly side: Side;
  readonly view: View;
  readonly whole: View;
  readonly cursor: number | null;
  readonly onView: (view: View | null) => void;
  readonly onCursor: (index: number | null) => void;
}

function AnalogPlot({ drawn, channels, side, ...plot }: AnalogPlotProps) {
  const values = useMemo(() => channels.map((channel) => scaledOf(channel, side)), [channels, side]);
  return <Plot {...plot} x={drawn.times} values={values} least={LEAST} mark={0} />;
}

interface NumbersProps {
  readonly drawn: DrawnWaveform;
  readonly groups: readonly ChannelGroup[];
  /** Milliseconds from the trigger. */
  readonly at: number;
  readonly frequency: number;
  readonly side: Side;
}

/** Each analog channel: its value at this instant, its r.m.s. over the cycle before, its extremes. */
function Numbers({ drawn, groups, at, frequency, side }: NumbersProps) {
  const { t, i18n } = useTranslation();
  const index = sampleAt(drawn.times, at);
  const extremes = useMemo(
    () => new Map(drawn.channels.map((one) => [one.id, extremesOf(scaledOf(one, side))])),
    [drawn, side],
  );
  const text = (value: number | null | undefined, unit: string) =>
    value === null || value === undefined || !Number.isFinite(value)
      ? '–'
      : `${formatShort(value, i18n.language, 5)} ${unit}`;
  return (
    <div className={logs['wrap']}>
      <table className={logs['table']} aria-label={t('waveforms:numbers')}>
        <thead>
          <tr>
            <th scope="col">{t('waveforms:channel')}</th>
            <th scope="col" data-align="end">
              {t('waveforms:value')}
            </th>
            <th scope="col" data-align="end">
              {t('waveforms:rms')}
            </th>
            <th scope="col" data-align="end">
              {t('logs:trend.min')}
            </th>
            <th scope="col" data-align="end">
              {t('logs:trend.max')}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.flatMap(({ channels }) =>
            channels.map((channel, trace) => {
              const [min, max] = extremes.get(channel.id) ?? [null, null];
              return (
                <tr key={channel.id}>
                  <th scope="row">
                    <Swatch trace={trace} />
                    {channel.name}
                  </th>
                  <td data-align="end">{text(scaledOf(channel, side)[index], channel.unit)}</td>
                  <td data-align="end">{text(rmsOf(drawn.times, channel, at, frequency, side), channel.unit)}</td>
                  <td data-align="end">{text(min, channel.unit)}</td>
                  <td data-align="end">{text(max, channel.unit)}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}

function extremesOf(values: Float64Array): readonly [number | null, number | null] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? [null, null] : [min, max];
}

function Facts({ waveform }: { readonly waveform: Waveform }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { facts, timing } = waveform;
  const rates = facts.rates.map(({ hz, lastSample }) =>
    t('waveforms:rate', { hz: format.number(hz), sample: format.number(lastSample) }),
  );
  return (
    <KeyValueList
      items={[
        { label: t('waveforms:station'), value: `${facts.station} · ${facts.device}` },
        { label: t('waveforms:revision'), value: `${facts.revision} · ${facts.encoding}` },
        { label: t('waveforms:start'), value: facts.start },
        { label: t('waveforms:trigger'), value: facts.trigger },
        {
          label: t('waveforms:frequency'),
          value: facts.frequency === null ? '–' : `${format.number(facts.frequency, 1)} Hz`,
        },
        { label: t('waveforms:rates'), value: timing === 'stamp' ? t('waveforms:stamps') : rates.join(', ') },
      ]}
    />
  );
}
