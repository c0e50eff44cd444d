import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupListing } from '../../../shared/contract/views.ts';
import { useMeters } from '../../app/feeds/meters-store.ts';
import { Chip, type Tone } from '../../ui/chips/chip.tsx';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { VerdictChip } from '../../ui/chips/verdict-chip.tsx';
import { useFormat } from '../../ui/text/format.ts';
import { TimeText } from '../../ui/text/time-text.tsx';
import { showBag } from '../logs/open-bag.ts';
import { openFolder } from '../open-folder.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from '../upgrade/steps/package.module.css';
import { bagName, compareWithMeter, select, useBackups, verify } from './store.ts';

const TONE: Readonly<Record<string, Tone>> = {
  saved: 'ok',
  partial: 'warn',
  unreachable: 'neutral',
  waived: 'info',
  failed: 'danger',
};

/** The backups, newest first, each with what can be done with it. */
export function BackupsTable({ bags }: { readonly bags: readonly BackupListing[] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string>();
  if (bags.length === 0) return <Text size="sm">{t('backups:noMatch')}</Text>;
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={t('backups:title')}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('backups:meter')}</th>
            <th scope="col">{t('backups:taken')}</th>
            <th scope="col">{t('backups:items')}</th>
            <th scope="col">{t('backups:verified')}</th>
            <th scope="col">{t('backups:actions')}</th>
          </tr>
        </thead>
        <tbody>
          {bags.map((bag) => (
            <Fragment key={bag.bag}>
              <Row
                bag={bag}
                open={shown === bag.bag}
                onShow={() => setShown(shown === bag.bag ? undefined : bag.bag)}
              />
              {shown === bag.bag && <Items bag={bag} />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly bag: BackupListing;
  readonly open: boolean;
  readonly onShow: () => void;
}

function Row({ bag, open, onShow }: RowProps) {
  const { t } = useTranslation();
  const { selected } = useBackups();
  const [told, setTold] = useState('');
  const meter = useMeters(({ meters }) => meters.find(({ identity }) => identity?.serial === bag.serial));
  const name = bagName(bag.bag);
  const saved = bag.items.filter(({ state }) => state === 'saved').length;
  const waived = bag.items.filter(({ state }) => state === 'waived').length;
  const missing = bag.items.length - saved - waived;

  function withMeter(): void {
    if (meter === undefined) setTold(t('backups:diffMeterNone', { serial: bag.serial ?? '–' }));
    else void compareWithMeter(bag.bag, meter.address);
  }

  return (
    <tr>
      <td>
        <Checkbox
          checked={selected.has(bag.bag)}
          onChange={() => select(bag.bag)}
          aria-label={t('backups:select', { name })}
        />
      </td>
      <th scope="row">
        {bag.serial ?? t('backups:unreadable')} {bag.simulated && <SimulatedBadge />}
        <div className="mw-quiet">{`${bag.firmware ?? '–'} · ${name}`}</div>
      </th>
      <td>{bag.takenAt === null ? '–' : <TimeText at={bag.takenAt} />}</td>
      <td>
        <Button
          variant="subtle"
          aria-expanded={open}
          aria-label={t(open ? 'backups:hide' : 'backups:show', { name, saved, all: bag.items.length })}
          onClick={onShow}
        >
          {t('backups:savedCount', { saved, all: bag.items.length })}
        </Button>
        <Group gap={4}>
          {waived > 0 && <Chip tone="info">{t('backups:waivedCount', { count: waived })}</Chip>}
          {missing > 0 && <Chip tone="warn">{t('backups:openCount', { count: missing })}</Chip>}
        </Group>
      </td>
      <td>
        <Verified bag={bag} />
      </td>
      <td>
        <Group gap={6}>
          <Button variant="default" aria-label={t('logs:bag.lookOf', { name })} onClick={() => showBag(bag.bag)}>
            {t('logs:bag.look')}
          </Button>
          <Button variant="default" aria-label={t('backups:verifyOf', { name })} onClick={() => void verify(bag.bag)}>
            {t('backups:verify')}
          </Button>
          <Button variant="default" aria-label={t('backups:diffMeterOf', { name })} onClick={withMeter}>
            {t('backups:diffMeter')}
          </Button>
          <Button variant="default" aria-label={t('backups:openOf', { name })} onClick={() => void openFolder(bag.bag)}>
            {t('backups:open')}
          </Button>
        </Group>
        <Text size="sm" role="status">
          {told}
        </Text>
      </td>
    </tr>
  );
}

/** What was found in this session, else what is known of the last check. */
function Verified({ bag }: { readonly bag: BackupListing }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useBackups(({ verified }) => verified.get(bag.bag));
  if (found === undefined || found.state === 'idle') return <LastCheck check={bag.check} />;
  if (found.state === 'busy') return <span role="status">{t('backups:verifying')}</span>;
  if (found.state === 'failed') return <ProblemView problem={found.problem} />;
  const { verdict, problems, files, bytes, at, fingerprint } = found.value;
  return (
    <Stack gap={4} role="status">
      <div>
        <VerdictChip verdict={verdict} /> {t(`backups:verdicts.${verdict}`)}
      </div>
      <span className="mw-quiet">
        {t('backups:verifiedAt', { files, bytes: format.bytes(bytes), time: format.local(at) })}
      </span>
      {fingerprint !== null && <span className={classes['hash']}>{fingerprint}</span>}
      {problems.slice(0, 3).map((problem) => (
        <ProblemView key={`${problem.code} ${problem.because}`} problem={problem} />
      ))}
    </Stack>
  );
}

function LastCheck({ check }: Pick<BackupListing, 'check'>) {
  const { t } = useTranslation();
  const format = useFormat();
  if (check === null) return <span className="mw-quiet">{t('backups:notVerified')}</span>;
  return (
    <Stack gap={4}>
      <div>
        <VerdictChip verdict={check.verdict} />
      </div>
      <span className="mw-quiet">{t('backups:lastRead', { time: format.local(check.at) })}</span>
    </Stack>
  );
}

function Items({ bag }: { readonly bag: BackupListing }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <tr>
      <td />
      <td colSpan={5}>
        <table className={classes['table']} aria-label={t('backups:details', { name: bagName(bag.bag) })}>
          <tbody>
            {bag.items.map((item) => (
              <tr key={item.id}>
                <th scope="row">{t(`domain:item.${item.id}`)}</th>
                <td>
                  <Chip tone={TONE[item.state] ?? 'neutral'}>{t(`domain:itemState.${item.state}`)}</Chip>
                </td>
                <td className={classes['number']}>{format.bytes(item.bytes)}</td>
                <td lang="en">{item.because}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </td>
    </tr>
  );
}
