import type { ReactNode } from 'react';
import { useId } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly title: ReactNode;
  /** Chips and badges beside the title. */
  readonly badges?: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  /** For screens whose one big piece scrolls by itself: the page takes exactly the height of the window. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** A screen: one heading of the first level, what can be done on the right of it, and the rest. */
export function Page({ title, badges, subtitle, actions, fill = false, children }: PageProps) {
  return (
    <div className={classes['page']} data-fill={fill}>
      <header className={classes['head']}>
        <div className={classes['heading']}>
          <h1 className={classes['title']}>{title}</h1>
          {badges}
          {subtitle !== undefined && <div className={classes['subtitle']}>{subtitle}</div>}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a screen with a heading of its own. */
export function Section({ title, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes['section']} aria-labelledby={id}>
      <div className={classes['sectionHead']}>
        <h2 id={id} className={classes['sectionTitle']}>
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
