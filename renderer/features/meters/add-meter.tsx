import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Collapse, Group, Loader, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Controller, type FieldErrors, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { meterAddressSchema, siteSchema } from '../../../shared/contract/domain.ts';
import type { Identification } from '../../../shared/contract/views.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { navigate } from '../../app/router.ts';
import { engine } from '../../engine/client.ts';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { ask } from '../ask.ts';
import { Capabilities } from './capabilities.tsx';
import classes from './meters.module.css';

/** Most characters of a note, as the engine takes them. */
const NOTE = 1_000;
/** Most characters of the name of a site. */
const SITE = 120;

const formSchema = z.object({
  host: meterAddressSchema.shape.host,
  modbus: meterAddressSchema.shape.ports.shape.modbus,
  sftp: meterAddressSchema.shape.ports.shape.sftp,
  dlms: meterAddressSchema.shape.ports.shape.dlms,
  bacnet: meterAddressSchema.shape.ports.shape.bacnet,
  unit: meterAddressSchema.shape.unit,
  timeoutMs: meterAddressSchema.shape.timeoutMs,
  site: siteSchema,
  note: z.string().max(NOTE),
});
type Form = z.infer<typeof formSchema>;

/** The ports of the vendor's table; unit 255 is the meter itself over Modbus TCP. */
const DEFAULTS: Form = {
  host: '',
  modbus: 502,
  sftp: 22,
  dlms: 4059,
  bacnet: 47_808,
  unit: 255,
  timeoutMs: 3_000,
  site: '',
  note: '',
};

/** Fields under "More settings". */
const HIDDEN = ['dlms', 'bacnet', 'timeoutMs', 'site', 'note'] as const;

type Probe =
  | { readonly state: 'none' }
  | { readonly state: 'asking' }
  | { readonly state: 'found'; readonly found: Identification }
  | { readonly state: 'failed'; readonly problem: Problem };

interface AddMeterProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Adds a meter by its address; a probe shows first who answers there and what each protocol can do. Nothing is written to it. */
export function AddMeter({ opened, onClose }: AddMeterProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('meters:add.title')}
      size={760}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <AddForm onClose={onClose} />
    </Modal>
  );
}

function AddForm({ onClose }: Pick<AddMeterProps, 'onClose'>) {
  const { t } = useTranslation();
  const { register, control, handleSubmit, formState } = useForm<Form>({
    resolver: zodResolver(formSchema),
    defaultValues: DEFAULTS,
  });
  const [probe, setProbe] = useState<Probe>({ state: 'none' });
  const [adding, setAdding] = useState(false);
  const [more, setMore] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const run = async (form: Form) => {
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setProbe({ state: 'asking' });
    const found = await ask(() => engine.meters.identify({ address: addressOf(form) }, { signal: mine.signal }));
    // A newer probe, or a dialog that was closed, makes this answer worthless.
    if (mine.signal.aborted) return;
    setProbe(found.ok ? { state: 'found', found: found.value } : { state: 'failed', problem: found.problem });
  };
  const add = async (form: Form) => {
    setAdding(true);
    const added = await ask(() => engine.meters.add({ address: addressOf(form), ...wordsOf(form) }));
    setAdding(false);
    if (!added.ok) {
      setRefused(added.problem);
      return;
    }
    onClose();
    navigate('meter', added.value.id, 'overview');
  };
  const errors = formState.errors;
  // A field that is wrong has to be seen.
  const wrong = (found: FieldErrors<Form>) => {
    if (HIDDEN.some((name) => found[name] !== undefined)) setMore(true);
  };
  const number = (name: 'modbus' | 'sftp' | 'dlms' | 'bacnet' | 'unit' | 'timeoutMs') => (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <NumberInput
          label={t(`meters:add.${name}`)}
          w={116}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          ref={field.ref}
          value={field.value}
          onBlur={field.onBlur}
          onChange={field.onChange}
          error={errors[name] === undefined ? undefined : t(`meters:add.wrong.${name}`)}
        />
      )}
    />
  );
  return (
    <form onSubmit={(event) => void handleSubmit(run, wrong)(event)}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label={t('meters:add.host')}
            data-autofocus
            w={250}
            autoComplete="off"
            spellCheck={false}
            {...register('host')}
            error={errors.host === undefined ? undefined : t('meters:add.wrong.host')}
          />
          {number('modbus')}
          {number('sftp')}
          {number('unit')}
        </Group>
        <Collapse expanded={more}>
          <Group align="flex-start" gap="sm">
            {number('dlms')}
            {number('bacnet')}
            {number('timeoutMs')}
            <TextInput
              label={t('meters:column.site')}
              w={250}
              maxLength={SITE}
              {...register('site')}
              error={errors.site === undefined ? undefined : t('meters:add.wrong.site')}
            />
            <TextInput label={t('meters:add.note')} w={250} maxLength={NOTE} {...register('note')} />
          </Group>
        </Collapse>
        <Group gap="xs">
          <Button type="submit" loading={probe.state === 'asking'}>
            {t('meters:add.probe')}
          </Button>
          <Button variant="default" loading={adding} onClick={() => void handleSubmit(add, wrong)()}>
            {probe.state === 'found' ? t('meters:add.add') : t('meters:add.addUnseen')}
          </Button>
          <Button variant="subtle" onClick={() => setMore(!more)} aria-expanded={more}>
            {more ? t('meters:add.less') : t('meters:add.more')}
          </Button>
        </Group>
        {refused !== null && <ProblemCard problem={refused} />}
        <ProbeResult probe={probe} />
      </Stack>
    </form>
  );
}

function ProbeResult({ probe }: { readonly probe: Probe }) {
  const { t } = useTranslation();
  if (probe.state === 'none') return <p className="mw-quiet">{t('meters:add.about')}</p>;
  if (probe.state === 'asking') {
    return (
      <output className={classes['bar']}>
        <Loader /> {t('meters:add.asking')}
      </output>
    );
  }
  if (probe.state === 'failed') return <ProblemCard problem={probe.problem} />;
  const { identity, capabilities } = probe.found;
  return (
    <div className={classes['probe']} aria-live="polite">
      <div className={classes['bar']}>
        <strong>{t('meters:add.found')}</strong>
        {identity.simulated && <SimulatedBadge />}
      </div>
      <KeyValueList
        items={[
          { label: t('meters:column.name'), value: identity.name ?? t('meters:none') },
          { label: t('meters:column.model'), value: identity.model ?? t('meters:none') },
          { label: t('meters:column.serial'), value: identity.serial ?? t('meters:none') },
          {
            label: t('meters:column.firmware'),
            value: identity.firmware === null ? t('meters:none') : formatFirmware(identity.firmware),
          },
        ]}
      />
      <Capabilities capabilities={capabilities} />
    </div>
  );
}

function addressOf({ host, modbus, sftp, dlms, bacnet, unit, timeoutMs }: Form) {
  return { host, ports: { modbus, sftp, dlms, bacnet }, unit, timeoutMs };
}

/** A meter that is in the list already keeps the words that nobody typed now. */
function wordsOf({ site, note }: Form) {
  return { ...(site === '' ? {} : { site }), ...(note === '' ? {} : { note }) };
}
