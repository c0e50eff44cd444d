import {
  IconAlertTriangle,
  IconArrowUp,
  IconCheck,
  IconFlask,
  IconHelp,
  IconShieldX,
  IconX,
} from '@tabler/icons-react';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { CHIP_ICONS } from '../../../renderer/ui/chips/icons.ts';

const ORIGINALS = {
  'alert-triangle': IconAlertTriangle,
  'arrow-up': IconArrowUp,
  check: IconCheck,
  flask: IconFlask,
  help: IconHelp,
  'shield-x': IconShieldX,
  x: IconX,
} as const;

it('the icons of the chips are those of Tabler, each drawn in one go', () => {
  expect(Object.keys(CHIP_ICONS).sort()).toEqual(Object.keys(ORIGINALS).sort());
  for (const [name, original] of Object.entries(ORIGINALS)) {
    const drawn = [...renderToStaticMarkup(createElement(original)).matchAll(/<path d="([^"]+)"/g)];
    expect(drawn.length, name).toBeGreaterThan(0);
    expect(CHIP_ICONS[name as keyof typeof CHIP_ICONS], name).toBe(drawn.map(([, path]) => path).join(''));
  }
});
