import { Button, Modal, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { pinnedHostSchema } from '../../../shared/contract/views.ts';
import { engine } from '../../engine/client.ts';
import { ConfirmByTyping } from '../../ui/confirm-by-typing.tsx';
import { Section } from '../../ui/page.tsx';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from '../upgrade/steps/package.module.css';

type Pinned = z.infer<typeof pinnedHostSchema>;

/** The keys that were trusted on first use; each is forgotten only by typing whose it is. */
export function HostKeys() {
  const { t } = useTranslation();
  const [keys, setKeys] = useState<Load<readonly Pinned[]>>(BUSY);
  const [asked, setAsked] = useState<Pinned>();
  const [said, setSaid] = useState('');
  const read = useCallback(async () => setKeys(loaded(await ask(() => engine.hostKeys.list()))), []);
  useEffect(() => void read(), [read]);

  async function forget({ host, port }: Pinned): Promise<void> {
    setAsked(undefined);
    const done = await ask(() => engine.hostKeys.forget({ host, port }));
    if (!done.ok) return setKeys(loaded(done));
    setSaid(t('settings:forgotten', { host: `${host}:${port}` }));
    await read();
  }

  return (
    <Section title={t('settings:hostKeys')}>
      <Stack gap="sm">
        <Text size="sm">{t('settings:hostKeysWhat')}</Text>
        <Text size="sm" role="status">
          {said}
        </Text>
        {keys.state === 'failed' && <ProblemView problem={keys.problem} onRetry={() => void read()} />}
        {keys.state === 'ready' && keys.value.length === 0 && <Text size="sm">{t('settings:noHostKeys')}</Text>}
        {keys.state === 'ready' && keys.value.length > 0 && <Table keys={keys.value} onForget={setAsked} />}
      </Stack>
      {asked !== undefined && (
        <Modal
          opened
          onClose={() => setAsked(undefined)}
          title={t('settings:forgetTitle')}
          closeButtonProps={{ 'aria-label': t('settings:cancel') }}
        >
          <Stack gap="sm">
            <Text size="sm">{t('settings:forgetWhat', { host: `${asked.host}:${asked.port}` })}</Text>
            <ConfirmByTyping
              text={`${asked.host}:${asked.port}`}
              action={t('settings:forgetDo')}
              danger
              onConfirm={() => void forget(asked)}
              onCancel={() => setAsked(undefined)}
            />
          </Stack>
        </Modal>
      )}
    </Section>
  );
}

function Table({ keys, onForget }: { readonly keys: readonly Pinned[]; readonly onForget: (key: Pinned) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={t('settings:hostKeys')}>
        <thead>
          <tr>
            <th scope="col">{t('settings:host')}</th>
            <th scope="col">{t('settings:fingerprint')}</th>
            <th scope="col">{t('settings:since')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const host = `${key.host}:${key.port}`;
            return (
              <tr key={host}>
                <th scope="row">{host}</th>
                <td className={classes['hash']}>{key.fingerprint}</td>
                <td>{Number.isNaN(Date.parse(key.pinnedAt)) ? key.pinnedAt : <TimeText at={key.pinnedAt} />}</td>
                <td>
                  <Button variant="default" aria-label={t('settings:forgetOf', { host })} onClick={() => onForget(key)}>
                    {t('settings:forget')}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
