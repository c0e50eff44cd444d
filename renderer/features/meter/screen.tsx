import { IconGauge } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

/** One meter: `meter/<id>/overview`, `/backups`, `/configure/<area>`, `/logs`, `/history`. */
export const screen: Screen = {
  id: 'meter',
  icon: IconGauge,
  nav: false,
  labelKey: 'meter:title',
  helpKey: 'meter:help',
  component: later(() => import('./meter-screen.tsx').then((module) => module.MeterScreen)),
};
