import './no-window.ts';
import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import type { ListedMeter } from '../../shared/contract/views.ts';
import { App } from '../app/app.tsx';
import { useMeters } from '../app/feeds/meters-store.ts';
import { cssVariables, theme } from '../app/look/theme.ts';
import { usePreferences } from '../app/preferences.ts';
import { ROOM_FOR_TREE } from '../features/meters/sites/sites.ts';
import type { Language } from '../i18n/languages.ts';
import { startI18n } from '../i18n/start.ts';
import type { Frames } from './frames.ts';

/** A list has its frame when there is anything in it. */
const SOMEBODY: ListedMeter = {
  id: '',
  address: { host: '', ports: { modbus: 1, sftp: 1, dlms: 1, bacnet: 1 }, unit: 1, timeoutMs: 1_000 },
  site: '',
  note: '',
  addedAt: '2026-01-01T00:00:00.000Z',
  lastSeen: null,
  identity: null,
  clockOffsetSeconds: null,
  advisories: [],
};

/** Renders the frames of a language, when the program is built: the page with a list that has no rows yet. */
export async function framesOf(language: Language): Promise<Frames> {
  const texts = await startI18n(language);
  const render = (site: string, room: boolean, siteTree: boolean): string => {
    // What a page has that was never in a window: the stores as they were made.
    Object.assign(useMeters.getInitialState(), { meters: [{ ...SOMEBODY, site }] });
    Object.assign(usePreferences.getInitialState(), { siteTree });
    Object.assign(window, { matchMedia: (query: string) => ({ matches: room && query === ROOM_FOR_TREE }) });
    return renderToStaticMarkup(<App texts={texts} />);
  };
  return {
    plain: render('', true, true),
    narrow: render('A', false, true),
    tree: render('A', true, true),
    folded: render('A', true, false),
  };
}

/** The variables of the theme as a style sheet: worked out when the program is built, and not at each start. */
export function themeCss(): string {
  const styles = renderToStaticMarkup(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} withGlobalClasses={false} />,
  );
  return styles.replace(/<\/?style[^>]*>/gu, '');
}
