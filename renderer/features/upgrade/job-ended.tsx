import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Identification } from '../../../shared/contract/views.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { engine } from '../../engine/client.ts';
import { Section } from '../../ui/page.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../ask.ts';
import { LoginDialog } from './login-dialog.tsx';
import { ProblemView } from './problem-view.tsx';
import { lookAt, openDraft } from './store.ts';

/** A job that failed or was cancelled: what happened, and what can be done. */
export function JobEnded({ summary, by }: { readonly summary: JobSummary; readonly by: string }) {
  const { t } = useTranslation();
  return (
    <Section title={t(summary.state === 'cancelled' ? 'upgrade:ended.cancelled' : 'upgrade:ended.failed')}>
      <Stack gap="sm">
        {summary.state === 'cancelled' && <Text size="sm">{t('upgrade:ended.cancelledWhat')}</Text>}
        {summary.problem !== null && <ProblemView problem={summary.problem} />}
        <Group gap="sm">
          <Button variant="default" onClick={() => lookAt('report')}>
            {t('upgrade:ended.report')}
          </Button>
          <Button variant="default" onClick={() => openDraft(summary.address, by)}>
            {t('upgrade:ended.new')}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

/** A job that nobody works on: only the meter knows how far it is, so it can be asked, and the job resumed. */
export function JobInterrupted({ summary, by }: { readonly summary: JobSummary; readonly by: string }) {
  const { t } = useTranslation();
  const [resuming, setResuming] = useState<Load<JobSummary>>(IDLE);
  const [asking, setAsking] = useState(false);
  const [meter, setMeter] = useState<Load<Identification>>(IDLE);
  const { job, address } = summary;

  async function resume(): Promise<void> {
    setResuming(BUSY);
    const found = await ask(() => engine.upgrades.resume({ job, by: by.trim() === '' ? '–' : by }));
    if (!found.ok && found.problem.code === 'meter/no-credentials') {
      setResuming(IDLE);
      return setAsking(true);
    }
    setResuming(loaded(found));
  }

  async function check(): Promise<void> {
    setMeter(BUSY);
    setMeter(loaded(await ask(() => engine.meters.identify({ address }))));
  }

  const at = summary.interruptedAt;
  return (
    <Section
      title={
        at === null
          ? t('upgrade:ended.interrupted')
          : t('upgrade:ended.interruptedAt', { stage: t(`domain:state.${at}`) })
      }
    >
      <Stack gap="sm">
        {summary.problem !== null && <ProblemView problem={summary.problem} />}
        {resuming.state === 'failed' && <ProblemView problem={resuming.problem} />}
        <Group gap="sm">
          <Button loading={resuming.state === 'busy'} onClick={() => void resume()}>
            {t('upgrade:ended.resume')}
          </Button>
          <Button variant="default" loading={meter.state === 'busy'} onClick={() => void check()}>
            {t('upgrade:ended.checkNow')}
          </Button>
          <Text size="sm">{t('upgrade:ended.resumeWhy')}</Text>
        </Group>
        <div aria-live="polite">{meter.state === 'ready' && <RunsNow found={meter.value} />}</div>
        {meter.state === 'failed' && <ProblemView problem={meter.problem} />}
      </Stack>
      {asking && (
        <LoginDialog
          opened
          address={address}
          onClose={() => setAsking(false)}
          onLogin={() => {
            setAsking(false);
            void resume();
          }}
        />
      )}
    </Section>
  );
}

function RunsNow({ found }: { readonly found: Identification }) {
  const { t } = useTranslation();
  const { serial, firmware } = found.identity;
  const version = firmware === null ? '–' : formatFirmware(firmware);
  return <Text size="sm">{t('upgrade:ended.runsNow', { serial: serial ?? '–', version })}</Text>;
}
