import { IconAdjustments } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

/** A template for the meters that are selected in the list: `configure`. The settings of one meter are a tab of its page. */
export const screen: Screen = {
  id: 'configure',
  icon: IconAdjustments,
  nav: false,
  labelKey: 'configure:many.title',
  helpKey: 'configure:help',
  component: later(() => import('./many/screen.tsx').then((module) => module.ManyScreen)),
};
