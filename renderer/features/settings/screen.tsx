import { IconSettings } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

export const screen: Screen = {
  id: 'settings',
  icon: IconSettings,
  nav: true,
  labelKey: 'settings:title',
  helpKey: 'settings:help',
  component: later(() => import('./settings-screen.tsx').then((module) => module.SettingsScreen)),
};
