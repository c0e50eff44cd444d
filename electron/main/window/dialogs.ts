import type { FileFilter } from 'electron';
import type { FileKind, SaveKind } from '../../../shared/contract/shell/shell.ts';

/** Title and filters of the dialog for a kind of file. */
export const OPEN_DIALOGS: Readonly<Record<FileKind, { readonly title: string; readonly filters: FileFilter[] }>> = {
  package: {
    title: 'Firmware package',
    filters: [
      { name: 'Firmware package', extensions: ['zip', 'upx'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  attachment: { title: 'Files to keep with the backup', filters: [{ name: 'All files', extensions: ['*'] }] },
  'meters-csv': { title: 'List of meters', filters: [{ name: 'CSV', extensions: ['csv'] }] },
  'ion-setup': { title: 'ION Setup', filters: [{ name: 'Program', extensions: ['exe'] }] },
  'web-page': { title: 'Web page file', filters: [{ name: 'All files', extensions: ['*'] }] },
  cid: { title: 'IEC 61850 configuration', filters: [{ name: 'CID', extensions: ['cid', 'xml'] }] },
  'modbus-map': { title: 'Modbus map of the firmware package', filters: [{ name: 'Workbook', extensions: ['xlsx'] }] },
  plan: { title: 'Plan of settings', filters: [{ name: 'Plan', extensions: ['json', 'yaml', 'yml'] }] },
  'sealed-passwords': { title: 'Sealed passwords', filters: [{ name: 'Sealed file', extensions: ['json'] }] },
};

export const SAVE_FILTERS: Readonly<Record<SaveKind, FileFilter[]>> = {
  html: [{ name: 'HTML', extensions: ['html'] }],
  pdf: [{ name: 'PDF', extensions: ['pdf'] }],
  json: [{ name: 'JSON', extensions: ['json'] }],
  csv: [{ name: 'CSV', extensions: ['csv'] }],
  yaml: [{ name: 'YAML', extensions: ['yaml', 'yml'] }],
};
