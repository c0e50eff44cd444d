/** A room of the house: a folder, named by its path from the root. `assets` and `package.json` are data that code may read. */
export type Room = string;

const PROTOCOLS = ['modbus', 'bacnet', 'dlms', 'sftp', 'zip'].map((name) => `electron/protocols/${name}`);
const ABOUT = ['assets', 'package.json'];
const METER = ['electron/meter', ...PROTOCOLS];
const MEANS = ['electron/backup', 'electron/firmware', 'electron/inventory', 'electron/laptop', ...METER];
const JOBS = ['electron/upgrade', 'electron/configure', 'electron/fleet', 'electron/report'];
const SHARED = ['shared/domain', 'shared/contract'];

/**
 * The arrows: each room, and the rooms that its files may import besides their own. A room that is not here does not exist,
 * so a new folder has to be entered. `shared/contract` is for rooms that stand at a boundary: they read files that a user or a
 * crash may have changed, or messages from another process.
 */
export const arrows: Readonly<Record<Room, readonly Room[]>> = {
  'shared/domain': [],
  'shared/contract': ['shared/domain'],
  simulator: ['shared/domain'],
  renderer: SHARED,
  ...Object.fromEntries(PROTOCOLS.map((room) => [room, ['shared/domain']])),
  'electron/meter': [...PROTOCOLS, 'shared/domain', ...ABOUT],
  'electron/laptop': [...METER, 'shared/domain', ...ABOUT],
  'electron/inventory': [...METER, ...SHARED, ...ABOUT],
  'electron/firmware': [...METER, ...SHARED, ...ABOUT],
  'electron/backup': ['electron/inventory', ...METER, ...SHARED, ...ABOUT],
  'electron/upgrade': [...MEANS, ...SHARED, ...ABOUT],
  'electron/configure': [...MEANS, ...SHARED, ...ABOUT],
  'electron/report': ['electron/upgrade', 'electron/configure', ...MEANS, ...SHARED, ...ABOUT],
  'electron/fleet': ['electron/upgrade', 'electron/configure', 'electron/report', ...MEANS, ...SHARED, ...ABOUT],
  'electron/services': [...JOBS, ...MEANS, ...SHARED, ...ABOUT, 'simulator'],
  'electron/engine': ['electron/services', ...JOBS, ...MEANS, ...SHARED, ...ABOUT, 'simulator'],
  'electron/cli': ['electron/services', ...JOBS, ...MEANS, ...SHARED, ...ABOUT, 'simulator'],
  'electron/preload': SHARED,
  // Of these the list of meters alone: the first document of the page has it.
  'electron/main': ['electron/inventory', ...METER, ...SHARED, ...ABOUT],
};

/** Packages with an effect of their own, and the only folders or files that may import them. */
export const packageHomes: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron/main', 'electron/preload'],
  'modbus-serial': ['electron/protocols/modbus'],
  serialport: ['electron/protocols/modbus', 'electron/protocols/dlms'],
  ssh2: ['electron/protocols/sftp', 'simulator/sftp'],
  bacstack: ['electron/protocols/bacnet'],
  libsql: ['electron/inventory'],
  yauzl: ['electron/protocols/zip'],
  'read-excel-file': ['electron/meter/site-map/workbook.ts'],
  resedit: ['electron/laptop'],
  commander: ['electron/cli'],
  'cli-progress': ['electron/cli'],
  react: ['renderer'],
  'react-dom': ['renderer'],
};

/** Rooms that may use only these packages, and none of Node's own modules. */
export const packageLists: Readonly<Record<Room, readonly string[]>> = {
  'shared/domain': [],
  'shared/contract': ['zod', '@orpc/contract'],
};

/** Rooms that run where Node's own modules do not exist or must not be used. */
export const withoutNode: readonly Room[] = ['shared/domain', 'shared/contract', 'renderer'];
