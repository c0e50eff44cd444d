import { IconList } from '@tabler/icons-react';
import type { Screen } from '../../app/screen.ts';
import { MetersScreen } from './meters-screen.tsx';

/** The list of meters: home. */
export const screen: Screen = {
  id: 'meters',
  icon: IconList,
  nav: true,
  labelKey: 'meters:title',
  helpKey: 'meters:help',
  component: MetersScreen,
};
