import { Button, Loader } from '@mantine/core';
import { IconAdjustments, IconFlask, IconPlus, IconRefresh } from '@tabler/icons-react';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupListing } from '../../../shared/contract/views.ts';
import { useJobSummaries, useJobs } from '../../app/feeds/jobs-store.ts';
import { useMeters } from '../../app/feeds/meters-store.ts';
import { later, Opened } from '../../app/later.tsx';
import { navigate } from '../../app/router.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { engine } from '../../engine/client.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { ask, askPlain, IDLE, type Load, loaded } from '../ask.ts';
import { selectMeters } from '../configure/many/selection.ts';
import { isBusy, runBatch, useBatch } from './batch.ts';
import { BatchBar } from './batch-bar.tsx';
import { FilterField } from './filter-field.tsx';
import { MeterTable } from './meter-table.tsx';
import classes from './meters.module.css';
import { type MeterRow, rowsOf } from './rows.ts';
import { metersAt, type SiteNarrowingProps, sitesOf, useNarrowing, validChoice } from './sites/sites.ts';
import { SiteTreeSwitch, useSiteTree } from './sites/tree-switch.tsx';

const AddMeter = later(() => import('./add-meter.tsx').then((module) => module.AddMeter));
const RemoveMenu = later(() => import('./remove-menu.tsx').then((module) => module.RemoveMenu));
const SiteSelect = later(() => import('./sites/select.tsx').then((module) => module.SiteSelect));
const SiteTree = later(() => import('./sites/tree.tsx').then((module) => module.SiteTree));
const SiteDialog = later(() => import('./sites/dialog.tsx').then((module) => module.SiteDialog));
const Practise = later(() => import('./practise.tsx').then((module) => module.Practise));

/** How long the list of backups may wait for the list of meters to be painted. */
const PAINT_MS = 300;

/** All meters that this laptop knows, and the ways to get more of them. */
export function MetersScreen({ rest }: ScreenProps) {
  const { t } = useTranslation();
  const { meters, known, newestFirmware } = useMeters();
  const summaries = useJobSummaries();
  const jobs = useJobs(({ known: said }) => said) ? summaries : undefined;
  const backups = useBackups(meters.length);
  const wanted = useNarrowing((state) => state.site);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const busy = useBatch(({ batch }) => isBusy(batch));

  const bags = backups.load.state === 'ready' ? backups.load.value : undefined;
  const sites = useMemo(() => sitesOf(meters), [meters]);
  const site = validChoice(wanted, sites);
  const here = useMemo(() => metersAt(meters, site), [meters, site]);
  const rows = useMemo(() => rowsOf(here, bags, jobs, newestFirmware), [here, bags, jobs, newestFirmware]);
  const withSites = sites.named.length > 0;
  const tree = useSiteTree();
  const withTree = withSites && tree.room && tree.wanted;
  const narrowing: SiteNarrowingProps = {
    sites,
    choice: site,
    onChoice: (next) => {
      if (next === site) return;
      // What is not shown any more is not acted upon.
      setSelection(new Set());
      useNarrowing.setState({ site: next });
    },
  };
  const chosen = rows.filter(({ id }) => selection.has(id));

  const readAgain = ({ meter }: MeterRow, signal: AbortSignal) =>
    ask(() => engine.meters.identify({ address: meter.address }, { signal })).then((found) =>
      found.ok ? null : found.problem,
    );
  const remove = async ({ id }: MeterRow) => {
    const gone = await ask(() => engine.meters.remove({ id }));
    setSelection((before) => new Set([...before].filter((other) => other !== id)));
    return gone.ok ? null : gone.problem;
  };
  const ways = (
    <>
      <Button leftSection={<IconPlus size={15} />} onClick={() => navigate('meters', 'add')}>
        {t('meters:add.open')}
      </Button>
      <Button variant="default" leftSection={<IconFlask size={15} />} onClick={() => navigate('meters', 'practise')}>
        {t('meters:practise.open')}
      </Button>
    </>
  );

  return (
    <Page
      title={t('meters:title')}
      fill
      badges={known && <span className="mw-quiet">{t('meters:count', { count: meters.length })}</span>}
      actions={meters.length > 0 && ways}
    >
      <BatchBar />
      {backups.load.state === 'failed' && <ProblemCard problem={backups.load.problem} onRetry={backups.again} />}
      {!known && meters.length === 0 ? (
        <output className={classes['bar']}>
          <Loader /> {t('meters:loading')}
        </output>
      ) : meters.length === 0 ? (
        <EmptyState title={t('meters:empty.title')} text={t('meters:empty.text')}>
          {ways}
        </EmptyState>
      ) : (
        <>
          <div className={classes['bar']}>
            {withSites && tree.room && <SiteTreeSwitch shown={tree.wanted} />}
            <FilterField />
            {withSites && !withTree && (
              <Suspense>
                <SiteSelect {...narrowing} />
              </Suspense>
            )}
            <span className={classes['grow']} aria-live="polite">
              {chosen.length > 0 && t('meters:selected', { count: chosen.length })}
            </span>
            {chosen.length > 0 && (
              <>
                <Button
                  variant="default"
                  leftSection={<IconRefresh size={14} />}
                  loading={busy}
                  onClick={() => void runBatch('read', chosen, readAgain)}
                >
                  {t('meters:readAgain')}
                </Button>
                <Button
                  variant="default"
                  leftSection={<IconAdjustments size={14} />}
                  onClick={() => {
                    selectMeters(chosen.map(({ id }) => id));
                    navigate('configure');
                  }}
                >
                  {t('configure:many.open')}
                </Button>
                <Suspense>
                  <SiteDialog meters={chosen.map(({ meter }) => meter)} sites={sites} />
                  <RemoveMenu count={chosen.length} onRemove={() => void runBatch('remove', chosen, remove)} />
                </Suspense>
              </>
            )}
          </div>
          <div className={classes['list']}>
            {withTree && (
              <div className={classes['sites']}>
                <Suspense>
                  <SiteTree {...narrowing} />
                </Suspense>
              </div>
            )}
            <MeterTable rows={rows} withSites={withSites} selection={selection} onSelection={setSelection} />
          </div>
        </>
      )}
      <Opened opened={rest[0] === 'add'}>
        <AddMeter opened={rest[0] === 'add'} onClose={() => navigate('meters')} />
      </Opened>
      <Opened opened={rest[0] === 'practise'}>
        <Practise opened={rest[0] === 'practise'} onClose={() => navigate('meters')} />
      </Opened>
    </Page>
  );
}

/** The bags on this laptop; asked again when the list of meters changes its length. Without an answer nothing is said of any. */
function useBackups(meters: number) {
  const [load, setLoad] = useState<Load<readonly BackupListing[]>>(IDLE);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (meters === 0 || turn < 0) return;
    let current = true;
    // The rows are painted before all of them are made again for one column.
    const idle = requestIdleCallback(
      () =>
        void askPlain(() => engine.backups.list()).then((found) => {
          if (current) setLoad(loaded(found));
        }),
      { timeout: PAINT_MS },
    );
    return () => {
      current = false;
      cancelIdleCallback(idle);
    };
  }, [meters, turn]);
  return { load, again: () => setTurn((before) => before + 1) };
}
