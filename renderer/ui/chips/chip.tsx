import type { ReactNode } from 'react';
import classes from './chip.module.css';
import { CHIP_ICONS, type ChipIcon } from './icons.ts';

/** What a chip says before it is read. The text says it, too: colour is never the only sign. */
export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'neutral' | 'sim';

export interface ChipProps {
  readonly tone: Tone;
  readonly icon?: ChipIcon;
  readonly children: ReactNode;
  /** More on hover; nothing that is needed. */
  readonly title?: string;
}

/** A short word on a tinted ground. */
export function Chip({ tone, icon, children, title }: ChipProps) {
  return (
    <span className={classes['chip']} data-tone={tone} title={title}>
      <span className={classes['text']}>
        {icon !== undefined && (
          <svg className={classes['icon']} viewBox="0 0 24 24" aria-hidden="true">
            <path d={CHIP_ICONS[icon]} />
          </svg>
        )}
        {children}
      </span>
    </span>
  );
}
