import { IconArrowUp } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

export const screen: Screen = {
  id: 'upgrade',
  icon: IconArrowUp,
  nav: false,
  labelKey: 'upgrade:title',
  helpKey: 'upgrade:help',
  component: later(() => import('./upgrade-screen.tsx').then((module) => module.UpgradeScreen)),
};
