import { IconSettings } from '@tabler/icons-react';
import type { Screen } from '../../app/screen.ts';
import { SettingsScreen } from './settings-screen.tsx';

export const screen: Screen = {
  id: 'settings',
  icon: IconSettings,
  nav: true,
  labelKey: 'settings:title',
  helpKey: 'settings:help',
  component: SettingsScreen,
};
