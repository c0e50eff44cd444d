import { Button, Collapse, NumberInput, PasswordInput, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DlmsRequest } from '../../../../shared/contract/dlms.ts';
import classes from '../logs.module.css';
import { SerialFields, type SerialLine } from './serial-fields.tsx';

interface AssociationFieldsProps {
  /** What was entered and not yet asked with; null where nothing was. */
  readonly said: DlmsRequest | null;
  /** What the meter took before, without its password; null is the public client. */
  readonly known: (Omit<DlmsRequest, 'password'> & { readonly hasPassword: boolean }) | null;
  readonly onSaid: (said: DlmsRequest) => void;
}

const LINKS = ['auto', 'wrapper', 'hdlc', 'serial'] as const;
const SIGNS = ['standard', 'inverted', 'ignore'] as const;
/** What the public client of a meter is called, and its management logical device. */
const PUBLIC = { link: 'auto', clientSap: 16, serverSap: 1, deviationSign: 'standard' } as const;
/** To begin with; the port of the meter says what is right. */
const SERIAL: SerialLine = { path: '', baudRate: 9600, physicalAddress: 1 };

/** Whether the fields say enough to ask with: a serial line needs its port. */
export function isComplete(said: DlmsRequest | null): boolean {
  return typeof said?.link !== 'object' || said.link.path.trim() !== '';
}

/** For meters that take no public client, are on a serial line, or count their deviation the other way; nothing is tried but what stands here. */
export function AssociationFields({ said, known, onSaid }: AssociationFieldsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { hasPassword = false, ...taken } = known ?? {};
  const now = { ...PUBLIC, ...taken, ...said };
  const change = (part: DlmsRequest) => {
    const { password, ...rest } = { ...now, ...part };
    onSaid(password === undefined || password === '' ? rest : { ...rest, password });
  };
  const serial = typeof now.link === 'object' ? now.link : null;
  const address = (key: 'clientSap' | 'serverSap', label: string) => (
    <NumberInput
      label={label}
      min={1}
      max={65_535}
      allowDecimal={false}
      value={now[key]}
      onChange={(value) => typeof value === 'number' && value >= 1 && change({ [key]: value })}
    />
  );
  return (
    <div>
      <Button variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('logs:live.association')}
      </Button>
      <Collapse expanded={open}>
        <div className={classes['fields']}>
          <Select
            label={t('logs:live.link')}
            w={230}
            allowDeselect={false}
            value={typeof now.link === 'object' ? 'serial' : now.link}
            data={LINKS.map((value) => ({ value, label: t(`logs:live.links.${value}`) }))}
            onChange={(value) => change({ link: linkOf(value) })}
          />
          {serial !== null && <SerialFields line={serial} onLine={(link) => change({ link })} />}
          {address('clientSap', t('logs:live.client'))}
          {address('serverSap', t('logs:live.server'))}
          <PasswordInput
            label={t('logs:live.password')}
            w={200}
            maxLength={64}
            placeholder={hasPassword && said === null ? t('logs:live.passwordKept') : undefined}
            visibilityToggleButtonProps={{ 'aria-label': t('logs:live.showPassword') }}
            value={said?.password ?? ''}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
          <Select
            label={t('logs:live.deviation')}
            w={230}
            allowDeselect={false}
            value={now.deviationSign}
            data={SIGNS.map((value) => ({ value, label: t(`logs:live.deviations.${value}`) }))}
            onChange={(value) => change({ deviationSign: SIGNS.find((sign) => sign === value) ?? 'standard' })}
          />
        </div>
        <p className="mw-quiet">
          {t('logs:live.lockout')} {t('logs:live.kept')}
          {hasPassword && said !== null && ` ${t('logs:live.passwordAgain')}`}
        </p>
      </Collapse>
    </div>
  );
}

function linkOf(value: string | null): NonNullable<DlmsRequest['link']> {
  const link = LINKS.find((candidate) => candidate === value) ?? 'auto';
  return link === 'serial' ? SERIAL : link;
}
