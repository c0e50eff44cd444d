import { Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Identification } from '../../../../shared/contract/views.ts';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../../shared/domain/job.ts';
import { engine } from '../../../engine/client.ts';
import { Section } from '../../../ui/page.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../../ask.ts';
import { type Reasons, Waivers, waiversIn } from '../../meter/backup-waivers.tsx';
import { ProblemView } from '../problem-view.tsx';
import { MeterAnswerText, whereOf } from '../steps/meter-answer.tsx';
import { LoginDialog } from './login-dialog.tsx';

/** A job that nobody works on: only the meter knows how far it is, so it can be asked, and the job resumed. */
export function JobInterrupted({ summary, by }: { readonly summary: JobSummary; readonly by: string }) {
  const { t } = useTranslation();
  const [resuming, setResuming] = useState<Load<JobSummary>>(IDLE);
  const [asking, setAsking] = useState(false);
  const [meter, setMeter] = useState<Load<Identification>>(IDLE);
  const [attach, setAttach] = useState<readonly string[]>([]);
  const [reasons, setReasons] = useState<Reasons>({});
  const { job, address } = summary;

  async function resume(): Promise<void> {
    setResuming(BUSY);
    const more = { attach: [...attach], waive: waiversIn(reasons) };
    const found = await ask(() => engine.upgrades.resume({ job, by: by.trim() === '' ? '–' : by, ...more }));
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

  return (
    <Section title={whereOf(summary, t)}>
      <Stack gap="sm">
        <Text size="sm" component="div" role="status">
          {meter.state === 'idle' && <MeterAnswerText summary={summary} />}
          {meter.state === 'ready' && <RunsNow found={meter.value} />}
        </Text>
        {summary.problem !== null && <ProblemView problem={summary.problem} />}
        {resuming.state === 'failed' && <ProblemView problem={resuming.problem} />}
        {summary.bag === null && !summary.pastNoReturn && (
          <ForTheBackup attach={attach} onAttach={setAttach} reasons={reasons} onReasons={setReasons} />
        )}
        <Group gap="sm">
          <Button loading={resuming.state === 'busy'} onClick={() => void resume()}>
            {t('upgrade:ended.resume')}
          </Button>
          <Button variant="default" loading={meter.state === 'busy'} onClick={() => void check()}>
            {t('upgrade:ended.checkNow')}
          </Button>
          <Text size="sm">{t('upgrade:ended.resumeWhy')}</Text>
        </Group>
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

interface ForTheBackupProps {
  readonly attach: readonly string[];
  readonly onAttach: (files: readonly string[]) => void;
  readonly reasons: Reasons;
  readonly onReasons: (reasons: Reasons) => void;
}

/** A job that has no backup yet takes one: what can be added to it now. */
function ForTheBackup({ attach, onAttach, reasons, onReasons }: ForTheBackupProps) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  return (
    <Stack gap="xs">
      <Text size="sm">{t('upgrade:ended.backupStill')}</Text>
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconPaperclip size={15} />}
          onClick={() => void window.meterwright.shell.pickFiles('attachment').then(onAttach)}
        >
          {attach.length === 0 ? t('meter:take.attach') : t('meter:take.attached', { count: attach.length })}
        </Button>
        <Button variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>
          {t('meter:take.items')}
        </Button>
      </Group>
      <Collapse expanded={more}>
        <Waivers reasons={reasons} onReason={(item, reason) => onReasons({ ...reasons, [item]: reason })} />
      </Collapse>
    </Stack>
  );
}

function RunsNow({ found }: { readonly found: Identification }) {
  const { t } = useTranslation();
  const { serial, firmware } = found.identity;
  const version = firmware === null ? '–' : formatFirmware(firmware);
  return <span>{t('upgrade:ended.runsNow', { serial: serial ?? '–', version })}</span>;
}
