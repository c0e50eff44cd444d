import { Button, Loader, TextInput } from '@mantine/core';
import { IconAdjustments, IconFlask, IconPlus, IconRefresh, IconSearch } from '@tabler/icons-react';
import { Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupListing } from '../../../shared/contract/views.ts';
import { useJobSummaries, useJobs } from '../../app/jobs-store.ts';
import { later, Opened } from '../../app/later.tsx';
import { useMeters } from '../../app/meters-store.ts';
import { navigate } from '../../app/router.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { engine } from '../../engine/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ask, askPlain, IDLE, type Load, loaded } from '../ask.ts';
import { selectMeters } from '../configure/many.ts';
import { isBusy, runBatch, useBatch } from './batch.ts';
import { BatchBar } from './batch-bar.tsx';
import { meterColumns } from './columns.tsx';
import classes from './meters.module.css';
import { Now } from './now.ts';
import { type MeterRow, rowsOf } from './rows.ts';
import { metersAt, sitesOf, useNarrowing, validChoice } from './sites.ts';

const AddMeter = later(() => import('./add-meter.tsx').then((module) => module.AddMeter));
const RemoveMenu = later(() => import('./remove-menu.tsx').then((module) => module.RemoveMenu));
const SiteSelect = later(() => import('./site-select.tsx').then((module) => module.SiteSelect));
const SiteDialog = later(() => import('./site-dialog.tsx').then((module) => module.SiteDialog));
const Practise = later(() => import('./practise.tsx').then((module) => module.Practise));

/** How long the list of backups may wait for the list of meters to be painted. */
const PAINT_MS = 300;

const rowId = ({ id }: MeterRow) => id;
const rowName = ({ name }: MeterRow) => name;
const open = ({ id }: MeterRow) => navigate('meter', id, 'overview');

/** All meters that this laptop knows, and the ways to get more of them. */
export function MetersScreen({ rest }: ScreenProps) {
  const { t, i18n } = useTranslation();
  const { meters, known, newestFirmware } = useMeters();
  const summaries = useJobSummaries();
  const jobs = useJobs(({ known: said }) => said) ? summaries : undefined;
  const backups = useBackups(meters.length);
  const now = useNow(10_000);
  const { filter, site: wanted } = useNarrowing();
  const setFilter = (next: string) => useNarrowing.setState({ filter: next });
  const words = useDeferredValue(filter);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const busy = useBatch(({ batch }) => isBusy(batch));
  const search = useRef<HTMLInputElement>(null);
  useSlash(search);

  const bags = backups.load.state === 'ready' ? backups.load.value : undefined;
  const sites = useMemo(() => sitesOf(meters), [meters]);
  const site = validChoice(wanted, sites);
  const here = useMemo(() => metersAt(meters, site), [meters, site]);
  const rows = useMemo(() => rowsOf(here, bags, jobs, newestFirmware), [here, bags, jobs, newestFirmware]);
  const withSites = sites.named.length > 0;
  const columns = useMemo(() => meterColumns(t, i18n.language, withSites), [t, i18n.language, withSites]);
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
            <TextInput
              ref={search}
              w={300}
              leftSection={<IconSearch size={14} />}
              placeholder={t('meters:filter')}
              aria-label={t('meters:filter')}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') setFilter('');
              }}
            />
            {withSites && (
              <Suspense>
                <SiteSelect
                  sites={sites}
                  choice={site}
                  onChoice={(next) => {
                    // What is not shown any more is not acted upon.
                    setSelection(new Set());
                    useNarrowing.setState({ site: next });
                  }}
                />
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
          <Now.Provider value={now}>
            <DataTable
              label={t('meters:title')}
              rows={rows}
              columns={columns}
              rowId={rowId}
              rowName={rowName}
              onOpen={open}
              selection={selection}
              onSelection={setSelection}
              filter={words}
              initialSort={{ id: 'name', desc: false }}
              empty={
                <EmptyState title={t('meters:noMatch.title')} text={t('meters:noMatch.text', { filter: words })}>
                  <Button variant="default" onClick={() => setFilter('')}>
                    {t('meters:noMatch.clear')}
                  </Button>
                </EmptyState>
              }
            />
          </Now.Provider>
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

/** The key "/" goes to the filter. */
function useSlash(search: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [search]);
}
