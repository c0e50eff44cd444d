import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { backupDiffSchema } from '../../../../shared/contract/views.ts';
import type { JobSummary } from '../../../../shared/domain/job.ts';
import { engine } from '../../../engine/client.ts';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import { DiffTable } from '../../../ui/diff-table.tsx';
import { Section } from '../../../ui/page.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import { ask, BUSY, IDLE, type Load, loaded } from '../../ask.ts';
import { ProblemView } from '../problem-view.tsx';
import { lookAt } from '../store.ts';

/** Step 5: before and after, one verdict, and what could not be compared. */
export function StepVerify({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  const { verdict, findings } = summary;
  return (
    <Section title={t('upgrade:verify.heading')}>
      <Stack gap="sm">
        {verdict === null ? (
          <Text size="sm" role="status">
            {t('upgrade:verify.reading')}
          </Text>
        ) : (
          <Group gap="sm" role="status">
            <VerdictChip verdict={verdict} />
            <Text fw={600}>{t(`upgrade:verify.verdicts.${verdict}`)}</Text>
          </Group>
        )}
        {findings.length > 0 && (
          <DiffTable
            label={t('upgrade:verify.heading')}
            labelA={t('upgrade:verify.before')}
            labelB={t('upgrade:verify.after')}
            rows={findings.map(({ id, verdict: of, before, after, because }) => ({
              id,
              label: t(`domain:finding.${id}`),
              a: before,
              b: after,
              verdict: of,
              because,
            }))}
          />
        )}
        {verdict !== null && verdict !== 'verified' && <Recheck summary={summary} />}
        {verdict !== null && (
          <div>
            <Button onClick={() => lookAt('report')}>{t('upgrade:verify.toReport')}</Button>
          </div>
        )}
      </Stack>
    </Section>
  );
}

/** The verdict of a job is final; how the meter stands now can be read again at any time. */
function Recheck({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [found, setFound] = useState<Load<z.infer<typeof backupDiffSchema>>>(IDLE);
  const { bag, address } = summary;
  if (bag === null) return <Text size="sm">{t('upgrade:verify.noBag')}</Text>;

  async function again(of: string): Promise<void> {
    setFound(BUSY);
    setFound(loaded(await ask(() => engine.backups.diffWithMeter({ address, bag: of }))));
  }

  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button variant="default" loading={found.state === 'busy'} onClick={() => void again(bag)}>
          {found.state === 'busy' ? t('upgrade:verify.rechecking') : t('upgrade:verify.recheck')}
        </Button>
        <Text size="sm">{t('upgrade:verify.recheckWhy')}</Text>
      </Group>
      {found.state === 'failed' && <ProblemView problem={found.problem} />}
      {found.state === 'ready' && (
        <>
          <Text size="sm" role="status">
            {t('upgrade:verify.rechecked', {
              compared: found.value.compared,
              different: found.value.different.length,
              unread: found.value.unread.length,
              time: format.local(found.at),
            })}
          </Text>
          <DiffTable
            label={t('upgrade:verify.recheck')}
            labelA={t('upgrade:verify.before')}
            labelB={t('upgrade:verify.after')}
            rows={found.value.different}
            unread={found.value.unread}
          />
        </>
      )}
    </Stack>
  );
}
