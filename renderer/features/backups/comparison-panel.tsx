import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DiffTable } from '../../ui/diff-table.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemView } from '../upgrade/problem-view.tsx';
import { bagName, type Comparison, closeComparison } from './store.ts';

/** The outcome of a comparison: how many values were looked at, which differ, and about which nothing can be said. */
export function ComparisonPanel({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useTranslation();
  const { a, b, found } = comparison;
  const nameB = b === null ? t('backups:meterNow') : bagName(b);
  return (
    <Section
      title={t('backups:diffHeading')}
      actions={
        <Button variant="default" onClick={closeComparison}>
          {t('backups:close')}
        </Button>
      }
    >
      <Stack gap="xs">
        <Text size="sm">{t('backups:between', { a: bagName(a), b: nameB })}</Text>
        {found.state === 'busy' && (
          <Text size="sm" role="status">
            {t('backups:diffing')}
          </Text>
        )}
        {found.state === 'failed' && <ProblemView problem={found.problem} />}
        {found.state === 'ready' && (
          <>
            <Text size="sm" fw={600} role="status">
              {t('backups:compared', {
                compared: found.value.compared,
                different: found.value.different.length,
                unread: found.value.unread.length,
              })}{' '}
              {found.value.different.length === 0 && t('backups:same')}
            </Text>
            <DiffTable
              label={t('backups:diffHeading')}
              labelA={bagName(a)}
              labelB={nameB}
              rows={found.value.different}
              unread={found.value.unread}
            />
          </>
        )}
      </Stack>
    </Section>
  );
}
