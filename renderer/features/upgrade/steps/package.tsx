import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type DragEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchivedPackage, PackageView } from '../../../../shared/contract/views.ts';
import type { UpgradeTarget } from '../../../../shared/domain/job.ts';
import { engine } from '../../../engine/client.ts';
import { Section } from '../../../ui/page.tsx';
import { useFormat } from '../../../ui/text/format.ts';
import { ask, askPlain, IDLE, type Load, loaded } from '../../ask.ts';
import type { Draft } from '../draft.ts';
import { ProblemView } from '../problem-view.tsx';
import { choosePackage, chooseTarget, setName } from '../store.ts';
import { ChannelChoice } from './channel-choice.tsx';
import classes from './package.module.css';
import { PackageFacts } from './package-facts.tsx';

/** Step 1: which firmware, how it gets to the meter, and who does it. */
export function StepPackage({ draft, onName }: { readonly draft: Draft; readonly onName: (name: string) => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Section title={t('upgrade:package.heading')}>
        <DropPlace chosen={draft.package.state === 'ready'} />
        <AtHand simulated={draft.meter.state === 'ready' && draft.meter.value.identity.simulated} />
        <div aria-live="polite">
          {draft.package.state === 'busy' && <Text size="sm">{t('upgrade:package.reading')}</Text>}
        </div>
        {draft.package.state === 'failed' && <ProblemView problem={draft.package.problem} />}
        {draft.package.state === 'ready' && <Inspected found={draft.package.value} draft={draft} />}
      </Section>
      <ChannelChoice draft={draft} />
      <TextInput
        id="by"
        label={t('upgrade:package.by')}
        description={t('upgrade:package.byWhy')}
        value={draft.by}
        maxLength={200}
        maw={360}
        onChange={(event) => {
          setName(event.currentTarget.value);
          onName(event.currentTarget.value);
        }}
      />
    </Stack>
  );
}

function Inspected({ found, draft }: { readonly found: PackageView; readonly draft: Draft }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" mt="sm">
      {found.problems.length > 0 && (
        <Stack id="package-problem" gap="xs">
          {found.problems.map((problem) => (
            <ProblemView key={`${problem.code} ${problem.because}`} problem={problem} />
          ))}
        </Stack>
      )}
      {found.format === 'bare-image' && <Text size="sm">{t('upgrade:package.bare')}</Text>}
      <PackageFacts found={found} model={draft.meter.state === 'ready' ? draft.meter.value.identity.model : null} />
      <TargetChoice found={found} draft={draft} />
    </Stack>
  );
}

const ROLE_OF = {
  main: 'main-image',
  'option-module': 'option-module-image',
  'remote-display': 'remote-display-image',
} as const;
const TARGETS = Object.keys(ROLE_OF) as (keyof typeof ROLE_OF)[];

/** Shown only where the package brings more than the main firmware and the way to the meter takes more. */
function TargetChoice({ found, draft }: { readonly found: PackageView; readonly draft: Draft }) {
  const { t } = useTranslation();
  const there = TARGETS.filter((target) => found.members.some(({ role }) => role === ROLE_OF[target]));
  if (there.length < 2 || draft.channel !== 'sftp-direct') return null;
  return (
    <div>
      <Text size="sm" fw={600} id="target-label">
        {t('upgrade:package.what')}
      </Text>
      <SegmentedControl
        aria-labelledby="target-label"
        value={draft.target}
        onChange={(value) => chooseTarget(value as UpgradeTarget)}
        data={there.map((target) => ({ value: target, label: t(`domain:target.${target}`) }))}
      />
    </div>
  );
}

/** Where a file is dropped or chosen. The button does the same as the drop, so nobody needs a mouse. */
function DropPlace({ chosen }: { readonly chosen: boolean }) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState<string>();

  async function drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    const [file] = files;
    if (file === undefined || files.length > 1) {
      return setSaid(
        file === undefined ? t('upgrade:package.noPath') : t('upgrade:package.oneFile', { count: files.length }),
      );
    }
    const path = window.meterwright.shell.pathOfFile(file);
    if (path === '') return setSaid(t('upgrade:package.noPath'));
    setSaid(undefined);
    await choosePackage(path);
  }

  async function pick(): Promise<void> {
    const path = await window.meterwright.shell.pickFile('package');
    if (path !== null) await choosePackage(path);
  }

  return (
    <section
      aria-label={t('upgrade:package.place')}
      className={classes['drop']}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <Text size="sm">{over ? t('upgrade:package.dropNow') : t('upgrade:package.drop')}</Text>
      <Button id="choose-package" variant={chosen ? 'default' : 'filled'} onClick={() => void pick()}>
        {chosen ? t('upgrade:package.chooseOther') : t('upgrade:package.choose')}
      </Button>
      <div role="alert">{said !== undefined && <Text size="sm">{said}</Text>}</div>
    </section>
  );
}

/** Packages that need not be looked for: those of earlier jobs, and the one for simulated meters. */
function AtHand({ simulated }: { readonly simulated: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [archive, setArchive] = useState<Load<readonly ArchivedPackage[]>>(IDLE);
  const [practice, setPractice] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    void ask(() => engine.packages.archived(undefined, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted) setArchive(loaded(found));
    });
    if (simulated) {
      void askPlain(() => engine.practice.running(undefined, { signal: stop.signal })).then((found) => {
        if (!stop.signal.aborted && found.ok && found.value !== null) setPractice(found.value.package);
      });
    }
    return () => stop.abort();
  }, [simulated]);
  const archived = archive.state === 'ready' ? archive.value.slice(0, 5) : [];
  if (archive.state === 'failed') return <ProblemView problem={archive.problem} />;
  if (archived.length === 0 && practice === undefined) return null;
  return (
    <Stack gap={4} mt="sm">
      {practice !== undefined && (
        <Group gap="xs">
          <Text size="sm">{t('upgrade:package.practice')}</Text>
          <Button variant="default" onClick={() => void choosePackage(practice)}>
            {t('upgrade:package.practiceUse')}
          </Button>
        </Group>
      )}
      {archived.length > 0 && (
        <Text size="sm" fw={600}>
          {t('upgrade:package.archive')}
        </Text>
      )}
      {archived.map(({ file, name, bytes, archivedAt }) => (
        <Group key={file} gap="xs">
          <Button variant="default" onClick={() => void choosePackage(file)}>
            {t('upgrade:package.archiveUse', { name })}
          </Button>
          <Text size="sm" className="mw-quiet">
            {`${format.bytes(bytes)} · ${format.local(archivedAt)}`}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
