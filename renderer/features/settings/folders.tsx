import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useInfo } from '../../app/frame/use-info.ts';
import { Section } from '../../ui/page.tsx';
import { openFolder } from '../open-folder.ts';

/** Where everything of this program lies. */
export function Folders() {
  const { t } = useTranslation();
  const info = useInfo();
  return (
    <Section title={t('settings:folders')}>
      <Stack gap="xs">
        <Text size="sm">{t('settings:homeWhat')}</Text>
        {info !== undefined && (
          <Group gap="sm">
            <Text size="sm" className="mw-mono">
              {info.home}
            </Text>
            <Button
              variant="default"
              aria-label={t('settings:openOf', { name: t('settings:home') })}
              onClick={() => void openFolder(info.home)}
            >
              {t('settings:open')}
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}
