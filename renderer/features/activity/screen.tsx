import { IconHistory } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

export const screen: Screen = {
  id: 'activity',
  icon: IconHistory,
  nav: true,
  labelKey: 'activity:title',
  helpKey: 'activity:help',
  component: later(() => import('./activity-screen.tsx').then((module) => module.ActivityScreen)),
};
