import { Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FIRMWARE_STATUSES } from '../../../shared/domain/firmware-status.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { Chip, type Tone } from '../../ui/chips/chip.tsx';
import { FirmwareChip } from '../../ui/chips/firmware-chip.tsx';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { VerdictChip } from '../../ui/chips/verdict-chip.tsx';
import { ConfirmByTyping } from '../../ui/confirm-by-typing.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DiffTable } from '../../ui/diff-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { GateRow } from '../../ui/gate-row.tsx';
import { HandOffSteps } from '../../ui/hand-off-steps.tsx';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { PhasorDiagram } from '../../ui/phasor-diagram.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { StagedProgress } from '../../ui/staged-progress.tsx';
import type { DataColumn } from '../../ui/table/data-column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import { TimeText } from '../../ui/text/time-text.tsx';
import * as samples from './samples.ts';

const TONES: readonly Tone[] = ['ok', 'warn', 'danger', 'info', 'neutral', 'sim'];
const VERDICTS = ['verified', 'mismatch', 'unknown', 'pass', 'warn', 'block'] as const;
const rowId = ({ id }: samples.SampleRow) => id;
const rowName = ({ name }: samples.SampleRow) => name;

/** Every piece in every state. */
export function GalleryScreen() {
  const { t } = useTranslation();
  const [reasons, setReasons] = useState<Readonly<Record<string, string | null>>>({});
  const [said, setSaid] = useState('');
  const version = firmwareVersion('4.0.0');
  return (
    <Page title={t('gallery:title')} badges={<SimulatedBadge />} subtitle={t('gallery:what')}>
      <Section title={t('gallery:chips')}>
        <Stack gap="xs">
          <Group gap="xs">
            {VERDICTS.map((verdict) => (
              <VerdictChip key={verdict} verdict={verdict} />
            ))}
          </Group>
          <Group gap="xs">
            {FIRMWARE_STATUSES.map((status) => (
              <FirmwareChip key={status} version={status === 'unknown' ? null : version} status={status} />
            ))}
          </Group>
          <Group gap="xs">
            {TONES.map((tone) => (
              <Chip key={tone} tone={tone}>
                {tone}
              </Chip>
            ))}
            <TimeText at={new Date(samples.MOMENT).toISOString()} />
            <CopyButton text="4.6.0" />
          </Group>
        </Stack>
      </Section>
      <Section title={t('gallery:gates')}>
        {samples.GATES.map((gate) => (
          <GateRow
            key={gate.id}
            gate={gate}
            {...(typeof reasons[gate.id] === 'string' ? { override: String(reasons[gate.id]) } : {})}
            onOverride={(reason) => setReasons({ ...reasons, [gate.id]: reason })}
            onCheckAgain={() => setSaid(gate.id)}
            checking={gate.id === 'free-sockets'}
          />
        ))}
      </Section>
      <Section title={t('gallery:progress')}>
        <Stack gap="lg">
          {samples.PROGRESS.map((progress) => (
            <StagedProgress key={progress.state} progress={progress} now={samples.MOMENT} />
          ))}
        </Stack>
      </Section>
      <Section title={t('gallery:problem')}>
        <ProblemCard problem={samples.PROBLEM} onRetry={() => setSaid(samples.PROBLEM.code)} />
      </Section>
      <Section title={t('gallery:diff')}>
        <DiffTable
          label={t('gallery:diff')}
          rows={samples.DIFFERENCES}
          labelA={t('gallery:before')}
          labelB={t('gallery:after')}
          unread={samples.UNREAD}
        />
        <DiffTable label={t('gallery:same')} rows={[]} labelA={t('gallery:before')} labelB={t('gallery:after')} />
      </Section>
      <Section title={t('gallery:handOff')}>
        <HandOffSteps handOff={samples.HAND_OFF} onStart={() => setSaid('ION Setup')} />
      </Section>
      <Section title={t('gallery:confirm')}>
        <ConfirmByTyping
          text={samples.CONFIRM}
          action={t('gallery:confirm')}
          danger
          onConfirm={() => setSaid(samples.CONFIRM)}
          onCancel={() => setSaid('')}
        />
        <output>{said}</output>
      </Section>
      <Section title={t('ui:phasor.label')}>
        <PhasorDiagram phasors={samples.PHASORS} missing={['IC']} />
      </Section>
      <Section title={t('gallery:lists')}>
        <KeyValueList items={samples.DIFFERENCES.map(({ label, b }) => ({ label, value: b }))} />
        <EmptyState title={t('gallery:empty')} text={t('gallery:emptyText')} />
      </Section>
      <Rows />
    </Page>
  );
}

function Rows() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState('');
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [columns] = useState<readonly DataColumn<samples.SampleRow>[]>(() => [
    { id: 'name', header: t('gallery:name'), width: 200, value: ({ name }) => name },
    { id: 'size', header: t('gallery:size'), width: 120, align: 'end', value: ({ size }) => size },
  ]);
  return (
    <Section title={t('gallery:rows')}>
      <TextInput
        label={t('gallery:filter')}
        value={filter}
        mb="sm"
        maw={300}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <div style={{ display: 'flex', height: 320 }}>
        <DataTable
          label={t('gallery:rows')}
          rows={samples.ROWS}
          columns={columns}
          rowId={rowId}
          rowName={rowName}
          selection={selection}
          onSelection={setSelection}
          filter={filter}
          empty={<EmptyState title={t('gallery:empty')} text={t('gallery:emptyText')} />}
        />
      </div>
      <output>{t('gallery:selected', { count: selection.size })}</output>
    </Section>
  );
}
