import type { ReactNode } from 'react';
import classes from './lists.module.css';

interface EmptyStateProps {
  readonly title: string;
  readonly text: ReactNode;
  /** What can be done about the emptiness. */
  readonly children?: ReactNode;
}

/** A place where something will be, and how it gets there. */
export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div className={classes['empty']}>
      <h2 className={classes['emptyTitle']}>{title}</h2>
      <p className={classes['emptyText']}>{text}</p>
      {children !== undefined && <div className={classes['emptyActions']}>{children}</div>}
    </div>
  );
}
