import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogSource, SavedLogs } from '../../../shared/contract/logs.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { VerdictChip } from '../../ui/chips/verdict-chip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { bagName, useBackups, verify } from '../backups/store.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from './logs.module.css';
import { LogsView } from './logs-view.tsx';
import { openBag } from './open-bag.ts';

/** The logs and waveforms of a backup folder, wherever it lies; it is verified while they are looked at. */
export function BagScreen({ rest }: ScreenProps) {
  const [kind, path] = rest;
  return kind === 'bag' && path !== undefined ? <Bag key={path} path={path} /> : <NoBag />;
}

function NoBag() {
  const { t } = useTranslation();
  return (
    <Page title={t('logs:title')}>
      <EmptyState title={t('logs:bag.none')} text={t('logs:bag.noneWhat')}>
        <OpenButton />
      </EmptyState>
    </Page>
  );
}

function OpenButton() {
  const { t } = useTranslation();
  return (
    <Button leftSection={<IconFolderOpen size={15} />} onClick={() => void openBag()}>
      {t('logs:bag.open')}
    </Button>
  );
}

function Bag({ path }: { readonly path: string }) {
  const { t } = useTranslation();
  const [found, setFound] = useState<SavedLogs | null>(null);
  const source = useMemo<LogSource>(() => ({ bag: path }), [path]);
  const isBag = found !== null;
  useEffect(() => {
    // A folder that is no backup has nothing to verify.
    if (isBag) void verify(path);
  }, [path, isBag]);
  const { serial = null, firmware = null, simulated = false } = found?.meter ?? {};
  return (
    <Page
      title={t('logs:bag.title', { name: bagName(path) })}
      badges={simulated && <SimulatedBadge />}
      subtitle={[serial, firmware, path].filter((part) => part !== null).join(' · ')}
      actions={<OpenButton />}
    >
      <div className={classes['stack']}>
        {isBag && <Trust path={path} />}
        <LogsView source={source} onFound={setFound} />
      </div>
    </Page>
  );
}

/** Whether the folder is still what was sealed. */
function Trust({ path }: { readonly path: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const load = useBackups(({ verified }) => verified.get(path));
  if (load === undefined || load.state === 'idle' || load.state === 'busy') {
    return (
      <p role="status">
        <Chip tone="neutral">{t('logs:bag.verifying')}</Chip> {t('logs:bag.notYet')}
      </p>
    );
  }
  if (load.state === 'failed') return <ProblemView problem={load.problem} />;
  const { verdict, problems, files, bytes, at } = load.value;
  return (
    <div role="status">
      <VerdictChip verdict={verdict} /> {t(`backups:verdicts.${verdict}`)}{' '}
      <span className="mw-quiet">
        {t('backups:verifiedAt', { files, bytes: format.bytes(bytes), time: format.local(at) })}
      </span>
      {problems.slice(0, 3).map((problem) => (
        <ProblemView key={`${problem.code} ${problem.because}`} problem={problem} />
      ))}
    </div>
  );
}
