import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import {
  clientLimit,
  PASSWORD_CLIENTS,
  type PasswordClientId,
} from '../../../../shared/domain/settings/passwords/clients.ts';
import classes from '../configure.module.css';

interface ClientsProps {
  readonly clients: readonly PasswordClientId[];
  readonly onClients: (clients: readonly PasswordClientId[]) => void;
}

/** What must be able to use the passwords; its limits narrow what is generated and allowed. */
export function Clients({ clients, onClients }: ClientsProps) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group
      label={t('passwords:clients.title')}
      value={[...clients]}
      onChange={(values) => onClients(PASSWORD_CLIENTS.filter((client) => values.includes(client)))}
    >
      <div className={classes['fields']}>
        {PASSWORD_CLIENTS.filter((client) => clientLimit(client).kind !== 'no-password').map((client) => {
          const limit = clientLimit(client);
          const description =
            limit.kind === 'limited'
              ? t(`passwords:clients.${limit.characters}`, { count: limit.maximumLength })
              : t(`rules:clientLimit.${limit.kind}`);
          return <Checkbox key={client} value={client} label={t(`rules:client.${client}`)} description={description} />;
        })}
      </div>
    </Checkbox.Group>
  );
}
