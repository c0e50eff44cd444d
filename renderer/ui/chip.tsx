import type { ReactNode } from 'react';
import classes from './chip.module.css';

/** What a chip says before it is read. The text says it, too: colour is never the only sign. */
export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'neutral' | 'sim';

export interface ChipProps {
  readonly tone: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  /** More on hover; nothing that is needed. */
  readonly title?: string;
}

/** A short word on a tinted ground. */
export function Chip({ tone, icon, children, title }: ChipProps) {
  return (
    <span className={classes['chip']} data-tone={tone} title={title}>
      {icon !== undefined && (
        <span aria-hidden="true" className={classes['icon']}>
          {icon}
        </span>
      )}
      <span className={classes['text']}>{children}</span>
    </span>
  );
}
