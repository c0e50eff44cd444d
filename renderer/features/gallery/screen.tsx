import { IconPalette } from '@tabler/icons-react';
import { useInfo } from '../../app/frame/use-info.ts';
import { later } from '../../app/later.tsx';
import type { Screen } from '../../app/screen.ts';

const GalleryScreen = later(() => import('./gallery-screen.tsx').then((module) => module.GalleryScreen));

/** Every piece in every state, for the people who make this: not in the navigation, and not in a packaged program. */
export const screen: Screen = {
  id: 'gallery',
  icon: IconPalette,
  nav: false,
  labelKey: 'gallery:title',
  helpKey: 'gallery:help',
  component: Gallery,
};

function Gallery() {
  return useInfo()?.packaged === false ? <GalleryScreen /> : null;
}
