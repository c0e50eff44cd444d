import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UpgradeChannel } from '../../../../shared/domain/job.ts';
import { engine } from '../../../engine/client.ts';
import { Section } from '../../../ui/page.tsx';
import { askPlain } from '../../ask.ts';
import { channelChoices, type Draft } from '../draft.ts';
import { LoginDialog } from '../job/login-dialog.tsx';
import { ProblemView } from '../problem-view.tsx';
import { chooseChannel, identify } from '../store.ts';

/** The ways to this meter. Direct transfer is offered only where the meter was found to take it; the reason stands beside it either way. */
export function ChannelChoice({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const [user, setUser] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const { host, ports } = draft.address;
  useEffect(() => {
    const stop = new AbortController();
    void askPlain(() => engine.credentials.known({ host, port: ports.sftp }, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted && found.ok) setUser(found.value?.user ?? null);
    });
    return () => stop.abort();
  }, [host, ports.sftp]);

  const choices = draft.meter.state === 'ready' ? channelChoices(draft.meter.value) : [];

  return (
    <Section title={t('upgrade:channel.heading')}>
      <div aria-live="polite">
        {(draft.meter.state === 'busy' || draft.meter.state === 'idle') && (
          <Text size="sm">{t('upgrade:channel.asking')}</Text>
        )}
      </div>
      {draft.meter.state === 'failed' && (
        <ProblemView
          problem={draft.meter.problem}
          onRetry={() => void identify()}
          retryLabel={t('upgrade:channel.askAgain')}
        />
      )}
      {draft.meter.state === 'ready' && (
        <Radio.Group
          id="channel"
          aria-label={t('upgrade:channel.heading')}
          value={draft.channel ?? ''}
          onChange={(value) => chooseChannel(value as UpgradeChannel)}
        >
          <Stack gap="sm">
            {choices.map(({ channel, offered, because }) => (
              <Radio
                key={channel}
                value={channel}
                disabled={!offered}
                label={t(`upgrade:channel.${channel}`)}
                description={
                  offered ? t(`upgrade:channel.${channel}What`) : t('upgrade:channel.notOffered', { because })
                }
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Group gap="xs" mt="sm">
        <Button variant="default" onClick={() => setAsking(true)}>
          {user === null ? t('upgrade:channel.login') : t('upgrade:channel.loginOther')}
        </Button>
        {user !== null && <Text size="sm">{t('upgrade:channel.loginAs', { user })}</Text>}
        {/* A session that another program holds, or a port that was closed, may be free now. */}
        {choices.some(({ offered }) => !offered) && (
          <Button variant="default" onClick={() => void identify()}>
            {t('upgrade:channel.askAgain')}
          </Button>
        )}
      </Group>
      {asking && (
        <LoginDialog
          opened
          address={draft.address}
          onClose={() => setAsking(false)}
          onLogin={(found) => {
            setUser(found);
            setAsking(false);
            void identify();
          }}
        />
      )}
    </Section>
  );
}
