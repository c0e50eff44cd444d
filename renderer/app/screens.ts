import { screen as activity } from '../features/activity/screen.tsx';
import { screen as backups } from '../features/backups/screen.tsx';
import { screen as configure } from '../features/configure/screen.tsx';
import { screen as gallery } from '../features/gallery/screen.tsx';
import { screen as help } from '../features/help/screen.tsx';
import { screen as logs } from '../features/logs/screen.tsx';
import { screen as meter } from '../features/meter/screen.tsx';
import { screen as meters } from '../features/meters/screen.tsx';
import { screen as settings } from '../features/settings/screen.tsx';
import { screen as upgrade } from '../features/upgrade/screen.tsx';
import type { Screen } from './screen.ts';

/** Every screen that exists, in the order of the navigation. */
export const screens: readonly Screen[] = [
  meters,
  meter,
  upgrade,
  backups,
  configure,
  logs,
  activity,
  help,
  settings,
  gallery,
];
