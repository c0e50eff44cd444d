import { Button, Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClockOutcome, ClockReview, ClockState } from '../../../shared/contract/clock-calls.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { usePerson } from '../../app/preferences.ts';
import { engine } from '../../engine/client.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import { ConfirmByTyping } from '../../ui/confirm-by-typing.tsx';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../ask.ts';
import { OutcomeTable } from './change/outcome-table.tsx';
import { PersonField } from './change/person-field.tsx';
import { RunReport } from './change/run-report.tsx';
import { ChangeSheet } from './change/sheet.tsx';
import { useSheetHeading } from './change/use-sheet-heading.ts';
import classes from './configure.module.css';

const NOBODY = { serial: null, firmware: null, simulated: false };

/** The clock: how far it is off, what it takes its time from, and setting it as an action of its own. */
export function ClockPane({ meter }: { readonly meter: ListedMeter }) {
  const { t } = useTranslation();
  const { state, known, again } = useClock(meter);
  const [outcome, setOutcome] = useState<Load<ClockOutcome>>(IDLE);
  const heading = useSheetHeading(meter, known?.identity ?? NOBODY);
  return (
    <div className={classes['stack']}>
      <Section
        title={t('configure:now.title')}
        actions={
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={state.state === 'busy'}
            onClick={() => void again()}
          >
            {t('configure:now.again')}
          </Button>
        }
      >
        {state.state === 'busy' && known === null && <Loader aria-label={t('configure:now.reading')} />}
        {state.state === 'failed' && <ProblemCard problem={state.problem} onRetry={() => void again()} />}
        {known !== null && <Facts state={known} />}
      </Section>
      {known !== null && (
        <Section title={t('configure:clock.set')}>
          <SetClock
            meter={meter}
            state={known}
            busy={outcome.state === 'busy'}
            onSet={async (by) => {
              setOutcome(BUSY);
              setOutcome(
                loaded(await ask(() => engine.clock.set({ address: meter.address, settings: { set: true }, by }))),
              );
              await again();
            }}
          />
          {outcome.state === 'failed' && <ProblemCard problem={outcome.problem} />}
          {outcome.state === 'ready' && (
            <div className={classes['stack']} aria-live="polite">
              {outcome.value.problem !== null && <ProblemCard problem={outcome.value.problem} />}
              <OutcomeTable area="clock" results={outcome.value.results} />
              {outcome.value.handOff !== null && <ChangeSheet handOff={outcome.value.handOff} heading={heading} />}
              <RunReport run={outcome.value.run} />
            </div>
          )}
        </Section>
      )}
    </div>
  );
}

function useClock({ address }: ListedMeter) {
  const [state, setState] = useState<Load<ClockState>>(BUSY);
  const [known, setKnown] = useState<ClockState | null>(null);
  const again = useCallback(async () => {
    setState(BUSY);
    const found = loaded(await ask(() => engine.clock.read({ address })));
    setState(found);
    if (found.state === 'ready') setKnown(found.value);
  }, [address]);
  useEffect(() => void again(), [again]);
  return { state, known, again };
}

function Facts({ state }: { readonly state: ClockState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { clock, syncSource, syncBecause, wrong, channel } = state;
  const { offsetSeconds, uncertaintySeconds, meterUtc, pcUtc, because } = clock;
  const offset =
    offsetSeconds === null || uncertaintySeconds === null || wrong === null
      ? t('configure:clock.notRead')
      : t(wrong ? 'configure:clock.off' : 'configure:clock.same', {
          offset: `${offsetSeconds > 0 ? '+' : ''}${format.number(offsetSeconds, uncertaintySeconds < 1 ? 3 : 1)}`,
          uncertainty: format.number(uncertaintySeconds, uncertaintySeconds < 1 ? 3 : 1),
        });
  return (
    <KeyValueList
      items={[
        {
          label: t('configure:clock.offset'),
          value: <Chip tone={wrong === true ? 'warn' : wrong === false ? 'ok' : 'neutral'}>{offset}</Chip>,
        },
        {
          label: t('configure:clock.meterTime'),
          value: meterUtc === null ? because : <TimeText at={meterUtc} />,
        },
        { label: t('configure:clock.pcTime'), value: <TimeText at={pcUtc} /> },
        {
          label: t('configure:clock.source'),
          value: syncSource === null ? syncBecause : syncSource === 'none' ? t('configure:clock.nobody') : syncSource,
        },
        {
          label: t('configure:clock.channel'),
          value: t(channel === 'dlms' ? 'configure:clock.byDlms' : 'configure:clock.byHand'),
        },
      ]}
    />
  );
}

interface SetClockProps {
  readonly meter: ListedMeter;
  readonly state: ClockState;
  readonly busy: boolean;
  readonly onSet: (by: string) => Promise<void>;
}

function SetClock({ meter, state, busy, onSet }: SetClockProps) {
  const { t } = useTranslation();
  const [person, setPerson] = usePerson();
  const [early, setEarly] = useState(false);
  const [sheet, setSheet] = useState<Load<ClockReview>>(IDLE);
  const heading = useSheetHeading(meter, state.identity);
  if (state.wrong === false) return <p className={classes['note']}>{t('configure:clock.right')}</p>;
  const show = async () => {
    setSheet(BUSY);
    setSheet(loaded(await ask(() => engine.clock.plan({ address: meter.address, settings: { set: true } }))));
  };
  return (
    <div className={classes['stack']}>
      <div>
        <strong>{t('configure:clock.brings')}</strong>
        <ul className={classes['list']}>
          {state.consequences.map((consequence) => (
            <li key={consequence}>{t(`rules:consequence.${consequence}`)}</li>
          ))}
        </ul>
      </div>
      {state.channel === 'dlms' ? (
        <>
          <PersonField person={person} onPerson={setPerson} early={early} />
          {busy ? (
            <Loader aria-label={t('configure:clock.set')} />
          ) : (
            <ConfirmByTyping
              text={t('configure:clock.word')}
              action={t('configure:clock.set')}
              onConfirm={() => {
                const by = person.trim();
                setEarly(by === '');
                if (by !== '') void onSet(by);
              }}
            />
          )}
        </>
      ) : (
        <div>
          <Button loading={sheet.state === 'busy'} onClick={() => void show()}>
            {t('configure:clock.sheet')}
          </Button>
        </div>
      )}
      {sheet.state === 'failed' && <ProblemCard problem={sheet.problem} onRetry={() => void show()} />}
      {sheet.state === 'ready' && sheet.value.handOff !== null && (
        <ChangeSheet handOff={sheet.value.handOff} heading={heading} />
      )}
    </div>
  );
}
