import { Loader } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Identification, ListedMeter, Reading, ValueView } from '../../../shared/contract/views.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { Advisory, ClockReading, MeterIdentity } from '../../../shared/domain/identity.ts';
import { engine, follow } from '../../engine/client.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Section } from '../../ui/page.tsx';
import { PhasorDiagram } from '../../ui/phasor-diagram.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { TimeText } from '../../ui/text/time-text.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { Capabilities } from '../meters/capabilities.tsx';
import { LogIn } from './log-in.tsx';
import classes from './meter.module.css';
import { ENERGY_ROWS, LIVE_ROWS, phasorsOf, type Values, valuesOf } from './values.ts';

const LIVE_MS = 1_000;

interface OverviewProps {
  readonly meter: ListedMeter;
  readonly load: Load<Identification>;
  readonly onAgain: () => void;
}

/** Who the meter is, what it measures now, what its protocols can do, and what is known against its firmware. */
export function Overview({ meter, load, onAgain }: OverviewProps) {
  const { t } = useTranslation();
  const live = useLive(meter);
  const values = useMemo(() => valuesOf(live.reading), [live.reading]);
  const identity = load.state === 'ready' ? load.value.identity : meter.identity;
  return (
    <div className={classes['columns']}>
      {load.state === 'failed' && (
        <div className={classes['wide']}>
          <ProblemCard problem={load.problem} onRetry={onAgain} />
        </div>
      )}
      <Section
        title={t('meter:live.title')}
        actions={<LiveState at={live.reading?.endedAt ?? null} failed={live.load.state === 'failed'} />}
      >
        {live.load.state === 'failed' && <ProblemCard problem={live.load.problem} />}
        {live.reading === null ? (
          live.load.state === 'busy' && <Loader aria-label={t('meter:live.waiting')} />
        ) : (
          <LiveTable values={values} old={live.load.state === 'failed'} />
        )}
      </Section>
      <Section title={t('ui:phasor.label')}>
        <PhasorDiagram {...phasorsOf(values)} />
      </Section>
      <Energies meter={meter} />
      <Section title={t('meter:clock.title')}>
        {load.state === 'ready' ? <Clock clock={load.value.clock} /> : <Waiting load={load} />}
      </Section>
      <Section title={t('meter:identity.title')}>
        {identity === null ? <Waiting load={load} /> : <Identity identity={identity} lastSeen={meter.lastSeen} />}
      </Section>
      <Section title={t('meter:advisories.title')}>
        {load.state === 'ready' ? <Advisories advisories={load.value.advisories} /> : <Waiting load={load} />}
      </Section>
      <div className={classes['wide']}>
        <Section title={t('meter:protocols.title')}>
          {load.state === 'ready' ? (
            <>
              <Capabilities capabilities={load.value.capabilities} />
              <LogIn meter={meter} capabilities={load.value.capabilities} onLogin={onAgain} />
            </>
          ) : (
            <Waiting load={load} />
          )}
        </Section>
      </div>
    </div>
  );
}

function Waiting({ load }: { readonly load: Load<unknown> }) {
  const { t } = useTranslation();
  return load.state === 'busy' ? (
    <Loader aria-label={t('meter:reading')} />
  ) : (
    <p className="mw-quiet">{t('meter:notRead')}</p>
  );
}

