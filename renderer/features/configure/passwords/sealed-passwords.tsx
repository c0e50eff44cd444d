import { Button, Checkbox, PasswordInput, Progress, TextInput } from '@mantine/core';
import { IconEye, IconFileCheck, IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { usePerson } from '../../../app/preferences.ts';
import { engine } from '../../../engine/client.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import lists from '../../../ui/lists.module.css';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../../ask.ts';
import { ChangeSheet } from '../change/sheet.tsx';
import { useSheetHeading } from '../change/use-sheet-heading.ts';
import classes from '../configure.module.css';
import { PasswordResults } from './password-results.tsx';
import { setPasswords, takeFile, usePasswords } from './store.ts';

type Review = Extract<Awaited<ReturnType<typeof engine.passwords.review>>, { ok: true }>['value'];
type Secrets = Extract<Awaited<ReturnType<typeof engine.passwords.open>>, { ok: true }>['value'];

interface SealedPasswordsProps {
  readonly meter: ListedMeter;
  readonly reading: AreaReadingView;
}

/** A sealed file and this meter: what would happen, setting the passwords, what came of it, and the sheet for what is done by hand. */
export function SealedPasswords({ meter, reading }: SealedPasswordsProps) {
  const { t } = useTranslation();
  const { file, sealed, setting } = usePasswords(meter.id);
  const [person, setPerson] = usePerson();
  const [passphrase, setPassphrase] = useState('');
  const [verify, setVerify] = useState(false);
  const [early, setEarly] = useState(false);
  const [review, setReview] = useState<Load<Review>>(IDLE);
  const [shown, setShown] = useState<Load<Secrets>>(IDLE);
  const heading = useSheetHeading(meter, reading.identity);
  const ready = file !== '' && passphrase.trim() !== '' && person.trim() !== '';
  const planned = sealed?.file === file ? sealed.meters[0] : undefined;
  const busy = setting.state === 'busy' || review.state === 'busy' || shown.state === 'busy';
  const { address } = meter;
  const opening = { file, passphrase };

  /** Never a dead button: pressed early, the fields say what they miss. */
  const go = (act: () => void) => () => {
    setEarly(!ready);
    if (ready && !busy) act();
  };
  const look = async () => {
    setReview(BUSY);
    setReview(loaded(await ask(() => engine.passwords.review({ address, ...opening }))));
  };
  const show = async () => {
    setShown(BUSY);
    const { serial } = reading.identity;
    setShown(loaded(await ask(() => engine.passwords.open({ ...opening, serial, by: person.trim() }))));
  };
  const take = async () => {
    const picked = await window.meterwright.shell.pickFile('sealed-passwords');
    if (picked === null) return;
    takeFile(meter.id, picked);
    setReview(IDLE);
    setShown(IDLE);
  };
  const set = () => {
    setReview(IDLE);
    void setPasswords(meter, { ...opening, verify, by: person.trim() });
  };
  const byModbus = review.state === 'ready' ? review.value.users.filter(({ channel }) => channel === 'modbus') : [];

  return (
    <div className={classes['stack']}>
      <p className="mw-quiet">{t('passwords:sealed.what')}</p>
      <div className={classes['bar']}>
        <Button variant="default" leftSection={<IconFolderOpen size={15} />} onClick={() => void take()}>
          {t('passwords:sealed.choose')}
        </Button>
        <span className="mw-mono">{file === '' ? t('passwords:sealed.noFile') : file}</span>
      </div>
      {early && file === '' && (
        <p className={classes['notice']} data-tone="warn" role="alert">
          {t('passwords:sealed.needFile')}
        </p>
      )}
      <div className={classes['fields']}>
        <PasswordInput
          label={t('passwords:sealed.passphrase')}
          value={passphrase}
          autoComplete="off"
          error={early && passphrase.trim() === '' ? t('passwords:sealed.needPassphrase') : undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('passwords:reveal'), tabIndex: 0 }}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <TextInput
          label={t('configure:by')}
          value={person}
          maxLength={200}
          error={early && person.trim() === '' ? t('configure:needName') : undefined}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
      </div>
      <div className={classes['bar']}>
        <Button
          leftSection={<IconFileCheck size={15} />}
          loading={review.state === 'busy'}
          onClick={go(() => void look())}
        >
          {t('passwords:sealed.review')}
        </Button>
        {shown.state === 'ready' ? (
          <Button variant="default" onClick={() => setShown(IDLE)}>
            {t('passwords:sealed.hide')}
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconEye size={15} />}
            loading={shown.state === 'busy'}
            onClick={go(() => void show())}
          >
            {t('passwords:sealed.show')}
          </Button>
        )}
      </div>
      {shown.state === 'failed' && <ProblemCard problem={shown.problem} />}
      {shown.state === 'ready' && <Shown secrets={shown.value} />}
      {review.state === 'failed' && <ProblemCard problem={review.problem} />}
      {review.state === 'ready' && (
        <>
          <Ways review={review.value} />
          {byModbus.length > 0 && (
            <>
              <p className={classes['notice']} data-tone="warn">
                {t('passwords:sealed.clear')}
              </p>
              <Checkbox
                label={t('passwords:sealed.verify')}
                description={t('passwords:sealed.verifyWhy')}
                checked={verify}
                onChange={(event) => setVerify(event.currentTarget.checked)}
              />
            </>
          )}
          <div>
            <Button onClick={go(set)}>
              {byModbus.length > 0
                ? t('passwords:sealed.set', { count: byModbus.length })
                : t('passwords:sealed.sheet')}
            </Button>
          </div>
        </>
      )}
      {setting.state === 'busy' && (
        <div aria-live="polite">
          <Progress.Root size="lg">
            <Progress.Section
              value={setting.of === 0 ? 0 : (100 * setting.done) / setting.of}
              aria-label={t('passwords:sealed.progress')}
            />
          </Progress.Root>
          <span>
            {t('configure:change.progressOf', { done: setting.done, of: setting.of })} {setting.user}
          </span>
        </div>
      )}
      {setting.state === 'failed' && <ProblemCard problem={setting.problem} />}
      {setting.state === 'ended' && <PasswordResults outcome={setting.outcome} heading={heading} />}
      {planned !== undefined && setting.state === 'none' && review.state !== 'ready' && (
        <ChangeSheet handOff={planned.handOff} heading={heading} />
      )}
    </div>
  );
}

