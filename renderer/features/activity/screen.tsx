import { IconHistory } from '@tabler/icons-react';
import type { Screen } from '../../app/screen.ts';
import { ActivityScreen } from './activity-screen.tsx';

export const screen: Screen = {
  id: 'activity',
  icon: IconHistory,
  nav: true,
  labelKey: 'activity:title',
  helpKey: 'activity:help',
  component: ActivityScreen,
};
