import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './phasor-diagram.module.css';
import { useFormat } from './text/format.ts';

export interface PhasorArrow {
  readonly kind: 'voltage' | 'current';
  readonly phase: 'A' | 'B' | 'C';
  readonly size: number;
  /** Degrees, counter-clockwise, 0 to the right. */
  readonly angle: number;
  /** The size with its unit. */
  readonly text: string;
}

interface PhasorDiagramProps {
  readonly phasors: readonly PhasorArrow[];
  /** Names of what has no value: "VA", "IB". */
  readonly missing: readonly string[];
  /** How the angles are known; without it that voltages were taken as 120 degrees apart. */
  readonly note?: string;
}

const R = 92;
/** Currents are drawn shorter, so that they are not taken for voltages of the same angle. */
const LENGTH = { voltage: R, current: R * 0.68 } as const;

/** Voltages and currents as arrows, longest of each kind on its circle; the same in words below for those who cannot see it. */
export function PhasorDiagram({ phasors, missing, note }: PhasorDiagramProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useId();
  if (phasors.length === 0) return <p className="mw-quiet">{t('ui:phasor.nothing')}</p>;
  const longest = (kind: PhasorArrow['kind']) =>
    Math.max(...phasors.filter((one) => one.kind === kind).map(({ size }) => Math.abs(size)), 1e-9);
  const most = { voltage: longest('voltage'), current: longest('current') };
  return (
    <figure className={classes['figure']}>
      <svg viewBox="-118 -112 236 224" role="img" aria-label={t('ui:phasor.label')} aria-describedby={words}>
        <circle r={R} className={classes['circle']} />
        <circle r={R * 0.68} className={classes['circle']} />
        <path d={`M${-R} 0H${R}M0 ${-R}V${R}`} className={classes['circle']} />
        {phasors.map((one) => {
          const length = (LENGTH[one.kind] * Math.abs(one.size)) / most[one.kind];
          return <Arrow key={`${one.kind}${one.phase}`} arrow={one} length={length} />;
        })}
      </svg>
      <figcaption id={words} className={classes['words']}>
        <ul>
          {phasors.map((one) => (
            <li key={`${one.kind}${one.phase}`} data-phase={one.phase}>
              {t('ui:phasor.angle', {
                name: t(`ui:phasor.${one.kind}`, { phase: one.phase }),
                size: format.quantity(one.text),
                angle: format.number(one.angle > 180 ? one.angle - 360 : one.angle, 1),
              })}
            </li>
          ))}
        </ul>
        {missing.length > 0 && <p>{t('ui:phasor.missing', { names: missing.join(', ') })}</p>}
        <p>{note ?? t('ui:phasor.assumed')}</p>
      </figcaption>
    </figure>
  );
}

function Arrow({ arrow, length }: { readonly arrow: PhasorArrow; readonly length: number }) {
  const { kind, phase, angle } = arrow;
  const turn = (-angle * Math.PI) / 180;
  const at = (radius: number) => ({ x: radius * Math.cos(turn), y: radius * Math.sin(turn) });
  const tip = at(length);
  const name = at(length + (kind === 'voltage' ? 12 : 11));
  return (
    <g className={classes['arrow']} data-phase={phase} data-kind={kind}>
      <line x2={tip.x} y2={tip.y} />
      <path d="M0 0L-9 3.6V-3.6Z" transform={`translate(${tip.x} ${tip.y}) rotate(${-angle})`} />
      {length > 4 && (
        <text x={name.x} y={name.y}>
          {kind === 'voltage' ? 'V' : 'I'}
          {phase}
        </text>
      )}
    </g>
  );
}