function Ways({ review }: { readonly review: Review }) {
  const { t } = useTranslation();
  return (
    <div className={lists['tableWrap']}>
      <table className={lists['table']} aria-label={t('passwords:sealed.ways')}>
        <thead>
          <tr>
            <th scope="col">{t('passwords:users.user')}</th>
            <th scope="col">{t('passwords:sealed.way')}</th>
          </tr>
        </thead>
        <tbody>
          {review.users.map(({ user, channel, because, row }) => (
            <tr key={user}>
              <th scope="row">{user}</th>
              <td>
                {t(`rules:channel.${channel}`)}
                <div className="mw-quiet">
                  {row === null ? because : t('passwords:sealed.row', { name: row.name, register: row.register })}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Shown({ secrets }: { readonly secrets: Secrets }) {
  const { t } = useTranslation();
  return (
    <div className={lists['tableWrap']}>
      <table className={lists['table']} aria-label={t('passwords:sealed.shown')}>
        <thead>
          <tr>
            <th scope="col">{t('passwords:users.user')}</th>
            <th scope="col">{t('rules:setting.security.password')}</th>
          </tr>
        </thead>
        <tbody>
          {secrets.map(({ user, secret }) => (
            <tr key={user}>
              <th scope="row">{user}</th>
              <td>
                <code className="mw-mono">{secret}</code>{' '}
                <CopyButton text={secret} label={t('passwords:sealed.copy', { user })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
