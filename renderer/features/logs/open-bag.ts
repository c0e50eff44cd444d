import { navigate } from '../../app/router.ts';

/** Shows the logs of a backup folder. */
export function showBag(path: string): void {
  navigate('logs', 'bag', path);
}

/** Lets a person choose a backup folder and shows its logs; nothing happens when they change their mind. */
export async function openBag(): Promise<void> {
  const path = await window.meterwright.shell.pickFolder();
  if (path !== null) showBag(path);
}
