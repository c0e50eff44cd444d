import { Button, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { Capability } from '../../../shared/domain/capability.ts';
import { engine } from '../../engine/client.ts';
import { askPlain } from '../ask.ts';
import { LoginDialog } from '../upgrade/job/login-dialog.tsx';

interface LogInProps {
  readonly meter: ListedMeter;
  readonly capabilities: readonly Capability[];
  /** Called once the meter took the login. */
  readonly onLogin: () => void;
}

/** Offers a login where one is what keeps the files of the meter unknown; nothing where the engine remembers one. */
export function LogIn({ meter, capabilities, onLogin }: LogInProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [needed, setNeeded] = useState(false);
  const unknown = capabilities.some(({ id, state }) => id.startsWith('sftp') && state === 'unknown');
  const { host, ports } = meter.address;
  const port = ports.sftp;
  useEffect(() => {
    if (!unknown) return setNeeded(false);
    let current = true;
    void askPlain(() => engine.credentials.known({ host, port })).then((found) => {
      if (current) setNeeded(found.ok && found.value === null);
    });
    return () => {
      current = false;
    };
  }, [unknown, host, port]);
  if (!needed) return null;
  return (
    <Group mt="sm" gap="sm">
      <Button variant="default" leftSection={<IconKey size={15} />} onClick={() => setOpen(true)}>
        {t('meter:protocols.logIn')}
      </Button>
      <Text size="sm">{t('meter:protocols.logInWhy')}</Text>
      {open && (
        <LoginDialog
          opened
          address={meter.address}
          onClose={() => setOpen(false)}
          onLogin={() => {
            setOpen(false);
            setNeeded(false);
            onLogin();
          }}
        />
      )}
    </Group>
  );
}
