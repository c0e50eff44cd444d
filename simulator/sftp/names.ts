const LONGEST_NAME = 68;
/** Names that Windows keeps for devices; a simulated meter on Windows must be able to store them too. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether the meter takes a file name: 1..68 printable ASCII characters without blanks, quotation marks and \ / * ? < >. Source: vendor's description
 * of the meter's file transfer (2017 manual).
 */
export function isAllowedName(name: string): boolean {
  return name.length <= LONGEST_NAME && /^[!-~]+$/.test(name) && !/['"\\/*?<>]/.test(name) && !/^\.+$/.test(name);
}

/** The name under which a file is stored on the host: what a host's file system may not like becomes %XX. */
export function toStoredName(name: string): string {
  const stored = name.replace(/[^A-Za-z0-9._-]/g, percent).replace(/\.$/, percent);
  return DEVICE_NAME.test(stored) ? `${percent(stored.charAt(0))}${stored.slice(1)}` : stored;
}

/** The opposite of {@link toStoredName}; undefined for a file that the meter did not store. */
export function fromStoredName(stored: string): string | undefined {
  const name = stored.replace(/%([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return isAllowedName(name) && toStoredName(name) === stored ? name : undefined;
}

/**
 * Names of a path from the root, "." and ".." resolved: "/documents/a.txt" -> ["documents", "a.txt"]. Relative paths start at the root.
 */
export function splitPath(path: string): readonly string[] {
  const names: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') names.pop();
    else if (part !== '' && part !== '.') names.push(part);
  }
  return names;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
