import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { getI18n, useTranslation } from 'react-i18next';
import type { VendorPage } from '../../../shared/contract/shell.ts';
import type { ArchivedPackage } from '../../../shared/contract/views.ts';
import { engine } from '../../engine/client.ts';
import { Chip } from '../../ui/chip.tsx';
import { Page } from '../../ui/page.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import classes from '../upgrade/package.module.css';
import { ProblemView } from '../upgrade/problem-view.tsx';

/** What to have on the laptop before going on site, after the list at the end of the 4.6.0 release notes. */
const RESOURCES: readonly { readonly id: string; readonly page: VendorPage }[] = [
  { id: 'package', page: 'meter-downloads' },
  { id: 'template', page: 'meter-downloads' },
  { id: 'ionSetup', page: 'ion-setup' },
  { id: 'technicalNote', page: 'meter-documents' },
  { id: 'pics', page: 'meter-documents' },
  { id: 'userManual', page: 'meter-documents' },
  { id: 'security', page: 'security-notifications' },
];

/** What the vendor offers, what each thing is for, and what of it is on this laptop. */
export function HelpScreen() {
  const { t } = useTranslation();
  const [archive, setArchive] = useState<Load<readonly ArchivedPackage[]>>(BUSY);
  useEffect(() => {
    const stop = new AbortController();
    void ask(() => engine.packages.archived(undefined, { signal: stop.signal })).then((found) => {
      if (!stop.signal.aborted) setArchive(loaded(found));
    });
    return () => stop.abort();
  }, []);
  return (
    <Page title={t('help:title')}>
      <Stack gap="md">
        <Text size="sm">{t('help:intro')}</Text>
        {archive.state === 'failed' && <ProblemView problem={archive.problem} />}
        <div className={classes['wrap']}>
          <table className={classes['table']} aria-label={t('help:title')}>
            <thead>
              <tr>
                <th scope="col">{t('help:what')}</th>
                <th scope="col">{t('help:why')}</th>
                <th scope="col">{t('help:here')}</th>
                <th scope="col">{t('help:get')}</th>
              </tr>
            </thead>
            <tbody>
              {RESOURCES.map(({ id, page }) => {
                const name = t(`help:resources.${id}.name`);
                return (
                  <tr key={id}>
                    <th scope="row">{name}</th>
                    <td>{t(`help:resources.${id}.why`)}</td>
                    <td>
                      {id === 'package' ? (
                        <Here archive={archive} />
                      ) : (
                        <Chip tone="neutral">{t('help:states.cannotTell')}</Chip>
                      )}
                    </td>
                    <td>
                      <Button
                        variant="default"
                        aria-label={t('help:openPageOf', { name })}
                        onClick={() => void openPage(page, t('help:opened'))}
                      >
                        {t('help:openPage')}
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <Text size="sm" className="mw-quiet">
          {t('help:cannotTellWhy')}
        </Text>
      </Stack>
    </Page>
  );
}

function Here({ archive }: { readonly archive: Load<readonly ArchivedPackage[]> }) {
  const { t } = useTranslation();
  if (archive.state !== 'ready') return <Chip tone="neutral">{t('help:checking')}</Chip>;
  const [first, ...more] = archive.value;
  if (first === undefined) return <Chip tone="neutral">{t('help:states.no')}</Chip>;
  const { name } = first;
  return (
    <Chip tone="ok" title={archive.value.map((one) => one.name).join('\n')}>
      {more.length === 0 ? t('help:states.yes', { name }) : t('help:states.yesMore', { name, count: more.length })}
    </Chip>
  );
}

async function openPage(page: VendorPage, opened: string): Promise<void> {
  const done = await window.meterwright.shell.openVendorPage(page);
  const closeButtonProps = { 'aria-label': getI18n().t('ui:close') };
  if (done.ok) return void notifications.show({ message: opened, closeButtonProps });
  const { title, because } = done.problem;
  notifications.show({ title, message: because, color: 'red', autoClose: false, closeButtonProps });
}
