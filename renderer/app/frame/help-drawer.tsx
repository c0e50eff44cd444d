import { Button, Drawer, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { navigate } from '../router.ts';
import type { Screen } from '../screen.ts';
import { screens } from '../screens.ts';

interface HelpDrawerProps {
  readonly screen: Screen | undefined;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onKeys: () => void;
}

/** What this screen is for and how it is used. */
export function HelpDrawer({ screen, opened, onClose, onKeys }: HelpDrawerProps) {
  const { t } = useTranslation();
  const told: unknown = screen === undefined ? [] : t(screen.helpKey, { returnObjects: true });
  const paragraphs = Array.isArray(told) ? told.map(String) : [String(told)];
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={screen === undefined ? t('app:help.open') : t('app:help.title', { screen: t(screen.labelKey) })}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <Group gap="xs">
        <Button
          variant="default"
          onClick={() => {
            onClose();
            onKeys();
          }}
        >
          {t('app:keys.title')}
        </Button>
        {screens.some(({ id }) => id === 'help') && (
          <Button
            variant="default"
            onClick={() => {
              onClose();
              navigate('help');
            }}
          >
            {t('app:help.vendor')}
          </Button>
        )}
      </Group>
    </Drawer>
  );
}
