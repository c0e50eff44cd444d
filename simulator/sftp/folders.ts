/** The folders at the root of the meter's file system. */
export const FOLDERS = [
  'COMTRADE',
  'IEC61850',
  'documents',
  'web',
  'optionModuleUpg',
  'rmdUpg',
  'firmwareUpg',
] as const;
export type FolderName = (typeof FOLDERS)[number];

interface FolderRights {
  /** Names that may be written. */
  readonly write: RegExp | undefined;
  /** Names that a written file may be renamed to. */
  readonly complete: RegExp | undefined;
  /** Whether a rename may put a file in the place of another. */
  readonly replace: boolean;
  readonly remove: RegExp | undefined;
}

const ANY = /^/;
const PART = /\.part$/;
const IMAGE = /\.upx$/;

/**
 * Who may do what: COMTRADE is read only, documents is the user's, IEC61850 and web take and replace files, the upgrade folders take images.
 * Unfinished uploads (`.part`) may be removed wherever they may be written. Source: vendor's list of folders; the rules for `.part` and `firmwareUpg`
 * are those of simulated meters.
 */
export const RIGHTS: Readonly<Record<FolderName, FolderRights>> = {
  COMTRADE: { write: undefined, complete: undefined, replace: false, remove: undefined },
  IEC61850: { write: ANY, complete: ANY, replace: true, remove: PART },
  documents: { write: ANY, complete: ANY, replace: true, remove: ANY },
  web: { write: ANY, complete: ANY, replace: true, remove: PART },
  optionModuleUpg: { write: /\.upx(?:\.part)?$/, complete: IMAGE, replace: true, remove: PART },
  rmdUpg: { write: /\.upx(?:\.part)?$/, complete: IMAGE, replace: true, remove: PART },
  firmwareUpg: { write: /\.upx\.part$/, complete: IMAGE, replace: false, remove: /\.upx(?:\.part)?$/ },
};

/** Names in `firmwareUpg` that are not files: the status the meter gives, and the order to apply. */
export const STATUS_NAME = 'STATUS.JSON';
export const APPLY_NAME = 'APPLY';

export function isFolder(name: string): name is FolderName {
  return FOLDERS.some((folder) => folder === name);
}
