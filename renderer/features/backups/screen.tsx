import { IconArchive } from '@tabler/icons-react';
import type { Screen } from '../../app/screen.ts';
import { BackupsScreen } from './backups-screen.tsx';

export const screen: Screen = {
  id: 'backups',
  icon: IconArchive,
  nav: true,
  labelKey: 'backups:title',
  helpKey: 'backups:help',
  component: BackupsScreen,
};
