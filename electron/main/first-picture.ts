import { readFileSync, statSync } from 'node:fs';
import { FIRST_PICTURE } from '../../shared/contract/shell/first-picture.ts';
import { isSealed } from '../inventory/sealed-json.ts';
import { newestFirmware } from '../meter/newest-firmware.ts';

/** A longer list, of some 1,500 meters, would hold up the document for longer than it takes the engine to come. */
const MAX_BYTES = 1024 * 1024;

/** The block stands before the end of the document: its scripts run when all of it was read. */
const END = '</body>';

/**
 * A `FirstPicture` as JSON. Undefined where there is no list, where it is too long, and where it is not what this version of the program wrote: then
 * the engine, which owns the file, checks it and says what is in it.
 *
 * @param path file with the list of meters
 */
export function readFirstPicture(path: string): string | undefined {
  let list: string;
  try {
    // At once, because the document waits for it: each step of an asynchronous read costs a turn of a loop that is busy with the window.
    const found = statSync(path);
    // What is no file, a pipe for one, might never end.
    if (!found.isFile() || found.size > MAX_BYTES) return undefined;
    list = readFileSync(path, 'utf8');
  } catch {
    // No list yet, or none that can be read: the engine says which.
    return undefined;
  }
  if (!isSealed(list)) return undefined;
  return `{"newestFirmware":${JSON.stringify(newestFirmware())},"list":${list}}`;
}

/**
 * The document of the page with a first picture in it, as a block of data: it is no script, so the policy of the page lets it stand, and nothing
 * in it can end the block, because no `<` is left in it.
 *
 * @param picture JSON
 */
export function withFirstPicture(html: string, picture: string): string {
  const at = html.lastIndexOf(END);
  const block = picture.replaceAll('<', '\\u003c');
  return `${html.slice(0, at)}<script type="application/json" id="${FIRST_PICTURE}">${block}</script>${html.slice(at)}`;
}
