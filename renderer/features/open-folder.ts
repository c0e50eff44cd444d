import { notifications } from '@mantine/notifications';
import { getI18n } from 'react-i18next';

/** Shows a folder, or a file in its folder, in the file manager of this system; a refusal is said with its reason. */
export async function openFolder(path: string): Promise<void> {
  const opened = await window.meterwright.shell.openFolder(path);
  if (!opened.ok) {
    const { title, because } = opened.problem;
    notifications.show({
      title,
      message: because,
      color: 'red',
      autoClose: false,
      closeButtonProps: { 'aria-label': getI18n().t('ui:close') },
    });
  }
}
