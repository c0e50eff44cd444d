/** The longest member name that is taken, in characters: MAX_PATH of Windows, which the vendor's own tools live with. */
const MAX_NAME_LENGTH = 260;
/** Deepest folder nesting of a member name; packages are flat or one to three folders deep. */
const MAX_NAME_DEPTH = 16;

/**
 * Why a member name must not be used, or null when it is harmless: relative, forward slashes, no `.` or `..`, no drive or stream
 * (`:`), no control or text-direction characters, bounded. A trailing slash (a folder) is allowed.
 */
export function unsafeNameReason(name: string): string | null {
  if (name === '') return 'the name is empty';
  if (name.length > MAX_NAME_LENGTH) return `the name has ${name.length} characters, more than ${MAX_NAME_LENGTH}`;
  if (hasHiddenCharacter(name)) return 'the name has control or text-direction characters';
  if (name.includes('\\')) return 'the name has a backslash';
  if (name.startsWith('/')) return 'the name is an absolute path';
  if (name.includes(':')) return 'the name has a drive letter or a colon';
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (parts.some((part) => part === '..')) return 'the name climbs out of its folder';
  if (parts.some((part) => part === '' || part === '.')) return 'the name has an empty or dot folder';
  if (parts.length > MAX_NAME_DEPTH) return `the name is ${parts.length} folders deep, more than ${MAX_NAME_DEPTH}`;
  return null;
}

/** The name under which Windows and macOS would see the member: two members with the same key are one file there. */
export function nameKey(name: string): string {
  return name
    .normalize('NFC')
    .split('/')
    .map((part) => withoutTrailing(part))
    .join('/')
    .toLowerCase();
}

/** A name for people: hidden characters replaced, cut to a readable length. */
export function printableName(name: string): string {
  const shown = Array.from(name.slice(0, MAX_NAME_LENGTH), (char) => (hasHiddenCharacter(char) ? '\uFFFD' : char));
  return shown.join('') + (name.length > MAX_NAME_LENGTH ? '…' : '');
}

/** Windows ignores dots and blanks at the end of a name. */
function withoutTrailing(part: string): string {
  let end = part.length;
  while (end > 0 && (part[end - 1] === '.' || part[end - 1] === ' ')) end -= 1;
  return part.slice(0, end);
}

/** Control characters (C0, DEL, C1) and the ones that reorder or hide text on a screen. */
function hasHiddenCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
    if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e)) return true;
    if ((code >= 0x2060 && code <= 0x2069) || code === 0xfeff) return true;
  }
  return false;
}
