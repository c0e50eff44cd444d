import classes from '../logs.module.css';
import { dashOf, traceColour } from './traces.ts';

/** How a line of a plot looks: its colour and its dashes. */
export function Swatch({ trace }: { readonly trace: number }) {
  return (
    <svg className={classes['swatch']} viewBox="0 0 26 8" aria-hidden="true">
      <line
        x1="0"
        y1="4"
        x2="26"
        y2="4"
        strokeWidth="2.5"
        stroke={traceColour(trace)}
        strokeDasharray={dashOf(trace).join(' ')}
      />
    </svg>
  );
}
