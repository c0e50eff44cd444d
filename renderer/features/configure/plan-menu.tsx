import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsTemplate } from '../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { Plan, SetupPlan } from '../../../shared/domain/change.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { navigate } from '../../app/router.ts';
import { engine } from '../../engine/client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { ask, askPlain } from '../ask.ts';
import classes from './configure.module.css';
import { ownToOneMeter, wantsNothing } from './plans.ts';
import { settingName } from './settings/text.ts';
import { setPlan } from './store.ts';

interface PlanMenuProps {
  readonly meter: ListedMeter;
  readonly plan: SetupPlan;
}

/** Plan files and templates: opened into the form, or made from it. */
export function PlanMenu({ meter, plan }: PlanMenuProps) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [templates, setTemplates] = useState<readonly SettingsTemplate[]>([]);
  const [naming, setNaming] = useState(false);
  const [said, setSaid] = useState('');
  const nothing = wantsNothing(plan);

  const take = (found: Plan) => {
    if (found.area === 'clock') {
      setSaid(t('configure:plan.clock'));
      navigate('meter', meter.id, 'configure', 'clock');
      return;
    }
    setPlan(meter.id, found);
    setSaid('');
    if (found.area !== plan.area) navigate('meter', meter.id, 'configure', found.area);
  };
  const open = async () => {
    const file = await window.meterwright.shell.pickFile('plan');
    if (file === null) return;
    const found = await ask(() => engine.configure.openPlan({ file }));
    setProblem(found.ok ? null : found.problem);
    if (found.ok) take(found.value);
  };
  const save = async (kind: 'json' | 'yaml') => {
    const file = await window.meterwright.shell.pickSaveFile(kind, `${plan.area}.${kind}`);
    if (file === null) return;
    const done = await ask(() => engine.configure.savePlan({ file, plan }));
    setProblem(done.ok ? null : done.problem);
    setSaid(done.ok ? t('configure:plan.saved', { file }) : '');
  };
  const list = async () => {
    const found = await askPlain(() => engine.templates.list());
    setProblem(found.ok ? null : found.problem);
    if (found.ok) setTemplates(found.value.filter(({ plan: { area } }) => area === plan.area));
  };
  return (
    <div className={classes['bar']}>
      <span className="mw-quiet" role="status">
        {said}
      </span>
      <Menu position="bottom-end" onOpen={() => void list()}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconFileText size={15} />}>
            {t('configure:plan.menu')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('configure:plan.files')}</Menu.Label>
          <Menu.Item onClick={() => void open()}>{t('configure:plan.open')}</Menu.Item>
          <Menu.Item disabled={nothing} onClick={() => void save('json')}>
            {t('configure:plan.save', { kind: 'JSON' })}
          </Menu.Item>
          <Menu.Item disabled={nothing} onClick={() => void save('yaml')}>
            {t('configure:plan.save', { kind: 'YAML' })}
          </Menu.Item>
          <Menu.Label>{t('configure:plan.templates')}</Menu.Label>
          <Menu.Item disabled={nothing} onClick={() => setNaming(true)}>
            {t('configure:plan.saveTemplate')}
          </Menu.Item>
          {templates.map((template) => (
            <Menu.Item key={template.name} onClick={() => take(template.plan)}>
              {t('configure:plan.useTemplate', { name: template.name })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={problem !== null}
        onClose={() => setProblem(null)}
        title={t('configure:plan.menu')}
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        {problem !== null && <ProblemCard problem={problem} />}
      </Modal>
      <NameTemplate
        opened={naming}
        plan={plan}
        onClose={() => setNaming(false)}
        onSaved={(name) => {
          setNaming(false);
          setSaid(t('configure:plan.templateSaved', { name }));
        }}
      />
    </div>
  );
}

interface NameTemplateProps {
  readonly opened: boolean;
  readonly plan: SetupPlan;
  readonly onClose: () => void;
  readonly onSaved: (name: string) => void;
}

function NameTemplate({ opened, plan, onClose, onSaved }: NameTemplateProps) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [early, setEarly] = useState(false);
  const own = ownToOneMeter(plan).map((id) => settingName(t, plan.area, id));
  const save = async () => {
    const called = name.trim();
    setEarly(called === '');
    if (called === '') return;
    const done = await ask(() => engine.templates.save({ name: called, plan }));
    setProblem(done.ok ? null : done.problem);
    if (done.ok) onSaved(called);
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('configure:plan.saveTemplate')} onSubmit={() => void save()}>
      <TextInput
        label={t('configure:plan.name')}
        data-autofocus
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
        error={early && name.trim() === '' ? t('configure:plan.needName') : undefined}
      />
      {own.length > 0 && (
        <p className={classes['notice']} data-tone="warn">
          {t('configure:plan.ownToOne', { settings: own.join(', ') })}
        </p>
      )}
      {problem !== null && <ProblemCard problem={problem} />}
      <div>
        <Button type="submit">{t('configure:plan.keep')}</Button>
      </div>
    </FormDialog>
  );
}