/** A reading each second while the page is open. The last good one stays, marked as old, when a read fails. */
function useLive(meter: ListedMeter) {
  const [load, setLoad] = useState<Load<Reading>>(BUSY);
  const [reading, setReading] = useState<Reading | null>(null);
  const { host, ports, unit, timeoutMs } = meter.address;
  const { modbus, sftp, dlms, bacnet } = ports;
  useEffect(() => {
    const stop = new AbortController();
    const address = { host, ports: { modbus, sftp, dlms, bacnet }, unit, timeoutMs };
    void follow(
      (signal) => engine.meters.live({ address, intervalMs: LIVE_MS }, { signal }),
      (answer) => {
        setLoad(loaded(answer));
        if (answer.ok) setReading(answer.value);
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [host, modbus, sftp, dlms, bacnet, unit, timeoutMs]);
  return { load, reading };
}

function LiveState({ at, failed }: { readonly at: string | null; readonly failed: boolean }) {
  const { t } = useTranslation();
  if (at === null) return null;
  return (
    <span className="mw-quiet">
      {failed ? t('meter:live.old') : t('meter:live.at')} <TimeText at={at} />
    </span>
  );
}

function LiveTable({ values, old }: { readonly values: Values; readonly old: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={classes['scroll']}>
      <table className={classes['values']} data-old={old} aria-label={t('meter:live.title')}>
        <thead>
          <tr>
            <th scope="col">{t('meter:live.what')}</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">C</th>
            <th scope="col">{t('meter:live.all')}</th>
          </tr>
        </thead>
        <tbody>
          {LIVE_ROWS.map(({ id, columns }) => (
            <tr key={id}>
              <th scope="row">{t(`meter:live.row.${id}`)}</th>
              {columns.map((column, index) => (
                <td key={column ?? `none ${index}`}>{column === null ? '' : <Value value={values.get(column)} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A value with its unit; a meter without one says so, and what was not read is a dash. */
function Value({ value }: { readonly value: ValueView | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === undefined) return '—';
  return value.unavailable ? t('meter:live.unavailable') : format.quantity(value.text);
}

function Energies({ meter }: { readonly meter: ListedMeter }) {
  const { t } = useTranslation();
  const [load, setLoad] = useState<Load<Reading>>(BUSY);
  const [turn, setTurn] = useState(0);
  const { address } = meter;
  const place = JSON.stringify(address);
  useEffect(() => {
    if (turn < 0) return;
    const stop = new AbortController();
    const input = { address: JSON.parse(place) as ListedMeter['address'], group: 'energy' as const };
    void ask(() => engine.meters.read(input, { signal: stop.signal })).then((answer) => {
      if (!stop.signal.aborted) setLoad(loaded(answer));
    });
    return () => stop.abort();
  }, [place, turn]);
  const values = valuesOf(load.state === 'ready' ? load.value : null);
  const readAt = load.state === 'ready' ? <TimeText at={load.value.endedAt} /> : null;
  return (
    <Section title={t('meter:energy.title')} actions={<span className="mw-quiet">{readAt}</span>}>
      {load.state === 'busy' && <Loader aria-label={t('meter:reading')} />}
      {load.state === 'failed' && <ProblemCard problem={load.problem} onRetry={() => setTurn(turn + 1)} />}
      {load.state === 'ready' && (
        <div className={classes['scroll']}>
          {' '}
          <table className={classes['values']} aria-label={t('meter:energy.title')}>
            <thead>
              <tr>
                <th scope="col">{t('meter:live.what')}</th>
                <th scope="col">{t('meter:energy.delivered')}</th>
                <th scope="col">{t('meter:energy.received')}</th>
              </tr>
            </thead>
            <tbody>
              {ENERGY_ROWS.map((kind) => (
                <tr key={kind}>
                  <th scope="row">{t(`meter:energy.${kind}`)}</th>
                  <td>
                    <Value value={values.get(`${kind}-energy-delivered`)} />
                  </td>
                  <td>
                    <Value value={values.get(`${kind}-energy-received`)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Clock({ clock }: { readonly clock: ClockReading }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { offsetSeconds, uncertaintySeconds, meterUtc, pcUtc } = clock;
  return (
    <>
      <KeyValueList
        items={[
          {
            label: t('meter:clock.offset'),
            value:
              offsetSeconds === null
                ? t('meter:clock.unknown')
                : t(`meter:clock.${sideOf(offsetSeconds)}`, {
                    seconds: format.number(Math.abs(offsetSeconds), 2),
                    uncertainty: uncertaintySeconds === null ? '?' : format.number(uncertaintySeconds, 2),
                  }),
          },
          { label: t('meter:clock.meter'), value: meterUtc === null ? '—' : <TimeText at={meterUtc} /> },
          { label: t('meter:clock.pc'), value: <TimeText at={pcUtc} /> },
        ]}
      />
      <p className="mw-quiet" lang="en">
        {clock.because}
      </p>
    </>
  );
}

/** What rounds to nothing is on neither side. */
function sideOf(offsetSeconds: number): 'same' | 'behind' | 'ahead' {
  if (Math.abs(offsetSeconds) < 0.005) return 'same';
  return offsetSeconds < 0 ? 'behind' : 'ahead';
}

function Identity({ identity, lastSeen }: { readonly identity: MeterIdentity; readonly lastSeen: string | null }) {
  const { t } = useTranslation();
  const not = t('meter:identity.notGiven');
  return (
    <KeyValueList
      items={[
        { label: t('meter:identity.name'), value: identity.name ?? not },
        { label: t('meter:identity.model'), value: identity.model ?? not },
        { label: t('meter:identity.serial'), value: identity.serial ?? not },
        {
          label: t('meter:identity.firmware'),
          value: identity.firmware === null ? not : formatFirmware(identity.firmware),
        },
        { label: t('meter:identity.featureSet'), value: t(`domain:featureSet.${identity.featureSet}`) },
        { label: t('meter:identity.reference'), value: identity.commercialReference ?? not },
        { label: t('meter:identity.manufacturer'), value: identity.manufacturer ?? not },
        { label: t('meters:column.seen'), value: lastSeen === null ? t('meters:never') : <TimeText at={lastSeen} /> },
      ]}
    />
  );
}

function Advisories({ advisories }: { readonly advisories: readonly Advisory[] }) {
  const { t } = useTranslation();
  if (advisories.length === 0) return <p className="mw-quiet">{t('meter:advisories.none')}</p>;
  const tones = { danger: 'danger', warning: 'warn', info: 'info' } as const;
  return (
    <ul className={classes['advisories']}>
      {advisories.map(({ id, title, severity, fixedIn, advice, source }) => (
        <li key={id}>
          <div className={classes['advisory']}>
            <Chip tone={tones[severity]}>{t(`domain:severity.${severity}`)}</Chip>
            <strong>{id}</strong>
            <span>{title}</span>
          </div>
          <p>{advice}</p>
          <p className="mw-quiet">{t('meter:advisories.fixed', { version: fixedIn, source })}</p>
        </li>
      ))}
    </ul>
  );
}
