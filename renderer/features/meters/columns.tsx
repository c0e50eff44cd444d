import type { TFunction } from 'i18next';
import { Chip } from '../../ui/chip.tsx';
import type { DataColumn } from '../../ui/data-table.tsx';
import { FirmwareChip } from '../../ui/firmware-chip.tsx';
import { formatNumber } from '../../ui/format.ts';
import { SimulatedBadge } from '../../ui/simulated-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { BackupAge } from './backup-age.tsx';
import classes from './meters.module.css';
import type { MeterRow } from './rows.ts';

/** Columns of the list. `now` moves the ages on. */
export function meterColumns(t: TFunction, language: string, now: number): readonly DataColumn<MeterRow>[] {
  const none = <span className="mw-quiet">{t('meters:none')}</span>;
  const never = <span className="mw-quiet">{t('meters:never')}</span>;
  return [
    {
      id: 'name',
      header: t('meters:column.name'),
      width: 222,
      grow: 2,
      value: ({ name, place, meter }) => `${name} ${place} ${meter.note}`,
      cell: ({ name, place, meter }) => (
        <>
          <span className={classes['name']} title={meter.note === '' ? place : `${place} · ${meter.note}`}>
            {name}
          </span>
          {meter.identity?.simulated === true && <SimulatedBadge />}
        </>
      ),
    },
    {
      id: 'place',
      header: t('meters:column.address'),
      width: 146,
      grow: 0.5,
      hideBelow: 1030,
      value: ({ place }) => place,
    },
    {
      id: 'serial',
      header: t('meters:column.serial'),
      width: 88,
      hideBelow: 860,
      value: ({ meter }) => meter.identity?.serial ?? null,
      cell: ({ meter }) => meter.identity?.serial ?? none,
    },
    {
      id: 'model',
      header: t('meters:column.model'),
      width: 78,
      grow: 0.6,
      hideBelow: 1120,
      value: ({ meter }) => meter.identity?.model ?? null,
      cell: ({ meter }) => meter.identity?.model ?? none,
    },
    {
      id: 'firmware',
      header: t('meters:column.firmware'),
      width: 226,
      grow: 0.2,
      value: ({ firmware, firmwareStatus }) =>
        firmware === null ? null : `${firmware} ${t(`ui:firmware.${firmwareStatus}`)}`,
      cell: ({ meter, firmwareStatus }) => (
        <FirmwareChip version={meter.identity?.firmware ?? null} status={firmwareStatus} />
      ),
    },
    {
      id: 'backup',
      header: t('meters:column.backup'),
      width: 104,
      value: ({ backup }) => (backup.state === 'taken' ? backup.at : null),
      cell: ({ backup }) =>
        backup.state === 'taken' ? (
          <BackupAge at={backup.at} check={backup.check} now={now} />
        ) : (
          <span className="mw-quiet">{t(backup.state === 'none' ? 'meters:never' : 'meters:unknown')}</span>
        ),
    },
    {
      id: 'clock',
      header: t('meters:column.clock'),
      width: 70,
      grow: 0.5,
      hideBelow: 860,
      align: 'end',
      value: ({ meter }) => meter.clockOffsetSeconds,
      cell: ({ meter }) =>
        meter.clockOffsetSeconds === null
          ? none
          : t('meters:seconds', { seconds: signed(meter.clockOffsetSeconds, language) }),
    },
    {
      id: 'job',
      header: t('meters:column.job'),
      width: 90,
      value: ({ job }) => (job === null ? null : t(`domain:state.${job.summary.state}`)),
      cell: ({ job }) =>
        job === null ? null : (
          <Chip tone={job.summary.state === 'interrupted' ? 'danger' : 'info'}>
            {t(`domain:state.${job.summary.state}`)}
          </Chip>
        ),
    },
    {
      id: 'seen',
      header: t('meters:column.seen'),
      width: 88,
      value: ({ meter }) => meter.lastSeen,
      cell: ({ meter }) => (meter.lastSeen === null ? never : <TimeText at={meter.lastSeen} age={now} />),
    },
  ];
}

/** "+1.2" and "−0.4": which way a clock is off matters. */
function signed(value: number, language: string): string {
  const size = formatNumber(Math.abs(value), language, Math.abs(value) < 100 ? 1 : 0);
  // What rounds to nothing has no sign.
  if (Math.abs(value) < 0.05) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
