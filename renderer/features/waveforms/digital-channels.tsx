import { useTranslation } from 'react-i18next';
import type { WaveformDigital } from '../../../shared/contract/waveforms.ts';
import { sampleAt } from '../../../shared/domain/waveform/analysis.ts';
import type { View } from '../logs/view.ts';
import classes from './waveforms.module.css';

interface DigitalChannelsProps {
  readonly channels: readonly WaveformDigital[];
  /** Milliseconds from the trigger, one for each sample. */
  readonly times: Float64Array;
  readonly view: View;
  readonly at: number;
}

/** States over the same axis as the plots above: a bar where a channel is 1. Its state at the cursor stands at the end. */
export function DigitalChannels({ channels, times, view, at }: DigitalChannelsProps) {
  const { t } = useTranslation();
  const width = view.to - view.from || 1;
  const sample = sampleAt(times, at);
  return (
    <div className={classes['digital']}>
      {numbered(channels).map(({ id, name, normal, changes }) => {
        const state = changes.filter((change) => change <= sample).length % 2;
        return (
          <div key={id} className={classes['state']}>
            <span className={classes['stateName']} title={name}>
              {name}
            </span>
            <svg
              viewBox={`${view.from} 0 ${width} 10`}
              preserveAspectRatio="none"
              role="img"
              aria-label={t('waveforms:digital', { name, state, normal, count: changes.length })}
            >
              <line x1={view.from} x2={view.to} y1="9" y2="9" />
              {bars(changes, times).map(([from, to]) => (
                <rect key={from} x={from} y="1" width={Math.max(width / 1000, to - from)} height="8" />
              ))}
            </svg>
            <span className={classes['stateName']}>{state}</span>
          </div>
        );
      })}
    </div>
  );
}

/** Names of channels may repeat; their number in the record does not. */
function numbered(channels: readonly WaveformDigital[]) {
  return channels.map((channel, index) => ({ ...channel, id: `${index + 1} ${channel.name}` }));
}

/** From when to when a channel is 1, in milliseconds. */
function bars(changes: readonly number[], times: Float64Array): readonly (readonly [number, number])[] {
  const end = times.at(-1) ?? 0;
  const found: (readonly [number, number])[] = [];
  for (let index = 0; index < changes.length; index += 2) {
    const [rise, fall] = [changes[index] ?? 0, changes[index + 1]];
    found.push([times[rise] ?? 0, fall === undefined ? end : (times[fall] ?? end)]);
  }
  return found;
}
