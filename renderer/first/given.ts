import { FIRST_PICTURE, type FirstPicture } from '../../shared/contract/shell/first-picture.ts';
import { useMeters } from '../app/feeds/meters-store.ts';

/**
 * Takes the meters that came with the document, if any did: what the data folder says, before there is an engine to say it. They are not `known` until
 * the engine has confirmed them.
 *
 * @returns whether there is any
 */
export function takeGivenMeters(): boolean {
  const text = document.getElementById(FIRST_PICTURE)?.textContent;
  if (text === undefined || text === null) return false;
  // Written and checked by our own shell, a moment ago.
  const { newestFirmware, list } = JSON.parse(text) as FirstPicture;
  const meters = list.meters.flatMap(({ practice, ...meter }) => (practice ? [] : [meter]));
  useMeters.setState({ meters, newestFirmware });
  return meters.length > 0;
}
