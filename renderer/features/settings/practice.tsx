import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { practiceSchema } from '../../../shared/contract/views.ts';
import { engine } from '../../engine/client.ts';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Section } from '../../ui/page.tsx';
import { ask, askPlain, BUSY, IDLE, type Load, loaded } from '../ask.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from '../upgrade/steps/package.module.css';

type Running = z.infer<typeof practiceSchema> | null;

/** Simulated meters inside this program: start, what runs, stop. */
export function Practice() {
  const { t } = useTranslation();
  const [running, setRunning] = useState<Load<Running>>(IDLE);
  const [count, setCount] = useState<number>(1);
  useEffect(() => {
    const stop = new AbortController();
    void askPlain(() => engine.practice.running(undefined, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted) setRunning(loaded(found));
    });
    return () => stop.abort();
  }, []);

  async function start(): Promise<void> {
    setRunning(BUSY);
    setRunning(loaded<Running>(await ask(() => engine.practice.start({ count }))));
  }

  async function stopAll(): Promise<void> {
    setRunning(BUSY);
    setRunning(loaded<Running>(await askPlain(() => engine.practice.stop())));
  }

  const now = running.state === 'ready' ? running.value : null;
  return (
    <Section title={t('settings:practice')}>
      <Stack gap="sm">
        <Group gap="xs">
          <Text size="sm">{t('settings:practiceWhat')}</Text>
          <SimulatedBadge />
        </Group>
        {running.state === 'failed' && <ProblemView problem={running.problem} />}
        <Text size="sm" role="status">
          {running.state === 'ready' &&
            (now === null ? t('settings:noneRunning') : t('settings:running', { count: now.meters.length }))}
        </Text>
        {now === null ? (
          <Group gap="sm" align="flex-end">
            <NumberInput
              label={t('settings:count')}
              description={t('settings:countRange')}
              value={count}
              min={1}
              max={20}
              clampBehavior="strict"
              allowDecimal={false}
              w={160}
              onChange={(value) => setCount(Math.min(20, Math.max(1, Number(value) || 1)))}
            />
            <Button loading={running.state === 'busy'} onClick={() => void start()}>
              {t('settings:start')}
            </Button>
          </Group>
        ) : (
          <>
            <Meters running={now} />
            <div>
              <Button variant="default" onClick={() => void stopAll()}>
                {t('settings:stop')}
              </Button>
            </div>
          </>
        )}
      </Stack>
    </Section>
  );
}

function Meters({ running }: { readonly running: NonNullable<Running> }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes['wrap']}>
        <table className={classes['table']} aria-label={t('settings:practice')}>
          <thead>
            <tr>
              <th scope="col">{t('settings:name')}</th>
              <th scope="col">{t('settings:serial')}</th>
              <th scope="col">{t('settings:address')}</th>
              <th scope="col">{t('settings:login')}</th>
              <th scope="col">{t('settings:control')}</th>
            </tr>
          </thead>
          <tbody>
            {running.meters.map((meter) => (
              <tr key={meter.serial}>
                <th scope="row">{meter.name}</th>
                <td>{meter.serial}</td>
                <td>{`${meter.host}:${String(meter.ports['modbus'] ?? '')}`}</td>
                <td>{t('settings:loginOf', meter.credentials)}</td>
                <td className="mw-mono">{meter.control}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <KeyValueList
        items={[{ label: t('settings:packages'), value: <span className="mw-mono">{running.package}</span> }]}
      />
    </>
  );
}
