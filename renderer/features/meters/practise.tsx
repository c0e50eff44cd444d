import { Button, Group, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../shared/domain/problem.ts';
import { engine } from '../../engine/client.ts';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { ask, askPlain } from '../ask.ts';

interface PractiseProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Starts simulated meters inside the engine; the engine puts them into the list and knows their logins. */
export function Practise({ opened, onClose }: PractiseProps) {
  const { t } = useTranslation();
  const [count, setCount] = useState<number | string>(1);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const start = async () => {
    setBusy(true);
    setProblem(null);
    const started = await ask(() => engine.practice.start({ count: Math.min(20, Math.max(1, Number(count) || 1)) }));
    setBusy(false);
    if (!started.ok) {
      setProblem(started.problem);
      return;
    }
    onClose();
    const ports = new Set(started.value.meters.map((meter) => meter.ports['modbus']));
    const listed = await askPlain(() => engine.meters.list());
    if (!listed.ok) return;
    for (const { address } of listed.value.filter((meter) => ports.has(meter.address.ports.modbus))) {
      // The list tells what came of it; a simulated meter that does not answer shows as never seen.
      void ask(() => engine.meters.identify({ address }));
    }
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('meters:practise.title')} onSubmit={() => void start()}>
      <div>
        <SimulatedBadge />
      </div>
      <span>{t('meters:practise.about')}</span>
      <NumberInput
        label={t('meters:practise.count')}
        data-autofocus
        value={count}
        onChange={setCount}
        min={1}
        max={20}
        allowDecimal={false}
        w={160}
      />
      {problem !== null && <ProblemCard problem={problem} />}
      <Group gap="xs">
        <Button type="submit" loading={busy}>
          {t('meters:practise.start')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </FormDialog>
  );
}
