import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BACKUP_ITEM_IDS, type BackupItem, type BackupItemId } from '../../../../shared/domain/backup.ts';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import { type Draft, itemElement, itemsOf } from '../draft.ts';
import { attach, detach, waive } from '../store.ts';
import classes from './package.module.css';

const TONE: Readonly<Record<BackupItem['state'], Tone>> = {
  saved: 'ok',
  partial: 'warn',
  unreachable: 'neutral',
  waived: 'info',
  failed: 'danger',
};

/** What no open protocol gives in this version: it is known before the backup is taken that somebody has to decide. */
const BY_HAND: ReadonlySet<BackupItemId> = new Set(['ion-setup-exports', 'recorder-logs', 'event-log']);

/** The items of the backup with their honest state, and where one is missing the decision about it. */
export function BackupItems({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const items = itemsOf(draft.backup);
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={t('upgrade:backup.plan')}>
        <thead>
          <tr>
            <th scope="col">{t('upgrade:backup.item')}</th>
            <th scope="col">{t('upgrade:backup.state')}</th>
            <th scope="col" className={classes['number']}>
              {t('upgrade:backup.saved')}
            </th>
            <th scope="col" className={classes['number']}>
              {t('upgrade:backup.bytes')}
            </th>
            <th scope="col">{t('upgrade:backup.because')}</th>
          </tr>
        </thead>
        <tbody>
          {BACKUP_ITEM_IDS.map((id) => (
            <Row key={id} id={id} item={items.find((one) => one.id === id)} draft={draft} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly id: BackupItemId;
  readonly item: BackupItem | undefined;
  readonly draft: Draft;
}

function Row({ id, item, draft }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const open = item === undefined ? BY_HAND.has(id) : item.state !== 'saved' && item.state !== 'waived';
  const count =
    item === undefined
      ? ''
      : item.expected === undefined
        ? format.number(item.count)
        : t('upgrade:savedOf', { count: item.count, expected: item.expected });
  return (
    <tr id={itemElement(id)}>
      <th scope="row">{t(`domain:item.${id}`)}</th>
      <td>
        {item === undefined ? (
          <Chip tone="neutral">{t('upgrade:backup.notYet')}</Chip>
        ) : (
          <Chip tone={TONE[item.state]}>{t(`domain:itemState.${item.state}`)}</Chip>
        )}
      </td>
      <td className={classes['number']}>{count}</td>
      <td className={classes['number']}>{item === undefined ? '' : format.bytes(item.bytes)}</td>
      <td>
        {item?.because ??
          (BY_HAND.has(id) ? t(`upgrade:backup.${id === 'ion-setup-exports' ? 'byHand' : 'cannotReach'}`) : '')}
        {open && <Decision id={id} draft={draft} />}
      </td>
    </tr>
  );
}

function Decision({ id, draft }: { readonly id: BackupItemId; readonly draft: Draft }) {
  const { t } = useTranslation();
  return (
    <Stack gap={6} mt={4} maw={560}>
      {id === 'ion-setup-exports' && <Attachments draft={draft} />}
      <TextInput
        label={t('upgrade:backup.waive', { item: t(`domain:item.${id}`) })}
        description={t('upgrade:backup.waiveWhy')}
        value={draft.waive[id] ?? ''}
        maxLength={1000}
        onChange={(event) => waive(id, event.currentTarget.value)}
      />
    </Stack>
  );
}

function Attachments({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  async function pick(): Promise<void> {
    attach(await window.meterwright.shell.pickFiles('attachment'));
  }
  return (
    <Stack gap={4}>
      <div>
        <Button variant="default" onClick={() => void pick()}>
          {t('upgrade:backup.attach')}
        </Button>
      </div>
      {draft.attach.map((file) => (
        <Group key={file} gap="xs">
          <Text size="sm">{file}</Text>
          <Button variant="subtle" onClick={() => detach(file)} aria-label={t('upgrade:backup.detach', { file })}>
            ×
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
