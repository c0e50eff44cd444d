import { IconGauge } from '@tabler/icons-react';
import type { Screen } from '../../app/screen.ts';
import { MeterScreen } from './meter-screen.tsx';

/** One meter: `meter/<id>/overview`, `/backups`, `/history`. */
export const screen: Screen = {
  id: 'meter',
  icon: IconGauge,
  nav: false,
  labelKey: 'meter:title',
  helpKey: 'meter:help',
  component: MeterScreen,
};
