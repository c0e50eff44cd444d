import { IconPalette } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Screen } from '../../app/screen.ts';

const GalleryScreen = lazy(() => import('./gallery-screen.tsx').then((module) => ({ default: module.GalleryScreen })));

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
  const [packaged, setPackaged] = useState(true);
  useEffect(() => {
    void window.meterwright.shell.info().then((info) => setPackaged(info.packaged));
  }, []);
  return packaged ? null : (
    <Suspense>
      <GalleryScreen />
    </Suspense>
  );
}
