import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobProgress, JobSummary } from '../../../../shared/domain/job.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import type { JobView } from '../../../app/feeds/jobs-store.ts';
import { engine } from '../../../engine/client.ts';
import { Section } from '../../../ui/page.tsx';
import { StagedProgress, StopLine } from '../../../ui/staged-progress.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import { ask } from '../../ask.ts';
import { ProblemView } from '../problem-view.tsx';
import { Irreversible } from '../steps/irreversible.tsx';
import { HandOffPanel } from './hand-off-panel.tsx';

/** Step 4 and 5 while a job runs: where it stands, whether it is safe to stop, and Cancel as long as that is true. */
export function JobRun({ view }: { readonly view: JobView }) {
  const { t } = useTranslation();
  const { summary, progress } = view;
  if (summary.asks === 'apply') return <Irreversible summary={summary} />;
  return (
    <Stack gap="md">
      <Section title={t('upgrade:run.heading')}>
        {progress === undefined ? <Standing summary={summary} /> : <StagedProgress progress={inWords(progress, t)} />}
        <Slept summary={summary} />
        <Cancel view={view} />
      </Section>
      {summary.channel === 'ion-setup' && <HandOffPanel view={view} />}
    </Stack>
  );
}

/** A state that has reported nothing yet still has a name, and it is safe to stop in it or not. */
function Standing({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {t('upgrade:run.stands', { state: t(`domain:state.${summary.state}`) })}
      </Text>
      <StopLine stop={summary.pastNoReturn ? 'too-late' : 'safe'} />
    </Stack>
  );
}

/** Nobody watched the meter while the laptop slept; that is worth knowing when something took longer than it should. */
function Slept({ summary: { slept } }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (slept === undefined) return null;
  return (
    <Text size="sm" role="status">
      {t('upgrade:run.slept', { from: format.local(slept.from), until: format.local(slept.until) })}
    </Text>
  );
}

/** The name of the stage in the language of the page. */
function inWords(progress: JobProgress, t: (key: string) => string): JobProgress {
  return { ...progress, stage: { ...progress.stage, label: t(`upgrade:run.stages.${progress.stage.label}`) } };
}

/** Cancel is there until the point of no return; after it the reason why there is none. */
function Cancel({ view }: { readonly view: JobView }) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<Problem>();
  const [said, setSaid] = useState('');
  const { summary, progress } = view;
  const late = summary.pastNoReturn || progress?.stop === 'too-late';

  async function cancel(): Promise<void> {
    const answer = await ask(() => engine.upgrades.cancel({ job: summary.job }));
    if (!answer.ok) return setProblem(answer.problem);
    if (answer.value === 'too-late') setSaid(t('upgrade:run.tooLate'));
  }

  return (
    <Stack gap="xs" mt="md">
      {!late && summary.channel === 'ion-setup' && <Text size="sm">{t('upgrade:run.handOffSafe')}</Text>}
      <Group gap="sm">
        <Button
          variant="default"
          onClick={() => (late ? setSaid(t('upgrade:run.tooLate')) : void cancel())}
          {...(late ? { 'data-disabled': true, 'aria-disabled': true } : {})}
        >
          {t('upgrade:run.cancel')}
        </Button>
        {late && <Text size="sm">{t('upgrade:run.tooLateWhy')}</Text>}
      </Group>
      <Text size="sm" role="status">
        {late ? '' : said}
      </Text>
      {problem !== undefined && <ProblemView problem={problem} />}
    </Stack>
  );
}
