import { useMediaQuery } from '@mantine/hooks';
import { IconAlertTriangle, IconBolt, IconCommand, IconHelp } from '@tabler/icons-react';
import { memo, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useJobs } from '../feeds/jobs-store.ts';
import { useMeters } from '../feeds/meters-store.ts';
import { later, loadTheRest, Opened } from '../later.tsx';
import { useShellTheme } from '../look/use-theme.ts';
import { hashOf, navigate, useRoute } from '../router.ts';
import type { Screen, ScreenProps } from '../screen.ts';
import { screens } from '../screens.ts';
import { EngineBanner } from './engine-banner.tsx';
import classes from './frame.module.css';
import { JobStrip } from './job-strip.tsx';
import { openPalette, usePaletteAsked } from './open-palette.ts';
import { useDroppedFolder } from './use-dropped-folder.ts';
import { useInfo } from './use-info.ts';
import { useKeys } from './use-keys.ts';
import { useTitle } from './use-title.ts';

const Palette = later(() => import('./palette.tsx').then((module) => module.Palette));
const HelpDrawer = later(() => import('./help-drawer.tsx').then((module) => module.HelpDrawer));
const KeyboardMap = later(() => import('./keyboard-map.tsx').then((module) => module.KeyboardMap));
const JobNotices = later(() => import('./job-notices.tsx').then((module) => module.JobNotices));

/** Screens without an entry of their own, and the entry that they belong to. */
const PARENTS: Readonly<Record<string, string>> = { meter: 'meters', logs: 'backups' };

/** The frame around every screen: navigation, the state of the engine and of running jobs, palette, help and keys. */
export function Frame() {
  const { t } = useTranslation();
  const route = useRoute();
  const info = useInfo();
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useState(false);
  const main = useRef<HTMLElement>(null);
  const shown = screens.find(({ id }) => id === route.screen);
  const entries = screens.filter(({ nav }) => nav);
  const here = PARENTS[route.screen] ?? route.screen;
  const jobsKnown = useJobs((state) => state.known);
  const metersKnown = useMeters((state) => state.known);
  const loaded = jobsKnown && metersKnown;
  const [whole, setWhole] = useState(false);
  const palette = usePaletteAsked((state) => state.asked);
  // The width at which the styles leave the words out.
  const signsOnly = useMediaQuery('(max-width: 760px)');

  useShellTheme();
  useDroppedFolder();
  useTitle(shown === undefined ? '' : t(shown.labelKey));
  useKeys({ onHelp: () => setHelp(true), onKeys: () => setKeys(true), screens: entries.map(({ id }) => id) });
  useMenu({ onHelp: () => setHelp(true) });
  useEffect(() => {
    if (!loaded) return;
    document.documentElement.dataset['appState'] = 'loaded';
    loadTheRest()
      .then(() => setWhole(true))
      .catch((thrown: unknown) => console.error('A part of the page did not load.', thrown));
  }, [loaded]);

  const first = useRef(true);
  useEffect(() => {
    // Somebody who cannot see the screen change has to be brought to the new one. Not on the first screen: nothing changed yet.
    if (!first.current && route.screen !== '') main.current?.focus();
    first.current = false;
  }, [route.screen]);

  return (
    <div className={classes['frame']}>
      <button type="button" className={classes['skip']} onClick={() => main.current?.focus()}>
        {t('app:skip')}
      </button>
      <nav className={classes['nav']} aria-label={t('app:navigation')}>
        <div className={classes['brand']}>
          <IconBolt size={18} aria-hidden="true" />
          <span className={classes['word']}>{t('app:name')}</span>
        </div>
        {info?.developmentRuntime === true && (
          <a className={classes['runtime']} href={hashOf('settings', 'about')} title={t('settings:developmentRuntime')}>
            <IconAlertTriangle size={17} className={classes['sign']} aria-hidden="true" />
            <span className={classes['word']}>{t('app:developmentRuntime')}</span>
          </a>
        )}
        {entries.map(({ id, icon: Icon, labelKey }) => (
          <a
            key={id}
            href={hashOf(id)}
            className={classes['entry']}
            aria-current={here === id ? 'page' : undefined}
            title={signsOnly ? t(labelKey) : undefined}
          >
            <Icon size={17} stroke={1.75} />
            <span className={classes['word']}>{t(labelKey)}</span>
          </a>
        ))}
        <JobStrip />
        <div className={classes['foot']}>
          <button
            type="button"
            className={classes['entry']}
            onClick={openPalette}
            title={signsOnly ? t('app:palette.open') : undefined}
          >
            <IconCommand size={17} className={classes['sign']} aria-hidden="true" />
            <span className={classes['word']}>{t('app:palette.open')}</span>
            <kbd>{isMac() ? '⌘K' : 'Ctrl K'}</kbd>
          </button>
          <button
            type="button"
            className={classes['entry']}
            onClick={() => setHelp(true)}
            title={signsOnly ? t('app:help.open') : undefined}
          >
            <IconHelp size={17} className={classes['sign']} aria-hidden="true" />
            <span className={classes['word']}>{t('app:help.open')}</span>
            <kbd>F1</kbd>
          </button>
        </div>
      </nav>
      <main id="main" ref={main} tabIndex={-1} className={classes['main']}>
        <EngineBanner />
        <div className={classes['screen']}>
          <Suspense>
            {shown === undefined ? (
              <EmptyState title={t('app:nowhere.title')} text={t('app:nowhere.text')} />
            ) : (
              <Shown screen={shown} rest={route.rest} />
            )}
          </Suspense>
        </div>
      </main>
      <Opened opened={palette}>
        <Palette onHelp={() => setHelp(true)} onKeys={() => setKeys(true)} />
      </Opened>
      <Opened opened={help}>
        <HelpDrawer screen={shown} opened={help} onClose={() => setHelp(false)} onKeys={() => setKeys(true)} />
      </Opened>
      <Opened opened={keys}>
        <KeyboardMap opened={keys} onClose={() => setKeys(false)} entries={entries} />
      </Opened>
      <Opened opened={whole}>
        <JobNotices />
      </Opened>
    </div>
  );
}

/** The screen is not rendered again whenever something in the frame changes. */
const Shown = memo(function Shown({ screen: { component: Component }, rest }: { screen: Screen } & ScreenProps) {
  return <Component rest={rest} />;
});

/** True on a Mac, where the command key stands for Ctrl. */
function isMac(): boolean {
  return navigator.userAgent.includes('Mac OS');
}

/** What the native menu asks for. */
function useMenu({ onHelp }: { readonly onHelp: () => void }): void {
  const help = useRef(onHelp);
  help.current = onHelp;
  useEffect(
    () =>
      window.meterwright.shell.onMenu((action) => {
        if (action === 'palette') openPalette();
        else if (action === 'help') help.current();
        else if (action === 'vendor-resources') navigate('help');
        else if (action === 'about') navigate('settings', 'about');
        else if (action === 'settings') navigate('settings');
        else navigate('meters', 'add');
      }),
    [],
  );
}
