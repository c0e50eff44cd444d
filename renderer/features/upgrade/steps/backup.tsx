import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BackupListing } from '../../../../shared/contract/views.ts';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import { Section } from '../../../ui/page.tsx';
import { gateWordsOf } from '../../../ui/problem-words.ts';
import { useFormat } from '../../../ui/text/format.ts';
import { RowsText } from '../../../ui/text/rows-text.tsx';
import { TimeText } from '../../../ui/text/time-text.tsx';
import { Unreachable } from '../../backups/unreachable.tsx';
import { openFolder } from '../../open-folder.ts';
import { backupGate, bagOf, type Draft, itemsOf, waiversOf } from '../draft.ts';
import { ProblemView } from '../problem-view.tsx';
import { reuse, stopBackup, takeBackup } from '../store.ts';
import { BackupItems } from './backup-items.tsx';

/** Step 3: what the upgrade could destroy, on the disk and read back, or given up by name. */
export function StepBackup({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const { backup } = draft;
  return (
    <Stack gap="md">
      <Section title={t('upgrade:backup.heading')}>
        <Text size="sm">{t('upgrade:backup.why')}</Text>
        <div id="backup-state" aria-live="polite">
          <State draft={draft} />
        </div>
        {backup.state === 'failed' && <ProblemView problem={backup.problem} />}
        <BackupItems draft={draft} />
        <Unreachable />
        <Group gap="sm" mt="sm">
          <Button id="take-backup" loading={backup.state === 'taking'} onClick={() => void takeBackup()}>
            {backup.state === 'none' ? t('upgrade:backup.take') : t('upgrade:backup.takeAgain')}
          </Button>
          {backup.state === 'taking' && (
            <Button variant="default" onClick={() => void stopBackup()}>
              {t('upgrade:backup.stop')}
            </Button>
          )}
          {decisionsChanged(draft) && <Text size="sm">{t('upgrade:backup.changed')}</Text>}
        </Group>
      </Section>
      <Existing draft={draft} />
    </Stack>
  );
}

function State({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { backup } = draft;
  if (backup.state === 'none' || backup.state === 'failed') return null;
  if (backup.state === 'taking') {
    return (
      <Stack gap={4} my="sm">
        <Text size="sm">
          {backup.message}
          {backup.total > 0 && ` · ${t('upgrade:backup.of', { done: backup.done, total: backup.total })}`}
          {backup.rows !== undefined && (
            <span aria-live="off">
              {' · '}
              <RowsText rows={backup.rows} />
            </span>
          )}
        </Text>
        <Progress
          aria-label={t('upgrade:backup.taking')}
          value={backup.total === 0 ? 0 : (100 * backup.done) / backup.total}
        />
      </Stack>
    );
  }
  const bag = bagOf(backup) ?? '';
  return (
    <Stack gap="xs" my="sm">
      <Text size="sm">
        {backup.state === 'taken'
          ? t('upgrade:backup.taken')
          : t('upgrade:backup.reused', {
              time: backup.listing.takenAt === null ? '–' : format.local(backup.listing.takenAt),
            })}
      </Text>
      <Judgement draft={draft} />
      <KeyValueList
        items={[
          ...(backup.state === 'taken'
            ? [
                {
                  label: t('upgrade:backup.fingerprint'),
                  value: <span className="mw-mono">{backup.fingerprint}</span>,
                },
              ]
            : []),
          { label: t('upgrade:backup.folder'), value: bag },
        ]}
      />
      <div>
        <Button variant="default" onClick={() => void openFolder(bag)}>
          {t('upgrade:backup.open')}
        </Button>
      </div>
    </Stack>
  );
}

/** What the gate says of the backup at hand; the gate is asked again after each change. */
function Judgement({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  if (draft.checks.state === 'failed') return <ProblemView problem={draft.checks.problem} />;
  const gate = backupGate(draft);
  if (gate === undefined) return <Text size="sm">{t('upgrade:backup.judging')}</Text>;
  const because = gateWordsOf(gate.id, gate.because, t).text;
  const fix = gateWordsOf(gate.id, gate.fix, t).text;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <VerdictChip verdict={gate.verdict} />
      <Text size="sm">
        {gate.verdict === 'pass' ? t('upgrade:backup.counts', { because }) : t('upgrade:backup.countsNot', { because })}
        {fix !== '' && ` ${t('upgrade:backup.fix', { fix })}`}
      </Text>
    </Group>
  );
}

/** True when a reason was given for an item that the backup at hand does not cover, or a file was attached to none. */
function decisionsChanged(draft: Draft): boolean {
  const items = itemsOf(draft.backup);
  if (items.length === 0) return false;
  const open = items.filter(({ state }) => state !== 'saved' && state !== 'waived');
  const waived = waiversOf(draft);
  const attached =
    draft.attach.length > 0 && items.some(({ id, state }) => id === 'ion-setup-exports' && state !== 'saved');
  return attached || open.some(({ id }) => waived.some(({ item }) => item === id));
}

function Existing({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const { bags, backup } = draft;
  const inUse = bagOf(backup);
  return (
    <Section title={t('upgrade:backup.existing')}>
      {bags.state === 'failed' && <ProblemView problem={bags.problem} />}
      {bags.state === 'ready' && bags.value.length === 0 && <Text size="sm">{t('upgrade:backup.none')}</Text>}
      {bags.state === 'ready' && (
        <Stack gap={6}>
          {bags.value.slice(0, 5).map((bag) => (
            <Group key={bag.bag} gap="sm">
              {bag.bag === inUse ? (
                <Text size="sm" fw={600}>
                  {t('upgrade:backup.used')}
                </Text>
              ) : (
                <Button variant="default" disabled={backup.state === 'taking'} onClick={() => void reuse(bag.bag)}>
                  {t('upgrade:backup.use')}
                </Button>
              )}
              <BagText bag={bag} />
            </Group>
          ))}
        </Stack>
      )}
    </Section>
  );
}

function BagText({ bag }: { readonly bag: BackupListing }) {
  const { t } = useTranslation();
  const covered = bag.items.filter(({ state }) => state === 'saved').length;
  return (
    <Text size="sm">
      {bag.takenAt === null ? '–' : <TimeText at={bag.takenAt} />}
      {` · ${bag.firmware ?? '–'} · ${t('backups:savedCount', { saved: covered, all: bag.items.length })}`}
    </Text>
  );
}
