import { Button, Checkbox, NumberInput, Select } from '@mantine/core';
import { IconLock, IconPlayerStop } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SealedPlanView } from '../../../../shared/contract/password-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { PasswordClientId } from '../../../../shared/domain/settings/passwords/clients.ts';
import {
  COMPLEXITIES,
  minimumLengths,
  type PasswordPolicy,
  POLICY_SINCE,
  RECOMMENDED_LENGTH,
} from '../../../../shared/domain/settings/passwords/policy.ts';
import { METER_USERS } from '../../../../shared/domain/settings/passwords/users.ts';
import { usePerson } from '../../../app/preferences.ts';
import { engine } from '../../../engine/client.ts';
import { Section } from '../../../ui/page.tsx';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../../ask.ts';
import { PersonField } from '../change/person-field.tsx';
import classes from '../configure.module.css';
import { Clients } from './clients.tsx';
import { Missing } from './missing.tsx';
import { isPassphrase, PassphraseFields } from './passphrase-fields.tsx';
import own from './passwords.module.css';
import { SealedSheets } from './sealed-sheets.tsx';

const NOTHING = { password: '', again: '' };

/** New generated passwords for the same users of many meters, sealed into one file, with a sheet for each meter. Nothing is written to a meter. */
export function ManyPasswords({ meters }: { readonly meters: readonly ListedMeter[] }) {
  const { t } = useTranslation();
  const [person, setPerson] = usePerson();
  const [users, setUsers] = useState<readonly string[]>([]);
  const [clients, setClients] = useState<readonly PasswordClientId[]>([]);
  const [policy, setPolicy] = useState<PasswordPolicy | null>(null);
  const [passphrase, setPassphrase] = useState(NOTHING);
  const [early, setEarly] = useState(false);
  const [sealing, setSealing] = useState<Load<SealedPlanView>>(IDLE);
  const stop = useRef(new AbortController());
  const busy = sealing.state === 'busy';
  const missing = [
    ...(users.length === 0 ? [t('passwords:new.needUsers')] : []),
    ...(isPassphrase(passphrase) ? [] : [t('passwords:new.needPassphrase')]),
    ...(person.trim() === '' ? [t('configure:needName')] : []),
  ];

  async function seal(): Promise<void> {
    setEarly(missing.length > 0);
    if (missing.length > 0 || busy) return;
    const file = await window.meterwright.shell.pickSaveFile('json', 'passwords.json');
    if (file === null) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    setSealing(BUSY);
    const wishes = {
      addresses: meters.map(({ address }) => address),
      users: users.map((user) => ({ user, password: null })),
      clients: [...clients],
      length: null,
      ...{ policy, file, passphrase: passphrase.password, by: person.trim() },
    };
    const found = await ask(() => engine.passwords.seal(wishes, { signal }));
    setSealing(loaded(found));
    if (found.ok) setPassphrase(NOTHING);
    setEarly(false);
  }

  return (
    <>
      <Section title={t('passwords:many.title', { count: meters.length })}>
        <div className={classes['stack']}>
          <p className="mw-quiet">{t('passwords:many.what')}</p>
          <Checkbox.Group
            label={t('passwords:new.users')}
            description={t('passwords:many.usersWhat')}
            value={[...users]}
            onChange={(chosen) => setUsers(METER_USERS.filter((user) => chosen.includes(user)))}
          >
            <div className={own['pick']}>
              {METER_USERS.map((user) => (
                <Checkbox key={user} value={user} label={user} />
              ))}
            </div>
          </Checkbox.Group>
          <Policy policy={policy} onPolicy={setPolicy} />
          <Clients clients={clients} onClients={setClients} />
          <PassphraseFields typed={passphrase} onTyped={setPassphrase} early={early} />
          <PersonField person={person} onPerson={setPerson} />
          {early && <Missing what={missing} />}
          <div className={classes['bar']}>
            <Button leftSection={<IconLock size={15} />} loading={busy} onClick={() => void seal()}>
              {t('passwords:new.seal')}
            </Button>
            {busy && (
              <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={() => stop.current.abort()}>
                {t('passwords:many.stop')}
              </Button>
            )}
          </div>
          {sealing.state === 'failed' && <ProblemCard problem={sealing.problem} />}
        </div>
      </Section>
      {sealing.state === 'ready' && <SealedSheets sealed={sealing.value} meters={meters} />}
    </>
  );
}

interface PolicyProps {
  readonly policy: PasswordPolicy | null;
  readonly onPolicy: (policy: PasswordPolicy | null) => void;
}

/** The policy that new passwords are held to: what each meter says it has, or one that all will have. */
function Policy({ policy, onPolicy }: PolicyProps) {
  const { t } = useTranslation();
  const { shortest, longest } = minimumLengths(policy?.complexity ?? 'none', POLICY_SINCE);
  return (
    <div className={classes['fields']}>
      <Select
        label={t('passwords:many.policy')}
        allowDeselect={false}
        data={[
          { value: 'own', label: t('passwords:many.ownPolicy') },
          ...COMPLEXITIES.map((value) => ({ value: value as string, label: t(`rules:complexity.${value}`) })),
        ]}
        value={policy?.complexity ?? 'own'}
        onChange={(value) => {
          const complexity = COMPLEXITIES.find((name) => name === value);
          onPolicy(complexity === undefined ? null : { complexity, minimumLength: RECOMMENDED_LENGTH });
        }}
      />
      {policy !== null && (
        <NumberInput
          label={t('rules:setting.security.minimumLength')}
          description={t('passwords:policy.range', { shortest, longest })}
          inputWrapperOrder={['label', 'input', 'description']}
          allowDecimal={false}
          min={shortest}
          max={longest}
          clampBehavior="strict"
          value={policy.minimumLength}
          onChange={(value) => {
            if (value !== '') onPolicy({ ...policy, minimumLength: Number(value) });
          }}
        />
      )}
    </div>
  );
}
