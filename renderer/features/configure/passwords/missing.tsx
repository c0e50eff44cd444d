import classes from '../configure.module.css';

/** What is missing before a person can go on, said once they wanted to; nothing where nothing is. */
export function Missing({ what }: { readonly what: readonly string[] }) {
  if (what.length === 0) return null;
  return (
    <div className={classes['notice']} data-tone="warn" role="alert">
      <ul className={classes['list']}>
        {what.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}
