import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { getI18n, useTranslation } from 'react-i18next';
import type { VendorPage } from '../../../shared/contract/shell/shell.ts';
import type { ResourceFound, ResourceId } from '../../../shared/contract/views.ts';
import { setVendorFolder, usePreferences } from '../../app/preferences.ts';
import { engine } from '../../engine/client.ts';
import { Chip } from '../../ui/chips/chip.tsx';
import { Page } from '../../ui/page.tsx';
import { ask, BUSY, type Load, loaded } from '../ask.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import classes from '../upgrade/steps/package.module.css';

/** What to have on the laptop before going on site, after the list at the end of the 4.6.0 release notes. */
const RESOURCES: readonly { readonly id: Exclude<ResourceId, 'map'>; readonly page: VendorPage }[] = [
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
  const [here, setHere] = useState<Load<readonly ResourceFound[]>>(BUSY);
  const folder = usePreferences((state) => state.vendorFolder);
  useEffect(() => {
    const stop = new AbortController();
    setHere(BUSY);
    void ask(() => engine.resources.here({ folder: folder === '' ? null : folder }, { signal: stop.signal })).then(
      (found) => {
        if (!stop.signal.aborted) setHere(loaded(found));
      },
    );
    return () => stop.abort();
  }, [folder]);
  return (
    <Page title={t('help:title')}>
      <Stack gap="md">
        <Text size="sm">{t('help:intro')}</Text>
        <Group gap="sm">
          <Button variant="default" onClick={() => void chooseFolder()}>
            {t(folder === '' ? 'help:folderChoose' : 'help:folderOther')}
          </Button>
          <Text size="sm" className={folder === '' ? 'mw-quiet' : 'mw-mono'}>
            {folder === '' ? t('help:folderWhat') : folder}
          </Text>
        </Group>
        {here.state === 'failed' && <ProblemView problem={here.problem} />}
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
                      <Here here={here} id={id} />
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
          {t('help:howFound')}
        </Text>
      </Stack>
    </Page>
  );
}

/** What was found of one thing, with where it was found. Nothing found is not the same as not there: it may have another name. */
function Here({ here, id }: { readonly here: Load<readonly ResourceFound[]>; readonly id: ResourceId }) {
  const { t } = useTranslation();
  if (here.state === 'failed') return <Chip tone="neutral">{t('help:states.cannotTell')}</Chip>;
  if (here.state !== 'ready') return <Chip tone="neutral">{t('help:checking')}</Chip>;
  const found = here.value.filter((one) => one.id === id);
  const maps = id === 'package' ? here.value.filter((one) => one.id === 'map') : [];
  return (
    <Stack gap={2}>
      {found.length === 0 && (
        <span>
          <Chip tone="neutral">{t('help:states.no')}</Chip>
        </span>
      )}
      {found.slice(0, MAX_SHOWN).map(({ name, where }) => (
        <span key={`${where} ${name}`}>
          <Chip tone="ok">{name}</Chip> <span className="mw-quiet">{t(`help:where.${where}`)}</span>
        </span>
      ))}
      {found.length > MAX_SHOWN && (
        <span className="mw-quiet">{t('help:states.more', { count: found.length - MAX_SHOWN })}</span>
      )}
      {maps.length > 0 && (
        <span className="mw-quiet">{t('help:maps', { versions: maps.map(({ name }) => name).join(', ') })}</span>
      )}
    </Stack>
  );
}

/** More is a heap, not an answer. */
const MAX_SHOWN = 3;

async function chooseFolder(): Promise<void> {
  const folder = await window.meterwright.shell.pickFolder();
  if (folder !== null) setVendorFolder(folder);
}

async function openPage(page: VendorPage, opened: string): Promise<void> {
  const done = await window.meterwright.shell.openVendorPage(page);
  const closeButtonProps = { 'aria-label': getI18n().t('ui:close') };
  if (done.ok) return void notifications.show({ message: opened, closeButtonProps });
  const { title, because } = done.problem;
  notifications.show({ title, message: because, color: 'red', autoClose: false, closeButtonProps });
}
