import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import type { HandOff } from '../../../../shared/domain/hand-off.ts';
import type { JobView } from '../../../app/feeds/jobs-store.ts';
import { engine } from '../../../engine/client.ts';
import { HandOffSteps } from '../../../ui/hand-off-steps.tsx';
import { Section } from '../../../ui/page.tsx';
import { ask, BUSY, IDLE, type Load, loaded } from '../../ask.ts';
import { ProblemView } from '../problem-view.tsx';

const WAITING = new Set(['transferring', 'restarting', 'applying']);

/** What a person does in ION Setup, and what Meterwright sees of it. The job puts its instructions on the desk when it comes to them. */
export function HandOffPanel({ view }: { readonly view: JobView }) {
  const { t } = useTranslation();
  const { job, state, before } = view.summary;
  const [found, setFound] = useState<Load<HandOff | null>>(IDLE);
  const [starting, setStarting] = useState<Load<null>>(IDLE);
  const wanted = WAITING.has(state);
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    void ask(() => engine.upgrades.handOff({ job }, { signal: stop.signal })).then((answer) => {
      if (!stop.signal.aborted) setFound(loaded(answer));
    });
    return () => stop.abort();
  }, [job, wanted]);
  if (!wanted) return null;
  if (found.state === 'failed') return <ProblemView problem={found.problem} />;
  if (found.state !== 'ready' || found.value === null) return <Text size="sm">{t('upgrade:handOff.asking')}</Text>;
  const gone = state === 'restarting';
  const version = before?.firmware == null ? '–' : formatFirmware(before.firmware);

  async function start(): Promise<void> {
    setStarting(BUSY);
    setStarting(loaded(await ask(() => engine.upgrades.startIonSetup({ job }))));
  }

  return (
    <HandOffSteps
      handOff={found.value}
      onStart={() => void start()}
      started={
        <>
          {starting.state === 'failed' && <ProblemView problem={starting.problem} />}
          <Text size="sm" role="status">
            {starting.state === 'ready' ? t('upgrade:handOff.started') : ''}
          </Text>
        </>
      }
    >
      <Section title={t('upgrade:handOff.watch')}>
        <Text size="sm" role="status" fw={600}>
          {gone ? t('upgrade:handOff.gone') : t('upgrade:handOff.waiting', { version })}
        </Text>
        <Text size="sm" aria-live="polite">
          {view.progress?.message ?? ''}
        </Text>
      </Section>
    </HandOffSteps>
  );
}
