import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import type { Screen } from '../screen.ts';

interface KeyboardMapProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly entries: readonly Screen[];
}

/** All keys that do something, in one list. */
export function KeyboardMap({ opened, onClose, entries }: KeyboardMapProps) {
  const { t } = useTranslation();
  const keys: readonly (readonly [string, string])[] = [
    [t('app:keys.mod', { key: 'K' }), t('app:palette.open')],
    ['F1', t('app:help.open')],
    ['?', t('app:keys.title')],
    ...entries.map(
      ({ labelKey }, index) =>
        [t('app:keys.mod', { key: index + 1 }), t('app:keys.goTo', { screen: t(labelKey) })] as const,
    ),
    [t('app:keys.arrows'), t('app:keys.rows')],
    [t('app:keys.enter'), t('app:keys.open')],
    [t('app:keys.space'), t('app:keys.select')],
    [t('app:keys.mod', { key: 'A' }), t('app:keys.selectAll')],
    ['/', t('app:keys.filter')],
    ['Esc', t('app:keys.close')],
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('app:keys.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <KeyValueList items={keys.map(([label, value]) => ({ label, value }))} />
    </Modal>
  );
}
