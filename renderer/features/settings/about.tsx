import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useInfo } from '../../app/frame/use-info.ts';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { Section } from '../../ui/page.tsx';
import { openFolder } from '../open-folder.ts';
import classes from '../upgrade/steps/package.module.css';
import own from './about.module.css';
import licences from './licences.json';

/** Which program this is, what it runs on, and under which licences its parts are. */
export function About() {
  const { t } = useTranslation();
  const info = useInfo();
  return (
    <Section title={t('settings:about')}>
      <Stack gap="sm">
        {info?.developmentRuntime === true && (
          <Text size="sm" fw={600}>
            {t('settings:developmentRuntime')}
          </Text>
        )}
        {info !== undefined && (
          <>
            <KeyValueList
              items={[
                { label: t('settings:version'), value: `Meterwright ${info.version}` },
                { label: t('settings:runtime'), value: `Electron ${info.electron}, Chromium ${info.chrome}` },
                { label: t('settings:platform'), value: info.platform },
                { label: t('settings:licence'), value: 'MIT' },
                { label: t('settings:diagnostics'), value: <span className="mw-mono">{info.diagnostics}</span> },
              ]}
            />
            <Group>
              <Button
                variant="default"
                aria-label={t('settings:openOf', { name: t('settings:diagnostics') })}
                onClick={() => void openFolder(info.diagnostics)}
              >
                {t('settings:open')}
              </Button>
            </Group>
          </>
        )}
        <Text size="sm">{t('settings:offline')}</Text>
        <details>
          <summary className={own['summary']}>{t('settings:licences')}</summary>
          <Text size="sm">{t('settings:licencesWhat')}</Text>
          <ScrollArea.Autosize
            mah={320}
            type="auto"
            viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('settings:licences') }}
          >
            <table className={classes['table']}>
              <thead>
                <tr>
                  <th scope="col">{t('settings:library')}</th>
                  <th scope="col">{t('settings:licence')}</th>
                </tr>
              </thead>
              <tbody>
                {licences.map(({ name, licence }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{licence}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea.Autosize>
        </details>
      </Stack>
    </Section>
  );
}
