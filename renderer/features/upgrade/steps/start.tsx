import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import { KeyValueList } from '../../../ui/key-value-list.tsx';
import { Section } from '../../../ui/page.tsx';
import { bagOf, type Draft } from '../draft.ts';
import { ProblemView } from '../problem-view.tsx';
import { startUpgrade } from '../store.ts';

/** Step 4 before there is a job: what will happen, and the button that makes it happen. */
export function StepStart({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const handOff = draft.channel === 'ion-setup';
  const before = draft.meter.state === 'ready' ? draft.meter.value.identity.firmware : null;
  const target = draft.package.state === 'ready' ? draft.package.value.targetVersion : null;
  const busy = draft.start.state === 'busy';
  return (
    <Section title={t(handOff ? 'upgrade:start.headingHandOff' : 'upgrade:start.heading')}>
      <Stack gap="sm">
        <KeyValueList
          items={[
            { label: t('upgrade:start.from'), value: before === null ? '–' : formatFirmware(before) },
            { label: t('upgrade:start.to'), value: target === null ? '–' : <strong>{formatFirmware(target)}</strong> },
            { label: t('upgrade:start.package'), value: draft.file ?? '–' },
            { label: t('upgrade:start.backup'), value: bagOf(draft.backup) ?? '–' },
          ]}
        />
        <Text size="sm">{t(handOff ? 'upgrade:start.handOffWhat' : 'upgrade:start.directWhat')}</Text>
        {draft.start.state === 'failed' && <ProblemView problem={draft.start.problem} />}
        <div>
          <Button id="start-upgrade" size="sm" loading={busy} onClick={() => void startUpgrade()}>
            {busy ? t('upgrade:start.starting') : t(handOff ? 'upgrade:start.startHandOff' : 'upgrade:start.start')}
          </Button>
        </div>
      </Stack>
    </Section>
  );
}
