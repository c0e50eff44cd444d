import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gate } from '../../../../shared/domain/gate.ts';
import { GateRow } from '../../../ui/gate-row.tsx';
import { Section } from '../../../ui/page.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import { type Draft, gateElement, mostUrgentFirst, openChecks, overridesOf } from '../draft.ts';
import { ProblemView } from '../problem-view.tsx';
import { overrideGate, runChecks, setIonSetup } from '../store.ts';
import classes from './checks.module.css';

/** Step 2: every gate as a row, the open ones first, each with its way out. */
export function StepChecks({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const { checks } = draft;

  async function checkAgain(gate: Gate): Promise<void> {
    setSaid('');
    const verdict = (await runChecks()).find(({ id }) => id === gate.id)?.verdict;
    if (verdict === undefined) return;
    const named = { gate: t(`domain:gate.${gate.id}`), verdict: t(`domain:verdict.${verdict}`) };
    setSaid(t('upgrade:checks.againAnnounced', named));
  }

  return (
    <Section
      title={t('upgrade:checks.heading')}
      actions={
        <Button id="run-checks" variant="default" loading={checks.state === 'busy'} onClick={() => void runChecks()}>
          {t('upgrade:checks.runAgain')}
        </Button>
      }
    >
      <Text size="sm" aria-live="polite">
        {checks.state === 'busy' ? t('upgrade:checks.running') : said}
      </Text>
      {checks.state === 'failed' && <ProblemView problem={checks.problem} onRetry={() => void runChecks()} />}
      {checks.state === 'ready' && (
        <Rows gates={checks.value.gates} at={checks.at} draft={draft} onCheckAgain={(gate) => void checkAgain(gate)} />
      )}
    </Section>
  );
}

interface RowsProps {
  readonly gates: readonly Gate[];
  readonly at: string;
  readonly draft: Draft;
  readonly onCheckAgain: (gate: Gate) => void;
}

function Rows({ gates, at, draft, onCheckAgain }: RowsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = gates.filter(({ id }) => id !== 'backup-fresh');
  const open = openChecks(gates, overridesOf(draft)).length;
  return (
    <Stack gap="sm">
      <Text size="sm">
        <strong>
          {open === 0
            ? t('upgrade:checks.summaryDone', { count: shown.length })
            : t('upgrade:checks.summary', { pass: shown.length - open, open })}
        </strong>{' '}
        {t('upgrade:checks.checkedAt', { time: format.local(at) })} {t('upgrade:checks.backupLater')}
      </Text>
      <div>
        {mostUrgentFirst(shown).map((gate) => {
          const override = draft.overrides[gate.id];
          return (
            <div key={gate.id} id={gateElement(gate.id)}>
              <GateRow
                gate={gate}
                {...(override === undefined || override === '' ? {} : { override })}
                onOverride={(reason) => overrideGate(gate.id, reason ?? '')}
                onCheckAgain={() => onCheckAgain(gate)}
              />
              {gate.id === 'ion-setup' && gate.verdict !== 'pass' && <IonSetup draft={draft} />}
            </div>
          );
        })}
      </div>
    </Stack>
  );
}

/** ION Setup may be where nobody looks for it, or on another PC: its place or its version can be told. */
function IonSetup({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const [version, setVersion] = useState(draft.ionSetup.version ?? '');

  async function pick(): Promise<void> {
    const path = await window.meterwright.shell.pickFile('ion-setup');
    if (path === null) return;
    setIonSetup({ ...draft.ionSetup, path });
    await runChecks();
  }

  async function use(): Promise<void> {
    const { path } = draft.ionSetup;
    // A program whose version cannot be read is started all the same: its place stays.
    const where = path === undefined ? {} : { path };
    setIonSetup(version.trim() === '' ? where : { ...where, version: version.trim() });
    await runChecks();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void use();
      }}
    >
      <div className={classes['beside']}>
        <Button variant="default" onClick={() => void pick()}>
          {t('upgrade:checks.ionSetupPath')}
        </Button>
        <TextInput
          label={t('upgrade:checks.ionSetupVersion')}
          description={t('upgrade:checks.ionSetupElsewhere')}
          placeholder="3.2.25037.01"
          value={version}
          maxLength={40}
          onChange={(event) => setVersion(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('upgrade:checks.ionSetupVersionUse')}
        </Button>
      </div>
    </form>
  );
}
