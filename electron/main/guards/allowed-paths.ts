import { isAbsolute, relative, resolve } from 'node:path';

/** Paths that may be shown in the file manager: in the data folder, or chosen by a person in a dialog of ours. */
export interface AllowedPaths {
  setHome(home: string): void;
  chose(paths: readonly string[]): void;
  allows(path: string): boolean;
}

export function createAllowedPaths(): AllowedPaths {
  const roots = new Set<string>();
  return {
    setHome: (home) => void roots.add(resolve(home)),
    chose(paths) {
      for (const path of paths) roots.add(resolve(path));
    },
    allows: (path) => isAbsolute(path) && [...roots].some((root) => isInside(root, resolve(path))),
  };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way));
}
