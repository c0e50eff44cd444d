import { Button, Menu } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface RemoveMenuProps {
  /** How many meters are selected. */
  readonly count: number;
  readonly onRemove: () => void;
}

/** Takes the selected meters out of the list after a second click. */
export function RemoveMenu({ count, onRemove }: RemoveMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" leftSection={<IconTrash size={14} />}>
          {t('meters:remove.open')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('meters:remove.what')}</Menu.Label>
        <Menu.Item onClick={onRemove}>{t('meters:remove.sure', { count })}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
