import { Button, Group, ScrollArea, Stack, TextInput } from '@mantine/core';
import { IconCheck, IconFileImport } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaReadingView, MapState } from '../../../shared/contract/settings-calls.ts';
import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { usePerson } from '../../app/preferences.ts';
import { engine } from '../../engine/client.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import lists from '../../ui/lists.module.css';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ask, askPlain, BUSY, IDLE, type Load, loaded } from '../ask.ts';
import classes from './configure.module.css';
import { ImportFindings, type MapImport } from './import-findings.tsx';
import type { SetupAreaName } from './plans.ts';

interface MapPanelProps {
  readonly area: SetupAreaName;
  readonly reading: AreaReadingView;
  /** The rows or their confirmation changed: what was read through them is old. */
  readonly onChanged: () => void;
}

/** The Modbus map that the settings are read and written through: none, not yet confirmed by a person, or in use. */
export function MapPanel({ area, reading, onChanged }: MapPanelProps) {
  const { t } = useTranslation();
  const { firmware, simulated } = reading.identity;
  const { state, again } = useMapState(firmware);
  const [imported, setImported] = useState<Load<MapImport>>(IDLE);

  if (firmware === null) return <p className={classes['notice']}>{t('configure:map.noFirmware')}</p>;
  const version = formatFirmware(firmware);
  const take = async (file: string | null) => {
    if (file === null) return;
    setImported(BUSY);
    const found = await ask(() => engine.maps.import({ file, firmware }));
    setImported(loaded(found));
    if (!found.ok) return;
    await again();
    onChanged();
  };
  const takeSimulated = async () => {
    const running = await askPlain(() => engine.practice.running());
    await take(running.ok ? (running.value?.map ?? null) : null);
  };
  const ways = (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconFileImport size={15} />}
        loading={imported.state === 'busy'}
        onClick={() => void window.meterwright.shell.pickFile('modbus-map').then(take)}
      >
        {t('configure:map.import')}
      </Button>
      {simulated && (
        <Button variant="default" loading={imported.state === 'busy'} onClick={() => void takeSimulated()}>
          {t('configure:map.useSimulated')}
        </Button>
      )}
    </Group>
  );
  return (
    <Stack gap="xs">
      {state.state === 'failed' && <ProblemCard problem={state.problem} onRetry={() => void again()} />}
      {state.state === 'ready' && state.value === null && (
        <>
          <p className={classes['notice']}>{t('configure:map.none', { version })}</p>
          {ways}
        </>
      )}
      {state.state === 'ready' && state.value !== null && (
        <KnownMap
          area={area}
          version={version}
          state={state.value}
          onConfirm={(by) => ask(() => engine.maps.confirm({ firmware, area, by }))}
          onConfirmed={() => {
            void again();
            onChanged();
          }}
        >
          {ways}
        </KnownMap>
      )}
      {imported.state === 'failed' && <ProblemCard problem={imported.problem} />}
      {imported.state === 'ready' && <ImportFindings found={imported.value} />}
    </Stack>
  );
}

/** The map that is kept for a firmware; the value is null where there is none. */
function useMapState(firmware: FirmwareVersion | null) {
  const [state, setState] = useState<Load<MapState | null>>(IDLE);
  const again = useCallback(async () => {
    if (firmware !== null) setState(loaded(await askPlain(() => engine.maps.state({ firmware }))));
  }, [firmware]);
  useEffect(() => void again(), [again]);
  return { state, again };
}

interface KnownMapProps {
  readonly area: SetupAreaName;
  readonly version: string;
  readonly state: MapState;
  readonly onConfirm: (by: string) => Promise<Result<MapState>>;
  readonly onConfirmed: () => void;
  readonly children: ReactNode;
}

function KnownMap({ area, version, state, onConfirm, onConfirmed, children }: KnownMapProps) {
  const { t } = useTranslation();
  const [person, setPerson] = usePerson();
  const [early, setEarly] = useState(false);
  const [shown, setShown] = useState(false);
  const [confirming, setConfirming] = useState<Load<MapState>>(IDLE);
  const own = state.areas.find((found) => found.area === area);
  const confirmed = own?.confirmed ?? null;
  const open = confirmed === null || shown;

  const confirm = async () => {
    const by = person.trim();
    setEarly(by === '');
    if (by === '') return;
    setConfirming(BUSY);
    const done = await onConfirm(by);
    setConfirming(loaded(done));
    if (done.ok) onConfirmed();
  };
  return (
    <Stack gap="xs">
      <div className={classes['bar']}>
        <Chip tone={confirmed === null ? 'warn' : 'ok'}>
          {t(confirmed === null ? 'configure:map.notConfirmed' : 'configure:map.confirmed')}
        </Chip>
        <span>{t('configure:map.file', { file: state.map.fileName, version, rows: state.rows })}</span>
        {state.map.provenance === 'simulated' && <Chip tone="sim">{t('configure:map.simulated')}</Chip>}
        {confirmed !== null && (
          <span className="mw-quiet">
            {t('configure:map.confirmedBy', { by: confirmed.by })} <TimeText at={confirmed.at} />
          </span>
        )}
        {confirmed !== null && (
          <Button variant="subtle" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t('configure:map.showRows')}
          </Button>
        )}
      </div>
      {open && own !== undefined && (
        <>
          {confirmed === null && (
            <p className={classes['notice']} data-tone="warn">
              {t('configure:map.look')}
            </p>
          )}
          <BoundRows area={own} />
          {confirmed === null && (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void confirm();
              }}
            >
              <Group align="flex-end" gap="sm">
                <TextInput
                  label={t('configure:by')}
                  value={person}
                  maxLength={200}
                  w={240}
                  onChange={(event) => setPerson(event.currentTarget.value)}
                  error={early && person.trim() === '' ? t('configure:needName') : undefined}
                />
                <Button type="submit" leftSection={<IconCheck size={15} />} loading={confirming.state === 'busy'}>
                  {t('configure:map.confirm')}
                </Button>
              </Group>
            </form>
          )}
          {confirming.state === 'failed' && <ProblemCard problem={confirming.problem} />}
          {children}
        </>
      )}
    </Stack>
  );
}

/** Rows are shown up to this many; a map binds about seventy rows to each recorder. */
const MOST_ROWS = 400;

function BoundRows({ area }: { readonly area: MapState['areas'][number] }) {
  const { t } = useTranslation();
  const left = area.bound.length - MOST_ROWS;
  return (
    <div>
      <ScrollArea.Autosize
        mah={240}
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('configure:map.rows') }}
      >
        <table className={lists['table']} aria-label={t('configure:map.rows')}>
          <thead>
            <tr>
              <th scope="col">{t('configure:map.ourName')}</th>
              <th scope="col">{t('configure:map.rowName')}</th>
              <th scope="col" className={lists['number']}>
                {t('configure:map.register')}
              </th>
              <th scope="col">{t('configure:map.access')}</th>
            </tr>
          </thead>
          <tbody>
            {area.bound.slice(0, MOST_ROWS).map(({ name, row, register, writable }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{row}</td>
                <td className={lists['number']}>{register}</td>
                <td>{t(writable ? 'configure:map.writable' : 'configure:map.readOnly')}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {left > 0 && <p className={classes['note']}>{t('configure:map.more', { count: left })}</p>}
      </ScrollArea.Autosize>
      {area.missing.length > 0 && (
        <details className={classes['details']}>
          <summary>{t('configure:map.missing', { count: area.missing.length })}</summary>
          <span className="mw-quiet">{area.missing.join(', ')}</span>
        </details>
      )}
    </div>
  );
}
