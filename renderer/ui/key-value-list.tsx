import type { ReactNode } from 'react';
import classes from './lists.module.css';

export interface KeyValue {
  readonly label: string;
  readonly value: ReactNode;
}

/** Names and values in two columns. */
export function KeyValueList({ items }: { readonly items: readonly KeyValue[] }) {
  return (
    <dl className={classes['pairs']}>
      {items.map(({ label, value }) => (
        <div key={label} className={classes['pair']}>
          <dt className={classes['key']}>{label}</dt>
          <dd className={classes['value']}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
