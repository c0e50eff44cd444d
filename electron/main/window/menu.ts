import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '../../../shared/contract/shell/channels.ts';

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly packaged: boolean;
  readonly send: (action: MenuAction) => void;
}

/** The native menu. Tools for developers are only there when the application is not packed. */
export function menuTemplate({ platform, packaged, send }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const item = (label: string, action: MenuAction, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => send(action),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('Add a Meter…', 'add-meter', 'CmdOrCtrl+N'),
        item('Settings', 'settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Command Palette…', 'palette', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(packaged
          ? []
          : ([
              { type: 'separator' },
              { role: 'reload' },
              { role: 'toggleDevTools' },
            ] satisfies MenuItemConstructorOptions[])),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        // F1 belongs to the page: what it shows depends on the screen.
        item('Help for This Screen', 'help'),
        item('Vendor Resources', 'vendor-resources'),
        { type: 'separator' },
        item('About Meterwright', 'about'),
      ],
    },
  ];
}
