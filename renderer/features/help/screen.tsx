import { IconBook2 } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

export const screen: Screen = {
  id: 'help',
  icon: IconBook2,
  nav: true,
  labelKey: 'help:title',
  helpKey: 'help:help',
  component: later(() => import('./help-screen.tsx').then((module) => module.HelpScreen)),
};
