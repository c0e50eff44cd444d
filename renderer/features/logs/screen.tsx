import { IconChartLine } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

/** Logs of a backup folder, without a meter: `logs/bag/<path>`; without a path a place to open one. */
export const screen: Screen = {
  id: 'logs',
  icon: IconChartLine,
  nav: false,
  labelKey: 'logs:title',
  helpKey: 'logs:help',
  component: later(() => import('./bag-screen.tsx').then((module) => module.BagScreen)),
};
