import { Button, Tabs } from '@mantine/core';
import { IconArrowLeft, IconArrowUp, IconRefresh } from '@tabler/icons-react';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Identification, ListedMeter } from '../../../shared/contract/views.ts';
import { firmwareStatus } from '../../../shared/domain/firmware-status.ts';
import { nameOf, placeOf, useMeters } from '../../app/feeds/meters-store.ts';
import { later } from '../../app/later.tsx';
import { navigate } from '../../app/router.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { engine } from '../../engine/client.ts';
import { FirmwareChip } from '../../ui/chips/firmware-chip.tsx';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { LogsTab } from '../logs/logs-tab.tsx';
import { BackupsTab } from './backups-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { Overview } from './overview.tsx';

const TABS = ['overview', 'backups', 'configure', 'logs', 'history'] as const;

const ConfigureTab = later(() => import('../configure/configure-tab.tsx').then((module) => module.ConfigureTab));

/** The page of one meter. */
export function MeterScreen({ rest }: ScreenProps) {
  const { t } = useTranslation();
  const [id = '', tab = 'overview', part] = rest;
  const { meters, known } = useMeters();
  const meter = meters.find((one) => one.id === id);
  if (meter !== undefined) return <MeterPage key={id} meter={meter} tab={tab} part={part} />;
  return (
    <Page title={t('meter:title')}>
      <EmptyState title={known ? t('meter:gone.title') : t('meters:loading')} text={known ? t('meter:gone.text') : ''}>
        <Button onClick={() => navigate('meters')}>{t('meter:toList')}</Button>
      </EmptyState>
    </Page>
  );
}

interface MeterPageProps {
  readonly meter: ListedMeter;
  readonly tab: string;
  /** What of the tab the address names. */
  readonly part: string | undefined;
}

function MeterPage({ meter, tab, part }: MeterPageProps) {
  const { t } = useTranslation();
  const newest = useMeters((state) => state.newestFirmware);
  const { load, again } = useIdentification(meter);
  const identity = load.state === 'ready' ? load.value.identity : meter.identity;
  const advisories = load.state === 'ready' ? load.value.advisories : meter.advisories;
  const version = identity?.firmware ?? null;
  const shown = TABS.find((name) => name === tab) ?? 'overview';
  return (
    <Page
      title={nameOf(meter)}
      badges={
        <>
          {identity?.simulated === true && <SimulatedBadge />}
          <FirmwareChip version={version} status={firmwareStatus(version, newest, advisories)} />
        </>
      }
      subtitle={[identity?.model, identity?.serial, placeOf(meter), meter.site, meter.note].filter(Boolean).join(' · ')}
      actions={
        <>
          <Button variant="subtle" leftSection={<IconArrowLeft size={15} />} onClick={() => navigate('meters')}>
            {t('meter:toList')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={load.state === 'busy'}
            onClick={again}
          >
            {t('meter:again')}
          </Button>
          <Button leftSection={<IconArrowUp size={15} />} onClick={() => navigate('upgrade', 'meter', meter.id)}>
            {t('meter:upgrade')}
          </Button>
        </>
      }
    >
      <Tabs value={shown} onChange={(next) => navigate('meter', meter.id, next ?? 'overview')}>
        <Tabs.List mb="sm">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`meter:tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview meter={meter} load={load} onAgain={again} />
        </Tabs.Panel>
        <Tabs.Panel value="backups">
          <BackupsTab meter={meter} serial={identity?.serial ?? null} />
        </Tabs.Panel>
        <Tabs.Panel value="configure">
          {shown === 'configure' && (
            <Suspense>
              <ConfigureTab meter={meter} pane={part} />
            </Suspense>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="logs">
          <LogsTab meter={meter} serial={identity?.serial ?? null} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab meter={meter} serial={identity?.serial ?? null} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

/** Who the meter says it is, asked when the page opens and whenever a person asks again. */
function useIdentification(meter: ListedMeter) {
  const [load, setLoad] = useState<Load<Identification>>(BUSY);
  const [turn, setTurn] = useState(0);
  const { id } = meter;
  useEffect(() => {
    const found = useMeters.getState().meters.find((one) => one.id === id);
    if (found === undefined || turn < 0) return;
    const stop = new AbortController();
    setLoad(BUSY);
    void ask(() => engine.meters.identify({ address: found.address }, { signal: stop.signal })).then((answer) => {
      if (!stop.signal.aborted) setLoad(loaded(answer));
    });
    return () => stop.abort();
  }, [id, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { load, again };
}
