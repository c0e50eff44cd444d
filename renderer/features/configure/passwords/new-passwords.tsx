import { Button, Checkbox, NumberInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SealedPlanView } from '../../../../shared/contract/password-calls.ts';
import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { SecurityPlan } from '../../../../shared/domain/change.ts';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { STRICTEST_POLICY } from '../../../../shared/domain/settings/passwords/change.ts';
import type { PasswordUse } from '../../../../shared/domain/settings/passwords/check.ts';
import type { PasswordClientId } from '../../../../shared/domain/settings/passwords/clients.ts';
import { longestPassword } from '../../../../shared/domain/settings/passwords/policy.ts';
import { usePerson } from '../../../app/preferences.ts';
import { engine } from '../../../engine/client.ts';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../../ask.ts';
import { PersonField } from '../change/person-field.tsx';
import classes from '../configure.module.css';
import { Clients } from './clients.tsx';
import { Missing } from './missing.tsx';
import { isPassphrase, PassphraseFields } from './passphrase-fields.tsx';
import own from './passwords.module.css';
import { noteSealed, usePasswords } from './store.ts';
import { isReady, type Typed, TypedPassword } from './typed-password.tsx';
import { changesPolicy, policyAhead } from './wishes.ts';

const NOTHING: Typed = { password: '', again: '' };
const NEWEST = firmwareVersion('4.6.0');

interface NewPasswordsProps {
  readonly meter: ListedMeter;
  readonly reading: AreaReadingView;
  readonly wishes: SecurityPlan;
}

/** New passwords for the chosen users, generated or typed, which leave this screen in a sealed file only. */
export function NewPasswords({ meter, reading, wishes }: NewPasswordsProps) {
  const { t } = useTranslation();
  const { chosen } = usePasswords(meter.id);
  const [person, setPerson] = usePerson();
  const [clients, setClients] = useState<readonly PasswordClientId[]>([]);
  const [length, setLength] = useState<number | null>(null);
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>({});
  const [passphrase, setPassphrase] = useState(NOTHING);
  const [early, setEarly] = useState(false);
  const [sealing, setSealing] = useState<Load<SealedPlanView>>(IDLE);

  const { identity } = reading;
  const firmware = identity.firmware ?? NEWEST;
  const policy = policyAhead(wishes, reading);
  const heldTo = (user: string): PasswordUse => ({
    firmware,
    policy: policy ?? STRICTEST_POLICY,
    clients,
    names: [user, identity.name ?? '', identity.serial ?? ''],
  });
  const typedFor = (user: string): Typed | undefined => (chosen.includes(user) ? typed[user] : undefined);
  const missing = [
    ...(chosen.length === 0 ? [t('passwords:new.needUsers')] : []),
    ...chosen
      .filter((user) => !ready(typedFor(user), heldTo(user)))
      .map((user) => t('passwords:new.needPassword', { user })),
    ...(isPassphrase(passphrase) ? [] : [t('passwords:new.needPassphrase')]),
    ...(person.trim() === '' ? [t('configure:needName')] : []),
  ];

  async function seal(): Promise<void> {
    setEarly(missing.length > 0);
    if (missing.length > 0 || sealing.state === 'busy') return;
    const name = `passwords-${(identity.serial ?? meter.address.host).replace(/[^A-Za-z0-9-]/g, '_')}.json`;
    const file = await window.meterwright.shell.pickSaveFile('json', name);
    if (file === null) return;
    setSealing(BUSY);
    const found = await ask(() =>
      engine.passwords.seal({
        addresses: [meter.address],
        users: chosen.map((user) => ({ user, password: typedFor(user)?.password ?? null })),
        clients: [...clients],
        policy: changesPolicy(wishes) && policy !== undefined ? policy : null,
        length,
        file,
        passphrase: passphrase.password,
        by: person.trim(),
      }),
    );
    setSealing(loaded(found));
    if (!found.ok) return;
    noteSealed(meter.id, found.value);
    setTyped({});
    setPassphrase(NOTHING);
    setEarly(false);
  }

  return (
    <div className={classes['stack']}>
      <p className="mw-quiet">
        {t(policy === undefined ? 'passwords:new.assumed' : 'passwords:new.heldTo', {
          complexity: t(`rules:complexity.${(policy ?? STRICTEST_POLICY).complexity}`),
          length: (policy ?? STRICTEST_POLICY).minimumLength,
        })}
      </p>
      <Clients clients={clients} onClients={setClients} />
      <NumberInput
        label={t('passwords:new.length')}
        placeholder={t('passwords:new.longest')}
        allowDecimal={false}
        min={1}
        max={longestPassword(firmware).others}
        clampBehavior="strict"
        maw={280}
        value={length ?? ''}
        onChange={(value) => setLength(value === '' ? null : Number(value))}
      />
      {chosen.length === 0 && <p className="mw-quiet">{t('passwords:new.none')}</p>}
      <ul className={own['chosen']} aria-label={t('passwords:new.users')}>
        {chosen.map((user) => {
          const mine = typed[user];
          return (
            <li key={user}>
              <Checkbox
                label={t('passwords:new.type', { user })}
                checked={mine !== undefined}
                onChange={(event) => {
                  const { [user]: _, ...others } = typed;
                  setTyped(event.currentTarget.checked ? { ...others, [user]: NOTHING } : others);
                }}
              />
              {mine !== undefined && (
                <TypedPassword
                  user={user}
                  typed={mine}
                  use={heldTo(user)}
                  early={early}
                  onTyped={(next) => setTyped((before) => ({ ...before, [user]: next }))}
                />
              )}
            </li>
          );
        })}
      </ul>
      <PassphraseFields typed={passphrase} onTyped={setPassphrase} early={early} />
      <PersonField person={person} onPerson={setPerson} />
      {early && <Missing what={missing} />}
      <div>
        <Button leftSection={<IconLock size={15} />} loading={sealing.state === 'busy'} onClick={() => void seal()}>
          {t('passwords:new.seal')}
        </Button>
      </div>
      {sealing.state === 'failed' && <ProblemCard problem={sealing.problem} />}
      {sealing.state === 'ready' &&
        sealing.value.failed.map(({ host, problem }) => <ProblemCard key={host} problem={problem} />)}
    </div>
  );
}

/** A password that is generated is always ready. */
function ready(typed: Typed | undefined, use: PasswordUse): boolean {
  return typed === undefined || isReady(typed, use);
}
