import type { UpgradeTarget } from '../../shared/domain/job.ts';
import type { UpgradePlan } from './machine.ts';

/** Folders of a meter's SFTP server. All but `firmwareUpg` are documented (SFTP FAQ FA382833); that one only simulated meters have. */
const FOLDERS: Readonly<Record<UpgradeTarget, string>> = {
  main: 'firmwareUpg',
  'option-module': 'optionModuleUpg',
  'remote-display': 'rmdUpg',
  'web-pages': 'web',
  cid: 'IEC61850',
};

/** Folder on the meter into which the file of a plan goes; web pages may name a subfolder. */
export function folderOf(plan: Pick<UpgradePlan, 'target' | 'folder'>): string {
  const root = FOLDERS[plan.target];
  return plan.folder === '' ? root : `${root}/${plan.folder}`;
}

/** Path on the meter of the file of a plan. */
export function remotePath(plan: Pick<UpgradePlan, 'target' | 'folder' | 'image'>): string {
  return `${folderOf(plan)}/${plan.image.name}`;
}
