import type { ReactNode } from 'react';
import { withBlank } from '../../i18n/blank.ts';
import type { Say } from '../../i18n/say.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import { firmwareChip, simulatedBadge } from '../../ui/chips/row-chips.tsx';
import type { DataColumn } from '../../ui/table/data-column.ts';
import { formatNumber } from '../../ui/text/numbers.ts';
import classes from './meters.module.css';
import type { LastBackup, MeterRow } from './rows.ts';

/** What changes in a cell by itself, because time passes; the rest of each cell is without hooks, so that the first picture can show it. */
export interface Ages {
  /** How long ago something was. */
  readonly ago: (at: string) => ReactNode;
  readonly backup: (taken: LastBackup & { readonly state: 'taken' }) => ReactNode;
}

/** Columns of the list. */
export function meterColumns(
  t: Say,
  language: string,
  withSites: boolean,
  ages: Ages,
): readonly DataColumn<MeterRow>[] {
  const none = <span className="mw-quiet">{t('meters:none')}</span>;
  const simulated = simulatedBadge(t);
  const say = remembered(t);
  const seconds = withBlank(t, 'meters:seconds', 'seconds');
  const unknown = <span className="mw-quiet">{t('meters:unknown')}</span>;
  const never = <span className="mw-quiet">{t('meters:never')}</span>;
  return [
    {
      id: 'name',
      header: t('meters:column.name'),
      width: 212,
      grow: 2,
      value: ({ name, place, meter }) => `${name} ${place} ${meter.site} ${meter.note}`,
      cell: ({ name, place, meter }) => {
        const shown = (
          <span className={classes['name']} title={[place, meter.site, meter.note].filter(Boolean).join(' · ')}>
            {name}
          </span>
        );
        if (meter.identity?.simulated !== true) return shown;
        return (
          <span className={classes['named']}>
            {shown}
            {simulated}
          </span>
        );
      },
    },
    ...(withSites ? [siteColumn(t)] : []),
    {
      id: 'place',
      header: t('meters:column.address'),
      // An IPv4 address on this PC with port and unit, whole.
      width: 152,
      grow: 0.5,
      // Where there are sites they are what a person knows a meter by; its address is with its name.
      hideBelow: withSites ? 1_110 : 986,
      value: ({ place }) => place,
    },
    {
      id: 'serial',
      header: t('meters:column.serial'),
      width: 86,
      // Serial numbers are longer than what stands in the columns beside them.
      grow: 1.3,
      hideBelow: 860,
      value: ({ meter }) => meter.identity?.serial ?? null,
      cell: ({ meter }) => meter.identity?.serial ?? none,
    },
    {
      id: 'model',
      header: t('meters:column.model'),
      width: 78,
      grow: 0.6,
      hideBelow: 1130,
      value: ({ meter }) => meter.identity?.model ?? null,
      cell: ({ meter }) => meter.identity?.model ?? none,
    },
    {
      id: 'firmware',
      header: t('meters:column.firmware'),
      width: 218,
      grow: 0.2,
      value: ({ firmware, firmwareStatus }) =>
        firmware === null ? null : `${firmware} ${say(`ui:firmware.${firmwareStatus}`)}`,
      cell: ({ meter, firmwareStatus }) =>
        firmwareChip({ version: meter.identity?.firmware ?? null, status: firmwareStatus }, say),
    },
    {
      id: 'backup',
      header: t('meters:column.backup'),
      width: 104,
      value: ({ backup }) => (backup.state === 'taken' ? backup.at : null),
      cell: ({ backup }) =>
        backup.state === 'taken' ? ages.backup(backup) : backup.state === 'none' ? never : unknown,
    },
    {
      id: 'clock',
      header: t('meters:column.clock'),
      width: 64,
      grow: 0.5,
      hideBelow: 1050,
      align: 'end',
      value: ({ meter }) => meter.clockOffsetSeconds,
      cell: ({ meter }) =>
        meter.clockOffsetSeconds === null ? none : seconds(signed(meter.clockOffsetSeconds, language)),
    },
    {
      id: 'job',
      header: t('meters:column.job'),
      width: 90,
      value: ({ job }) => (job === null || job === 'unknown' ? null : say(`domain:state.${job.state}`)),
      cell: ({ job }) =>
        job === null ? null : job === 'unknown' ? (
          unknown
        ) : (
          <Chip tone={job.state === 'interrupted' ? 'danger' : 'info'}>{say(`domain:state.${job.state}`)}</Chip>
        ),
    },
    {
      id: 'seen',
      header: t('meters:column.seen'),
      width: 88,
      value: ({ meter }) => meter.lastSeen,
      cell: ({ meter }) => (meter.lastSeen === null ? never : ages.ago(meter.lastSeen)),
    },
  ];
}

/** Only in lists with sites: a column without a word in it would cost the room of others. */
function siteColumn(t: Say): DataColumn<MeterRow> {
  return {
    id: 'site',
    header: t('meters:column.site'),
    width: 124,
    hideBelow: 878,
    value: ({ meter }) => meter.site || null,
    cell: ({ meter: { site } }) => <span title={site}>{site}</span>,
  };
}

/** Texts without blanks to fill, each looked up once: thousands of rows have the same few. */
function remembered(t: Say): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const found = known.get(key) ?? t(key);
    known.set(key, found);
    return found;
  };
}

/** "+1.2" and "−0.4": which way a clock is off matters. */
function signed(value: number, language: string): string {
  const size = formatNumber(Math.abs(value), language, Math.abs(value) < 100 ? 1 : 0);
  // What rounds to nothing has no sign.
  if (Math.abs(value) < 0.05) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
