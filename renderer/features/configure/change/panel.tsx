import { Button, Group } from '@mantine/core';
import { IconArrowBackUp, IconListCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanReviewView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { usePerson } from '../../../app/preferences.ts';
import { Chip } from '../../../ui/chips/chip.tsx';
import { ConfirmByTyping } from '../../../ui/confirm-by-typing.tsx';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import classes from '../configure.module.css';
import { erasedLogs, type SetupAreaName, wantsNothing } from '../plans.ts';
import { LostLogs } from '../recorders/lost-logs.tsx';
import { apply, discardPlan, review, usePane } from '../store.ts';
import { ApplyOutcome } from './apply-outcome.tsx';
import { ApplyProgress } from './apply-progress.tsx';
import { PersonField } from './person-field.tsx';
import { ChangeSheet } from './sheet.tsx';
import { ChangeTable } from './table.tsx';
import { useSheetHeading } from './use-sheet-heading.ts';

interface ChangePanelProps {
  readonly meter: ListedMeter;
  readonly area: SetupAreaName;
}

/** What a plan comes to on this meter: reviewed, applied, and what came of it. */
export function ChangePanel({ meter, area }: ChangePanelProps) {
  const { t } = useTranslation();
  const { plan, review: reviewed, applying, known } = usePane(meter.id, area);
  const nothing = wantsNothing(plan);
  return (
    <Section title={t('configure:change.title')}>
      <div className={classes['stack']}>
        {nothing && applying.state === 'none' && (
          <p className={classes['note']}>{t('configure:change.nothingWanted')}</p>
        )}
        {!nothing && applying.state !== 'busy' && (
          <Group gap="xs">
            <Button
              leftSection={<IconListCheck size={15} />}
              loading={reviewed.state === 'busy'}
              onClick={() => void review(meter, area)}
            >
              {t('configure:change.review')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={15} />}
              onClick={() => discardPlan(meter.id, area)}
            >
              {t('configure:change.discard')}
            </Button>
          </Group>
        )}
        {reviewed.state === 'failed' && (
          <ProblemCard problem={reviewed.problem} onRetry={() => void review(meter, area)} />
        )}
        {reviewed.state === 'ready' && applying.state === 'none' && (
          <Reviewed meter={meter} area={area} found={reviewed.value} />
        )}
        {applying.state === 'busy' && <ApplyProgress area={area} applying={applying} />}
        {applying.state === 'failed' && <ProblemCard problem={applying.problem} />}
        {applying.state === 'ended' && (
          <ApplyOutcome meter={meter} plan={applying.plan} outcome={applying.outcome} reading={known} />
        )}
      </div>
    </Section>
  );
}

interface ReviewedProps {
  readonly meter: ListedMeter;
  readonly area: SetupAreaName;
  readonly found: PlanReviewView;
}

function Reviewed({ meter, area, found }: ReviewedProps) {
  const { t } = useTranslation();
  const heading = useSheetHeading(meter, found.reading.identity);
  const { changes, targets, blocks, handOff } = found;
  if (changes.length === 0 && blocks.length === 0) {
    return (
      <div>
        <Chip tone="ok">{t('configure:change.already')}</Chip>
      </div>
    );
  }
  const written = changes.filter(({ channel }) => channel !== 'hand-off');
  return (
    <div className={classes['stack']} aria-live="polite">
      {changes.length > 0 && <ChangeTable area={area} changes={changes} targets={targets} />}
      {erasedLogs(changes).length > 0 && (
        <LostLogs meter={meter} area={area} changes={changes} reading={found.reading} />
      )}
      {changes.some(({ mayCutConnection }) => mayCutConnection) && (
        <p className={classes['notice']} data-tone="warn">
          {t('configure:change.mayCut')}
        </p>
      )}
      {blocks.length > 0 && (
        <div className={classes['notice']} data-tone="warn">
          <strong>{t('configure:change.blocked')}</strong>
          <ul className={classes['list']}>
            {blocks.map((because) => (
              <li key={because}>{because}</li>
            ))}
          </ul>
        </div>
      )}
      {blocks.length === 0 && written.length > 0 && <Apply meter={meter} area={area} found={found} />}
      {blocks.length === 0 && handOff !== null && (
        <>
          <p className={classes['notice']}>
            {t(written.length === 0 ? 'configure:change.allByHand' : 'configure:change.someByHand', {
              count: changes.length - written.length,
            })}
          </p>
          <ChangeSheet handOff={handOff} heading={heading} />
        </>
      )}
    </div>
  );
}

function Apply({ meter, area, found }: ReviewedProps) {
  const { t } = useTranslation();
  const [person, setPerson] = usePerson();
  const [early, setEarly] = useState(false);
  const count = found.changes.filter(({ channel }) => channel !== 'hand-off').length;
  // A log that no backup holds is gone for good: nobody does that with one click.
  const loses = erasedLogs(found.changes).some(({ backup }) => backup === 'missing');
  const action = t('configure:change.apply', { count });
  const start = () => {
    const by = person.trim();
    setEarly(by === '');
    if (by !== '') void apply(meter, area, by);
  };
  return (
    <div className={classes['stack']}>
      <PersonField person={person} onPerson={setPerson} early={early} />
      {loses ? (
        <ConfirmByTyping
          text={found.reading.identity.serial ?? t('configure:change.erase')}
          action={action}
          onConfirm={start}
          danger
        />
      ) : (
        <div>
          <Button onClick={start}>{action}</Button>
        </div>
      )}
    </div>
  );
}
