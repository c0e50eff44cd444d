import { Button, Select } from '@mantine/core';
import { IconListCheck, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsTemplate } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { SetupPlan } from '../../../../shared/domain/change.ts';
import { desiredSettings } from '../../../../shared/domain/settings/desired.ts';
import { usePerson } from '../../../app/preferences.ts';
import { engine } from '../../../engine/client.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { askPlain, BUSY, type Load, loaded } from '../../ask.ts';
import { PersonField } from '../change/person-field.tsx';
import classes from '../configure.module.css';
import { forManyMeters, ownToOneMeter } from '../plans.ts';
import { settingName } from '../settings/text.ts';
import { ValueText } from '../settings/value-text.tsx';
import { applyMany, canApply, forgetReviews, reviewMany, rowOf, stopMany, useMany } from './selection.ts';
import { ManyTable } from './table.tsx';

/** A template on many meters: reviewed on each, then applied one after the other. */
export function ManyTemplate({ meters }: { readonly meters: readonly ListedMeter[] }) {
  const { t } = useTranslation();
  const many = useMany();
  const templates = useTemplates();
  const [chosen, setChosen] = useState<string | null>(null);
  const [person, setPerson] = usePerson();
  const [early, setEarly] = useState(false);
  const all = templates.state === 'ready' ? templates.value.flatMap(setupTemplate) : [];
  const template = all.find(({ name }) => name === chosen) ?? all[0];
  const busy = many.work !== 'none';

  return (
    <>
      {templates.state === 'failed' && <ProblemCard problem={templates.problem} />}
      {templates.state === 'ready' && template === undefined && (
        <EmptyState title={t('configure:many.noTemplates')} text={t('configure:many.noTemplatesWhat')} />
      )}
      {template !== undefined && (
        <>
          <Section title={t('configure:many.wants')}>
            <div className={classes['stack']}>
              <Select
                label={t('configure:many.template')}
                data={all.map(({ name, plan }) => ({
                  value: name,
                  label: `${name} · ${t(`rules:area.${plan.area}`)}`,
                }))}
                value={template.name}
                allowDeselect={false}
                disabled={busy}
                maw={420}
                onChange={(name) => {
                  setChosen(name);
                  forgetReviews();
                }}
              />
              <Wants plan={template.plan} />
            </div>
          </Section>
          <Section title={t('configure:change.title')}>
            <div className={classes['stack']}>
              <ManyTable meters={meters} area={template.plan.area} many={many} />
              <PersonField person={person} onPerson={setPerson} early={early} />
              <div className={classes['bar']}>
                <Button
                  variant="default"
                  leftSection={<IconListCheck size={15} />}
                  loading={many.work === 'review'}
                  disabled={busy && many.work !== 'review'}
                  onClick={() => void reviewMany(forManyMeters(template.plan), meters)}
                >
                  {t('configure:many.review')}
                </Button>
                <ApplyButton
                  count={meters.filter(({ id }) => canApply(rowOf(many, id))).length}
                  busy={busy}
                  onApply={() => {
                    const by = person.trim();
                    setEarly(by === '');
                    if (by !== '') void applyMany(forManyMeters(template.plan), meters, by);
                  }}
                />
                {busy && (
                  <Button
                    variant="default"
                    leftSection={<IconPlayerStop size={15} />}
                    loading={many.work === 'stopping'}
                    onClick={stopMany}
                  >
                    {t('configure:many.stop')}
                  </Button>
                )}
              </div>
            </div>
          </Section>
        </>
      )}
    </>
  );
}

interface ApplyButtonProps {
  readonly count: number;
  readonly busy: boolean;
  readonly onApply: () => void;
}

/** Only there when it would do something: before a review nobody knows what. */
function ApplyButton({ count, busy, onApply }: ApplyButtonProps) {
  const { t } = useTranslation();
  if (count === 0 || busy) return null;
  return <Button onClick={onApply}>{t('configure:many.apply', { count })}</Button>;
}

function Wants({ plan }: { readonly plan: SetupPlan }) {
  const { t } = useTranslation();
  const left = ownToOneMeter(plan);
  return (
    <>
      <KeyValueList
        items={[...desiredSettings(forManyMeters(plan))].map(([id, value]) => ({
          label: settingName(t, plan.area, id),
          value: <ValueText id={id} value={value} />,
        }))}
      />
      {left.length > 0 && (
        <p className={classes['notice']} data-tone="warn">
          {t('configure:many.leftOut', { settings: left.map((id) => settingName(t, plan.area, id)).join(', ') })}
        </p>
      )}
    </>
  );
}

/** The clock of a meter is set by itself, with a person looking at it. */
function setupTemplate({
  name,
  plan,
}: SettingsTemplate): readonly { readonly name: string; readonly plan: SetupPlan }[] {
  return plan.area === 'clock' ? [] : [{ name, plan }];
}

function useTemplates(): Load<readonly SettingsTemplate[]> {
  const [load, setLoad] = useState<Load<readonly SettingsTemplate[]>>(BUSY);
  useEffect(() => {
    let current = true;
    void askPlain(() => engine.templates.list()).then((found) => {
      if (current) setLoad(loaded(found));
    });
    return () => {
      current = false;
    };
  }, []);
  return load;
}
