import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { memo, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import {
  RIGHTS,
  type Right,
  ROLES,
  rightsNeededBy,
  rightsOfRole,
  rolesWith,
} from '../../../../shared/domain/settings/passwords/rights.ts';
import {
  type MeterUser,
  type PasswordState,
  usersToChange,
} from '../../../../shared/domain/settings/passwords/users.ts';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import lists from '../../../ui/lists.module.css';
import type { EditorProps } from '../area-pane.tsx';
import classes from '../configure.module.css';
import { RuleSayings } from '../settings/rule-sayings.tsx';
import own from './passwords.module.css';
import { chooseUsers, usePasswords } from './store.ts';
import { impliedBy, toggled, usersToShow, wishRights } from './wishes.ts';

const TONE: Readonly<Record<PasswordState, Tone>> = {
  default: 'danger',
  'before-policy': 'warn',
  'under-policy': 'ok',
  unknown: 'neutral',
};

/** Every user: what is known of the password, the rights that are wanted, and whether a new password is to be set. */
export function UsersTable({ meter, reading, wishes, onWishes, rules }: EditorProps<'security'>) {
  const { t } = useTranslation();
  const { chosen } = usePasswords(meter.id);
  const users = usersToShow(reading);
  const byDefault = users.filter(({ password }) => password === 'default').map(({ name }) => name);
  const latest = useRef({ wishes, onWishes, chosen, users });
  latest.current = { wishes, onWishes, chosen, users };

  const onRights = useCallback((name: string, rights: readonly Right[]) => {
    const { wishes: plan, onWishes: change, users: all } = latest.current;
    change(wishRights(plan, all.find((user) => user.name === name)?.rights ?? null, name, rights));
  }, []);
  const onChosen = useCallback(
    (name: string) => {
      const { chosen: before, users: all } = latest.current;
      const next = before.includes(name) ? before.filter((other) => other !== name) : [...before, name];
      chooseUsers(
        meter.id,
        all.map((user) => user.name).filter((user) => next.includes(user)),
      );
    },
    [meter.id],
  );

  return (
    <div className={classes['stack']}>
      <div className={classes['bar']}>
        {reading.users.length > 0 && (
          <Chip tone={byDefault.length > 0 ? 'danger' : 'ok'}>
            {t('passwords:users.default', { count: byDefault.length, of: users.length })}
          </Chip>
        )}
        {reading.users.length > 0 && (
          <span className="mw-quiet">
            {t('passwords:users.toChange', { count: usersToChange(reading.users).length })}
          </span>
        )}
        {byDefault.length > 0 && (
          <Button variant="default" onClick={() => chooseUsers(meter.id, byDefault)}>
            {t('passwords:users.chooseDefault')}
          </Button>
        )}
        <Button variant="default" onClick={() => chooseUsers(meter.id, [])}>
          {t('passwords:users.chooseNone')}
        </Button>
      </div>
      <ul className={classes['lines']}>
        {RIGHTS.filter((right) => rightsNeededBy(right).length > 0).map((right) => (
          <li key={right} className="mw-quiet">
            {t('passwords:users.brings', {
              right: t(`rules:right.${right}`),
              others: rightsNeededBy(right)
                .map((other) => t(`rules:right.${other}`))
                .join(', '),
            })}
          </li>
        ))}
      </ul>
      <div className={own['users']}>
        <table className={lists['table']} aria-label={t('passwords:users.title')}>
          <thead>
            <tr>
              <th scope="col">{t('passwords:users.new')}</th>
              <th scope="col">{t('passwords:users.user')}</th>
              <th scope="col">{t('rules:setting.security.password')}</th>
              <th scope="col">{t('passwords:users.role')}</th>
              {RIGHTS.map((right) => (
                <th key={right} scope="col">
                  {t(`rules:right.${right}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <UserRow
                key={user.name}
                user={user}
                wanted={wishes.users?.[user.name]?.rights}
                chosen={chosen.includes(user.name)}
                onRights={onRights}
                onChosen={onChosen}
              />
            ))}
          </tbody>
        </table>
      </div>
      {Object.keys(wishes.users ?? {}).map((name) => (
        <RuleSayings key={name} rules={rules} field={`${name}.rights`} />
      ))}
    </div>
  );
}

interface UserRowProps {
  readonly user: MeterUser;
  /** The rights that are wanted; undefined: as they are. */
  readonly wanted: readonly Right[] | undefined;
  readonly chosen: boolean;
  readonly onRights: (name: string, rights: readonly Right[]) => void;
  readonly onChosen: (name: string) => void;
}

const UserRow = memo(function UserRow({ user, wanted, chosen, onRights, onChosen }: UserRowProps) {
  const { t } = useTranslation();
  const { name, password } = user;
  const rights = wanted ?? user.rights;
  return (
    <tr>
      <td>
        <Checkbox
          aria-label={t('passwords:users.newFor', { user: name })}
          checked={chosen}
          onChange={() => onChosen(name)}
        />
      </td>
      <th scope="row">
        {name}
        {wanted !== undefined && <div className="mw-quiet">{t('passwords:users.changed')}</div>}
      </th>
      <td>
        <Chip tone={TONE[password]}>{t(`rules:passwordState.${password}`)}</Chip>
      </td>
      <td>
        <NativeSelect
          aria-label={t('passwords:users.roleOf', { user: name })}
          value={rights === null ? '' : (rolesWith(rights)[0] ?? '')}
          data={[
            { value: '', label: t(rights === null ? 'configure:unread' : 'passwords:users.ownRights') },
            ...ROLES.map((role) => ({ value: role as string, label: t(`rules:role.${role}`) })),
          ]}
          onChange={({ currentTarget: { value } }) => {
            const role = ROLES.find((candidate) => candidate === value);
            if (role !== undefined) onRights(name, rightsOfRole(role));
          }}
        />
      </td>
      {RIGHTS.map((right) => {
        const has = rights?.includes(right) ?? false;
        const by = has ? impliedBy(rights ?? [], right) : [];
        const label = t('passwords:users.rightOf', { user: name, right: t(`rules:right.${right}`) });
        const why = t('passwords:users.comesWith', { rights: by.map((other) => t(`rules:right.${other}`)).join(', ') });
        return (
          <td key={right}>
            <Checkbox
              aria-label={by.length === 0 ? label : `${label}, ${why}`}
              title={by.length === 0 ? undefined : why}
              checked={has}
              indeterminate={rights === null}
              onChange={() => onRights(name, toggled(rights ?? [], right))}
            />
          </td>
        );
      })}
    </tr>
  );
});
