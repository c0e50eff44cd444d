import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BACKUP_ITEM_IDS, type BackupItemId } from '../../../shared/domain/backup.ts';
import lists from '../../ui/lists.module.css';

/** Why a backup goes on without an item, by item; blank is no reason. */
export type Reasons = Readonly<Partial<Record<BackupItemId, string>>>;

/** The reasons as the engine takes them. */
export function waiversIn(reasons: Reasons): { item: BackupItemId; reason: string }[] {
  const all = BACKUP_ITEM_IDS.map((item) => ({ item, reason: reasons[item]?.trim() ?? '' }));
  return all.filter(({ reason }) => reason !== '');
}

interface WaiversProps {
  readonly reasons: Reasons;
  readonly onReason: (item: BackupItemId, reason: string) => void;
}

/** Every item of a backup with what is in it, and a place for the reason to go on without it. */
export function Waivers({ reasons, onReason }: WaiversProps) {
  const { t } = useTranslation();
  return (
    <table className={lists['table']} aria-label={t('meter:take.items')}>
      <thead>
        <tr>
          <th scope="col">{t('meter:take.item')}</th>
          <th scope="col">{t('meter:take.what')}</th>
          <th scope="col">{t('meter:take.without')}</th>
        </tr>
      </thead>
      <tbody>
        {BACKUP_ITEM_IDS.map((item) => (
          <tr key={item}>
            <th scope="row">{t(`domain:item.${item}`)}</th>
            <td className="mw-quiet">{t(`meter:take.contents.${item}`)}</td>
            <td>
              <TextInput
                aria-label={t('meter:take.reasonFor', { item: t(`domain:item.${item}`) })}
                placeholder={t('meter:take.reason')}
                value={reasons[item] ?? ''}
                maxLength={1000}
                onChange={(event) => onReason(item, event.currentTarget.value)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
