import { Button } from '@mantine/core';
import { IconEyeCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApplyOutcomeView, AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { SetupPlan } from '../../../../shared/domain/change.ts';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import classes from '../configure.module.css';
import { WishTable } from '../settings/wish-table.tsx';
import { discardPlan, readArea } from '../store.ts';
import { OutcomeTable } from './outcome-table.tsx';
import { RunReport } from './run-report.tsx';
import { ChangeSheet } from './sheet.tsx';
import { useSheetHeading } from './use-sheet-heading.ts';

interface ApplyOutcomeProps {
  readonly meter: ListedMeter;
  readonly plan: SetupPlan;
  readonly outcome: ApplyOutcomeView;
  /** The newest reading; null while there is none. */
  readonly reading: AreaReadingView | null;
}

/** What came of every change, what is left to do by hand, and the check of it afterwards. */
export function ApplyOutcome({ meter, plan, outcome, reading }: ApplyOutcomeProps) {
  const { t } = useTranslation();
  const [checked, setChecked] = useState(false);
  const identity = reading?.identity ?? { serial: null, firmware: null, simulated: false };
  const heading = useSheetHeading(meter, identity);
  return (
    <div className={classes['stack']} aria-live="polite">
      {outcome.problem !== null && <ProblemCard problem={outcome.problem} />}
      <OutcomeTable area={plan.area} results={outcome.results} />
      {outcome.handOff !== null && <ChangeSheet handOff={outcome.handOff} heading={heading} />}
      <RunReport run={outcome.run} />
      <div className={classes['bar']}>
        <Button
          variant="default"
          leftSection={<IconEyeCheck size={15} />}
          onClick={() => {
            setChecked(true);
            void readArea(meter, plan.area);
          }}
        >
          {t('configure:verify.action')}
        </Button>
        <Button variant="default" onClick={() => discardPlan(meter.id, plan.area)}>
          {t('configure:change.done')}
        </Button>
      </div>
      {checked && reading !== null && <WishTable plan={plan} reading={reading} />}
    </div>
  );
}
