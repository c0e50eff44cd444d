import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../../shared/domain/job.ts';
import { engine } from '../../../engine/client.ts';
import { SimulatedBadge } from '../../../ui/chips/simulated-badge.tsx';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import { DiffTable } from '../../../ui/diff-table.tsx';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import { Section } from '../../../ui/page.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import { ask } from '../../ask.ts';
import { SaveReport } from '../../save-report.tsx';
import { ProblemView } from '../problem-view.tsx';

/** Step 6: what the report says, and the report as a file. */
export function StepReport({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Section title={t('upgrade:report.save')}>
        <SaveReport write={(format) => ask(() => engine.jobs.report({ job: summary.job, format }))} />
      </Section>
      <Section title={t('upgrade:report.summary')}>
        <Summary summary={summary} />
      </Section>
      {summary.findings.length > 0 && (
        <Section title={t('upgrade:report.findings')}>
          <DiffTable
            label={t('upgrade:report.findings')}
            labelA={t('upgrade:verify.before')}
            labelB={t('upgrade:verify.after')}
            rows={summary.findings.map(({ id, verdict, before, after, because }) => ({
              id,
              label: t(`domain:finding.${id}`),
              a: before,
              b: after,
              verdict,
              because,
            }))}
          />
        </Section>
      )}
    </Stack>
  );
}

function Summary({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const version = (of: JobSummary['before']) => (of?.firmware == null ? '–' : formatFirmware(of.firmware));
  return (
    <>
      <KeyValueList
        items={[
          {
            label: t('upgrade:report.meter'),
            value: (
              <>
                {`${summary.meter} (${summary.host})`} {summary.simulated && <SimulatedBadge />}
              </>
            ),
          },
          { label: t('upgrade:report.serial'), value: summary.serial ?? '–' },
          { label: t('upgrade:report.state'), value: t(`domain:state.${summary.state}`) },
          {
            label: t('upgrade:report.verdict'),
            value: summary.verdict === null ? t('upgrade:report.none') : <VerdictChip verdict={summary.verdict} />,
          },
          { label: t('upgrade:report.before'), value: version(summary.before) },
          { label: t('upgrade:report.after'), value: version(summary.after) },
          { label: t('upgrade:report.channel'), value: t(`domain:channel.${summary.channel}`) },
          { label: t('upgrade:report.package'), value: summary.file.name },
          {
            label: t('upgrade:report.packageHash'),
            value: <span className="mw-mono">{summary.file.sha256}</span>,
          },
          { label: t('upgrade:report.backup'), value: summary.bag ?? t('upgrade:report.none') },
          { label: t('upgrade:report.started'), value: format.local(summary.startedAt) },
          { label: t('upgrade:report.ended'), value: format.local(summary.changedAt) },
          { label: t('upgrade:report.job'), value: summary.job },
        ]}
      />
      {summary.problem !== null && <ProblemView problem={summary.problem} />}
    </>
  );
}
