import type { RuleRow } from '../../../../shared/domain/settings/rule-row.ts';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import classes from '../configure.module.css';
import { sayingOf } from '../plans.ts';

/** What the rules say of a field, live. */
export function RuleSayings({ rules, field }: { readonly rules: readonly RuleRow[]; readonly field: string }) {
  const said = sayingOf(rules, field);
  if (said.length === 0) return null;
  return (
    <ul className={classes['sayings']} aria-live="polite">
      {said.map(({ rule, verdict, because }) => (
        <li key={rule}>
          <VerdictChip verdict={verdict} />
          <span className="mw-quiet">{because}</span>
        </li>
      ))}
    </ul>
  );
}
