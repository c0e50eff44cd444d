import { IconBook2 } from '@tabler/icons-react';
import type { Screen } from '../../app/screen.ts';
import { HelpScreen } from './help-screen.tsx';

export const screen: Screen = {
  id: 'help',
  icon: IconBook2,
  nav: true,
  labelKey: 'help:title',
  helpKey: 'help:help',
  component: HelpScreen,
};
