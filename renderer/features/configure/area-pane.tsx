import { Button, Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaReadingView } from '../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { SetupPlan } from '../../../shared/domain/change.ts';
import { planRules } from '../../../shared/domain/settings/plan-rules.ts';
import type { RuleRow } from '../../../shared/domain/settings/rule-row.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ChangePanel } from './change/panel.tsx';
import classes from './configure.module.css';
import { MapPanel } from './map-panel.tsx';
import { PlanMenu } from './plan-menu.tsx';
import type { SetupAreaName } from './plans.ts';
import { readArea, usePane } from './store.ts';

/** What an editor of an area works on. */
export interface EditorProps<Area extends SetupAreaName> {
  readonly meter: ListedMeter;
  readonly reading: AreaReadingView;
  readonly wishes: Extract<SetupPlan, { readonly area: Area }>['settings'];
  readonly onWishes: (wishes: Extract<SetupPlan, { readonly area: Area }>['settings']) => void;
  /** Every rule over the plan and what was read, as of now. */
  readonly rules: readonly RuleRow[];
}

interface AreaPaneProps {
  readonly meter: ListedMeter;
  readonly area: SetupAreaName;
  readonly editor: (plan: SetupPlan, reading: AreaReadingView, rules: readonly RuleRow[]) => ReactNode;
  /** What can be looked at once the settings are made. */
  readonly children?: ReactNode;
}

/** The pattern of every area: what the meter says now, what is wanted, what will change. */
export function AreaPane({ meter, area, editor, children }: AreaPaneProps) {
  const { t } = useTranslation();
  const { reading, known: value, plan, review } = usePane(meter.id, area);
  const idle = reading.state === 'idle';
  useEffect(() => {
    if (idle) void readArea(meter, area);
  }, [idle, meter, area]);
  const live = useMemo(() => (value === null ? [] : planRules(plan, value, null)), [plan, value]);
  // The engine has asked the network, too.
  const rules = review.state === 'ready' ? review.value.rules : live;
  const again = () => void readArea(meter, area);
  return (
    <div className={classes['stack']}>
      <Section
        title={t('configure:now.title')}
        actions={
          <div className={classes['bar']}>
            {value !== null && (
              <span className="mw-quiet">
                {t('configure:now.at')} <TimeText at={value.readAt} />
              </span>
            )}
            <Button
              variant="default"
              leftSection={<IconRefresh size={15} />}
              loading={reading.state === 'busy'}
              onClick={again}
            >
              {t('configure:now.again')}
            </Button>
          </div>
        }
      >
        {value === null && (reading.state === 'busy' || idle) && <Loader aria-label={t('configure:now.reading')} />}
        {reading.state === 'failed' && <ProblemCard problem={reading.problem} onRetry={again} />}
        {value !== null && (
          <div className={classes['stack']}>
            <MapPanel area={area} reading={value} onChanged={again} />
            <Possible reading={value} />
          </div>
        )}
      </Section>
      {value !== null && (
        <>
          <Section title={t(`configure:want.${area}`)} actions={<PlanMenu meter={meter} plan={plan} />}>
            {editor(plan, value, rules)}
          </Section>
          <ChangePanel meter={meter} area={area} />
          {children}
        </>
      )}
    </div>
  );
}

/** Says plainly what this form can do on this meter. */
function Possible({ reading }: { readonly reading: AreaReadingView }) {
  const { t } = useTranslation();
  const unread = reading.settings.filter(({ value }) => value === 'unread').length;
  if (reading.trouble !== null) {
    return (
      <p className={classes['notice']}>
        {reading.trouble.because} {t('configure:now.sheetOnly')}
      </p>
    );
  }
  if (unread === 0) return null;
  return (
    <p className={classes['notice']}>
      {t('configure:now.unreadSome', { count: unread, of: reading.settings.length })} {t('configure:now.sheetSome')}
    </p>
  );
}
