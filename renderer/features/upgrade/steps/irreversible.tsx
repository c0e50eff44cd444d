import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../../shared/domain/job.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { engine } from '../../../engine/client.ts';
import { SimulatedBadge } from '../../../ui/chips/simulated-badge.tsx';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import { ask } from '../../ask.ts';
import { ProblemView } from '../problem-view.tsx';
import classes from './irreversible.module.css';

/**
 * The point of no return, on a screen of its own. The focus lands on the heading, so that Enter pressed out of habit does nothing, and both
 * answers are spelled out.
 */
export function Irreversible({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const [answering, setAnswering] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => heading.current?.focus(), []);
  const target = summary.targetVersion === null ? null : formatFirmware(summary.targetVersion);
  const before = summary.before?.firmware ?? null;

  async function answer(confirmed: boolean): Promise<void> {
    if (answering) return;
    setAnswering(true);
    const given = await ask(() => engine.upgrades.confirm({ job: summary.job, confirmed }));
    setAnswering(false);
    if (!given.ok) setProblem(given.problem);
  }

  return (
    <section className={classes['place']} aria-labelledby="irreversible">
      <div role="alert" className="mw-hidden">
        {t('upgrade:irreversible.announced')}
      </div>
      <h2 id="irreversible" ref={heading} tabIndex={-1} className={classes['heading']}>
        <IconAlertOctagon size={24} aria-hidden="true" />
        {t('upgrade:irreversible.heading')}
      </h2>
      <Stack gap="md">
        <Text>{t('upgrade:irreversible.what')}</Text>
        {target !== null && <Text fw={600}>{t('upgrade:irreversible.noWayBack', { target })}</Text>}
        <KeyValueList
          items={[
            {
              label: t('upgrade:irreversible.meter'),
              value: (
                <>
                  {summary.meter} {summary.simulated && <SimulatedBadge />}
                </>
              ),
            },
            { label: t('upgrade:irreversible.serial'), value: summary.serial ?? '–' },
            { label: t('upgrade:irreversible.from'), value: before === null ? '–' : formatFirmware(before) },
            { label: t('upgrade:irreversible.to'), value: <strong>{target ?? '–'}</strong> },
          ]}
        />
        <Text>{t('upgrade:irreversible.keepPower')}</Text>
        <Text size="sm">{t('upgrade:run.asking')}</Text>
        {problem !== undefined && <ProblemView problem={problem} />}
        <Group gap="md">
          <Button variant="default" size="sm" onClick={() => void answer(false)}>
            {t('upgrade:irreversible.cancel')}
          </Button>
          <Button color="red.9" size="sm" loading={answering} onClick={() => void answer(true)}>
            {target === null ? t('upgrade:irreversible.confirmUnknown') : t('upgrade:irreversible.confirm', { target })}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}
