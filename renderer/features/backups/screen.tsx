import { IconArchive } from '@tabler/icons-react';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

export const screen: Screen = {
  id: 'backups',
  icon: IconArchive,
  nav: true,
  labelKey: 'backups:title',
  helpKey: 'backups:help',
  component: later(() => import('./backups-screen.tsx').then((module) => module.BackupsScreen)),
};
