import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupListing } from '../../../shared/contract/views.ts';
import { formatUtc, useFormat } from '../../ui/text/format.ts';
import { TimeText } from '../../ui/text/time-text.tsx';
import classes from './meters.module.css';
import { Now } from './now.ts';

interface BackupAgeProps {
  readonly at: string;
  readonly check: BackupListing['check'];
}

const ICONS = { verified: IconShieldCheck, mismatch: IconShieldX, unknown: IconShieldQuestion } as const;

/** How old a backup is, and what reading it again found last; the words and the moment on hover and for screen readers. */
export function BackupAge({ at, check }: BackupAgeProps) {
  const now = useContext(Now);
  const { t } = useTranslation();
  const format = useFormat();
  if (now === undefined) return null;
  const verdict = check?.verdict ?? 'unknown';
  const Icon = ICONS[verdict];
  const words =
    check === null
      ? t('meters:backup.unchecked')
      : t(`meters:backup.${verdict}`, { age: format.age(check.at, now), time: formatUtc(check.at) });
  return (
    <span className={classes['backup']}>
      <span className={classes['check']} data-verdict={verdict} title={words}>
        <Icon size={15} aria-hidden="true" />
        <span className="mw-hidden">{words}</span>
      </span>
      <TimeText at={at} age={now} />
    </span>
  );
}
