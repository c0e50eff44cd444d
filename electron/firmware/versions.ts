import { type FirmwareVersion, parseFirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { compareIonSetup, type IonSetupVersion, parseIonSetupVersion } from '../../shared/domain/ion-setup-version.ts';

/** A model as file names and texts write it; the letter of ION9000T belongs to it. */
const MODEL = /(?<![A-Za-z])(ION|PM)[ -]?(\d{4})(T?)(?![A-Za-z0-9])/i;

/** The first meter model in a name: "ION7400_V004.006.000.upx" -> "ION7400"; null where there is none. */
export function modelIn(name: string): string | null {
  const found = MODEL.exec(name);
  return found === null ? null : `${found[1]}${found[2]}${found[3]}`.toUpperCase();
}

/** "V004.006.000", "v4_6_0", "v4-6-0": the letter makes it certain. */
const MARKED = /(?<![A-Za-z])[vV][._ -]?(\d{1,3})([._-])(\d{1,3})\2(\d{1,3})(?!\d|[._-]\d)/;
/** "4.6.0", "4_6_0": three short numbers and no fourth. */
const BARE = /(?<!\d)(?<!\d[._])(\d{1,3})([._])(\d{1,3})\2(\d{1,3})(?!\d|[._]\d)/;

/** The firmware version in a file name, or null. The model is taken out first: the 7400 of "ION7400_4_6_0" is no part of it. */
export function versionInName(name: string): FirmwareVersion | null {
  const base = name.slice(name.lastIndexOf('/') + 1).replace(MODEL, '|');
  return versionOf(MARKED.exec(base) ?? BARE.exec(base));
}

/** "firmware version 4.6.0", "firmware V004.006.000": the first one of a text; its title says what it is about. Every
 * repetition is bounded, so a hostile text costs no more than its length. */
const IN_TEXT =
  /firmware(?:[ \t]{1,3}(?:version|revision|release))?[ \t]{0,3}[:=]?[ \t]{0,3}[vV]?(\d{1,3})(\.)(\d{1,3})\.(\d{1,3})(?!\d|\.\d)/i;

/** The firmware version that a what's-new text is about, or null. */
export function versionInText(text: string): FirmwareVersion | null {
  return versionOf(IN_TEXT.exec(text));
}

function versionOf(match: RegExpExecArray | null): FirmwareVersion | null {
  if (match === null) return null;
  const parsed = parseFirmwareVersion(`${match[1]}.${match[3]}.${match[4]}`);
  return parsed.ok ? parsed.value : null;
}

/** "ION Setup v3.2.25037.01", with up to a few words between. */
const ION_SETUP = /ION[ \t_-]?Setup[^\d\r\n]{0,40}(\d{1,5}\.\d{1,5}\.\d{1,5}\.\d{1,5})(?!\d|\.\d)/gi;

/** The highest ION Setup version that a text names, or null. */
export function ionSetupIn(text: string): IonSetupVersion | null {
  let highest: IonSetupVersion | null = null;
  for (const [, spelled = ''] of text.matchAll(ION_SETUP)) {
    const parsed = parseIonSetupVersion(spelled);
    if (parsed.ok && (highest === null || compareIonSetup(parsed.value, highest) > 0)) highest = parsed.value;
  }
  return highest;
}
