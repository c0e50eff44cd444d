import { Button, Checkbox, Group, NumberInput, Select } from '@mantine/core';
import { IconArrowBackUp, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordersPlan } from '../../../../shared/domain/change.ts';
import type { MeterIdentity } from '../../../../shared/domain/identity.ts';
import { plannedRecorder } from '../../../../shared/domain/settings/recorders/plan.ts';
import {
  isBurst,
  maximumDepthOf,
  maximumSources,
  RECORD_MODES,
  type RecorderSettings,
} from '../../../../shared/domain/settings/recorders/recorder.ts';
import type { RuleRow } from '../../../../shared/domain/settings/rule-row.ts';
import { useFormat } from '../../../ui/text/format.ts';
import classes from '../configure.module.css';
import { leaveRecorder, wishRecorder } from '../plans.ts';
import { RuleSayings } from '../settings/rule-sayings.tsx';
import { RecorderFiguresTable } from './figures.tsx';
import { SourcePicker } from './source-picker.tsx';

interface RecorderEditorProps {
  readonly number: number;
  /** As the meter has it; null where it could not be read. */
  readonly now: RecorderSettings | null;
  readonly identity: Pick<MeterIdentity, 'firmware'>;
  /** Labels of the sources of the meter; empty where it does not tell. */
  readonly available: readonly string[];
  readonly wishes: RecordersPlan;
  readonly onWishes: (wishes: RecordersPlan) => void;
  readonly rules: readonly RuleRow[];
  readonly onClose: () => void;
}

/** One recorder: its sources and settings, with every rule and figure as they are typed. */
export function RecorderEditor(props: RecorderEditorProps) {
  const { number, now, identity, available, wishes, onWishes, rules, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const title = useId();
  const wanted: Partial<RecorderSettings> = { ...now, ...wishes.recorders[String(number)] };
  const planned = plannedRecorder(wishes.recorders[String(number)] ?? {}, now);
  const wish = <Key extends keyof RecorderSettings>(key: Key, value: RecorderSettings[Key] | undefined) =>
    onWishes(wishRecorder(wishes, now, number, key, value));
  const says = (key: keyof RecorderSettings) => <RuleSayings rules={rules} field={`${number}.${key}`} />;
  const sources = wanted.sources ?? [];
  const { preTrigger = 0, postTrigger = 0 } = wanted;
  const most = maximumDepthOf({ sources, preTrigger, postTrigger });
  const count = (key: 'depth' | 'bufferDepth' | 'preTrigger' | 'postTrigger', label: string) => (
    <NumberInput
      label={label}
      allowDecimal={false}
      hideControls
      thousandSeparator=","
      value={wanted[key] ?? ''}
      onChange={(value) => wish(key, value === '' ? undefined : Number(value))}
    />
  );
  return (
    <section className={classes['stack']} aria-labelledby={title}>
      <Group justify="space-between" gap="xs">
        <h3 id={title} className={classes['sub']}>
          {t('configure:recorder.edit', { number })}
        </h3>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={14} />}
            onClick={() => onWishes(leaveRecorder(wishes, number))}
          >
            {t('configure:recorder.leave')}
          </Button>
          <Button variant="default" leftSection={<IconX size={14} />} onClick={onClose}>
            {t('configure:recorder.close')}
          </Button>
        </Group>
      </Group>
      <p className="mw-quiet">{t('configure:recorder.nameWhy', { name: now?.name ?? t('configure:unread') })}</p>
      {now === null && <p className={classes['notice']}>{t('configure:recorder.incomplete')}</p>}
      <RuleSayings rules={rules.filter(({ verdict }) => verdict !== 'pass')} field={String(number)} />
      <SourcePicker
        available={available}
        chosen={sources}
        most={
          identity.firmware === null ? null : maximumSources(identity.firmware, isBurst({ preTrigger, postTrigger }))
        }
        onChange={(next) => wish('sources', next)}
      />
      {says('sources')}
      <div className={classes['fields']}>
        <div className={classes['stack']}>
          <NumberInput
            label={t('configure:recorder.interval')}
            hideControls
            value={wanted.interval ?? ''}
            disabled={wanted.interval === null}
            onChange={(value) => wish('interval', value === '' ? undefined : Number(value))}
          />
          <Checkbox
            label={t('configure:recorder.external')}
            checked={wanted.interval === null}
            onChange={({ currentTarget: { checked } }) => wish('interval', checked ? null : (now?.interval ?? 900))}
          />
          {says('interval')}
        </div>
        <div className={classes['stack']}>
          {count('depth', t('configure:recorder.depth'))}
          <div>
            <Button variant="default" onClick={() => wish('depth', most)}>
              {t('configure:recorder.useMaximum', { depth: format.number(most) })}
            </Button>
          </div>
          {says('depth')}
        </div>
        <div className={classes['stack']}>
          {count('bufferDepth', t('configure:recorder.buffer'))}
          {says('bufferDepth')}
        </div>
        <div className={classes['stack']}>
          <Select
            label={t('configure:recorder.mode')}
            placeholder={t('configure:leave')}
            allowDeselect={false}
            data={RECORD_MODES.map((mode) => ({ value: mode, label: t(`rules:recordMode.${mode}`) }))}
            value={wanted.mode ?? null}
            onChange={(value) =>
              wish(
                'mode',
                RECORD_MODES.find((mode) => mode === value),
              )
            }
          />
          {says('mode')}
        </div>
        <div className={classes['stack']}>
          {count('preTrigger', t('configure:recorder.pre'))}
          {says('preTrigger')}
        </div>
        <div className={classes['stack']}>
          {count('postTrigger', t('configure:recorder.post'))}
          {says('postTrigger')}
        </div>
      </div>
      <Checkbox
        label={t('configure:recorder.outage')}
        checked={wanted.insertOutageRecords ?? false}
        onChange={({ currentTarget: { checked } }) => wish('insertOutageRecords', checked)}
      />
      {says('insertOutageRecords')}
      {planned.complete && <RecorderFiguresTable now={now} then={planned.recorder} />}
    </section>
  );
}
