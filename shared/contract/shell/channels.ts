/** Names of everything that crosses between shell and page; apart from the schemas, because the preload has no use for those. */
export const SHELL_CALLS = [
  'pickFile',
  'pickFiles',
  'pickFolder',
  'pickSaveFile',
  'copyText',
  'openFolder',
  'openVendorPage',
  'setTheme',
  'engineState',
  'connectEngine',
  'restartEngine',
  'info',
] as const;
export type ShellCall = (typeof SHELL_CALLS)[number];

/** The channel of a call; nothing else is listened to. */
export function shellChannel(call: ShellCall): string {
  return `shell:${call}`;
}

/** Events from the shell to the page. */
export const ENGINE_STATE_CHANNEL = 'shell:engine-state';
export const MENU_CHANNEL = 'shell:menu';
/** The message that carries the port to the engine, from the shell to the preload and from there to the page. */
export const ENGINE_PORT = 'engine-port';

/** What the native menu asks the page to do. */
export type MenuAction = 'palette' | 'help' | 'vendor-resources' | 'settings' | 'about' | 'add-meter';

/** What a call answers: never an exception across the border. `refused` means a defect of ours or a page that is not ours. */
export type ShellAnswer =
  | { readonly answered: true; readonly value: unknown }
  | { readonly answered: false; readonly refused: 'sender' | 'input' | 'failure'; readonly because: string };

export const THEMES = ['light', 'dark', 'system'] as const;
export type Theme = (typeof THEMES)[number];
