import { Button, Collapse, Group, Progress, Stack, TextInput } from '@mantine/core';
import { IconDatabaseExport, IconPaperclip, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { BackupItem, BackupItemState } from '../../../shared/domain/backup.ts';
import { usePerson } from '../../app/preferences.ts';
import { Chip, type Tone } from '../../ui/chips/chip.tsx';
import { VerdictChip } from '../../ui/chips/verdict-chip.tsx';
import lists from '../../ui/lists.module.css';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { RowsText } from '../../ui/text/rows-text.tsx';
import { Unreachable } from '../backups/unreachable.tsx';
import { type Reasons, Waivers, waiversIn } from './backup-waivers.tsx';
import { findBackup, stopBackup, type Taking, takeBackup, useTaking } from './taking-store.ts';

const TONE: Readonly<Record<BackupItemState, Tone>> = {
  saved: 'ok',
  partial: 'warn',
  unreachable: 'neutral',
  waived: 'info',
  failed: 'danger',
};

/** Takes a backup: who takes it, what is attached, what is gone without and why, how far it is, and what came of it. */
export function TakeBackup({ meter }: { readonly meter: ListedMeter }) {
  const { t } = useTranslation();
  const taking = useTaking((state) => state.taking.get(meter.id));
  const [person, setPerson] = usePerson();
  const [early, setEarly] = useState(false);
  const [more, setMore] = useState(false);
  const [attach, setAttach] = useState<readonly string[]>([]);
  const [reasons, setReasons] = useState<Reasons>({});
  const busy = taking?.state === 'busy';
  useEffect(() => void findBackup(meter), [meter]);

  const start = () => {
    const by = person.trim();
    setEarly(by === '');
    if (by === '') return;
    void takeBackup(meter, { by, attach, waive: waiversIn(reasons) });
  };
  return (
    <Section title={t('meter:take.title')}>
      <Stack gap="sm">
        <span className="mw-quiet">{t('meter:take.about')}</span>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('meter:take.by')}
              value={person}
              maxLength={200}
              w={240}
              onChange={(event) => setPerson(event.currentTarget.value)}
              error={early && person.trim() === '' ? t('meter:take.needName') : undefined}
            />
            <Button type="submit" leftSection={<IconDatabaseExport size={15} />} loading={busy}>
              {t('meter:take.start')}
            </Button>
            {busy && (
              <Button
                variant="default"
                leftSection={<IconPlayerStop size={15} />}
                onClick={() => void stopBackup(meter)}
              >
                {t('meter:take.stop')}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconPaperclip size={15} />}
              onClick={() => void window.meterwright.shell.pickFiles('attachment').then((files) => setAttach(files))}
            >
              {attach.length === 0 ? t('meter:take.attach') : t('meter:take.attached', { count: attach.length })}
            </Button>
            <Button variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>
              {t('meter:take.items')}
            </Button>
          </Group>
        </form>
        <Collapse expanded={more}>
          <Waivers reasons={reasons} onReason={(item, reason) => setReasons({ ...reasons, [item]: reason })} />
        </Collapse>
        <Unreachable />
        {taking !== undefined && <Outcome taking={taking} />}
      </Stack>
    </Section>
  );
}

function Outcome({ taking }: { readonly taking: Taking }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (taking.state === 'failed') return <ProblemCard problem={taking.problem} />;
  if (taking.state === 'busy') {
    const percent = taking.total === 0 ? 0 : (100 * taking.done) / taking.total;
    return (
      <div aria-live="polite">
        <Progress.Root size="lg">
          <Progress.Section value={percent} aria-label={t('meter:take.progress')} />
        </Progress.Root>
        <Group justify="space-between" mt={4}>
          <span>{taking.message === '' ? t('meter:take.starting') : taking.message}</span>
          {taking.total > 0 && (
            <span>{t('meter:take.of', { done: format.number(taking.done), total: format.number(taking.total) })}</span>
          )}
        </Group>
        {taking.rows !== undefined && (
          <span className="mw-quiet" aria-live="off">
            <RowsText rows={taking.rows} />
          </span>
        )}
      </div>
    );
  }
  return (
    <Stack gap="xs" aria-live="polite">
      <Group gap="xs">
        <VerdictChip verdict={taking.verified ? 'verified' : 'mismatch'} />
        <span>{taking.verified ? t('meter:take.verified') : t('meter:take.notVerified')}</span>
      </Group>
      <table className={lists['table']} aria-label={t('meter:take.result')}>
        <thead>
          <tr>
            <th scope="col">{t('meter:take.item')}</th>
            <th scope="col">{t('meter:take.state')}</th>
            <th scope="col">{t('meter:take.saved')}</th>
            <th scope="col">{t('meter:take.because')}</th>
          </tr>
        </thead>
        <tbody>
          {taking.items.map((item) => (
            <ItemRow key={item.id} item={item} />
          ))}
        </tbody>
      </table>
    </Stack>
  );
}

function ItemRow({ item }: { readonly item: BackupItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = format.number(item.count);
  return (
    <tr>
      <th scope="row">{t(`domain:item.${item.id}`)}</th>
      <td>
        <Chip tone={TONE[item.state]}>{t(`domain:itemState.${item.state}`)}</Chip>
      </td>
      <td>
        {item.expected === undefined ? count : t('meter:take.of', { done: count, total: format.number(item.expected) })}
        {item.bytes > 0 && ` · ${format.bytes(item.bytes)}`}
      </td>
      <td className="mw-quiet">
        {item.because}
        {item.waiver !== undefined && ` ${t('meter:take.waived', { by: item.waiver.by, reason: item.waiver.reason })}`}
      </td>
    </tr>
  );
}
