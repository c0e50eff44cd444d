import type { FirmwareVersion } from '../../domain/firmware-version.ts';
import type { ListedMeter } from '../feeds.ts';

/** Id of the block of JSON in the page's document that holds a {@link FirstPicture}. */
export const FIRST_PICTURE = 'first-picture';

/** What the shell gives to a page with its document, so that the page can show it before there is an engine. */
export interface FirstPicture {
  /** The newest main firmware that this version of the program knows of; null where it knows none. */
  readonly newestFirmware: FirmwareVersion | null;
  /** The list of meters as the data folder has it; `practice` marks those that ended with an earlier run. The engine's word replaces it. */
  readonly list: { readonly meters: readonly (ListedMeter & { readonly practice: boolean })[] };
}
