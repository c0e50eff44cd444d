/** The declaration of every bag, byte for byte. Source: RFC 8493, 2.1.1. */
export const BAGIT_TXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** The names of the files beside `data/`. `signature.json` stands outside of the tag manifest because it signs it. */
export const TAG_FILE = {
  bagit: 'bagit.txt',
  info: 'bag-info.txt',
  manifest: 'manifest-sha256.txt',
  evidence: 'evidence.json',
  tagManifest: 'tagmanifest-sha256.txt',
  signature: 'signature.json',
} as const;

/** The tag files that the tag manifest has to list. */
export const LISTED_TAG_FILES = [TAG_FILE.bagit, TAG_FILE.info, TAG_FILE.manifest, TAG_FILE.evidence] as const;

/** The sum of the payload: `Payload-Oxum`, "octetstream sum". Source: RFC 8493, 2.2.2. */
export interface PayloadOxum {
  readonly bytes: number;
  readonly files: number;
}

export interface BagInfo {
  readonly serial: string | null;
  /** Date of the bag, ISO 8601; only the day is written. */
  readonly date: string;
  readonly agent: string;
  readonly oxum: PayloadOxum;
  /** One sentence about what is in the bag. */
  readonly description: string;
}

/** The text of `bag-info.txt`. Source: RFC 8493, 2.2.2. A value stays on one line whatever the meter put into it. */
export function formatBagInfo(info: BagInfo): string {
  const lines: (readonly [string, string])[] = [
    ['Bagging-Date', info.date.slice(0, 10)],
    ...(info.serial === null ? [] : [['External-Identifier', info.serial] as const]),
    ['External-Description', info.description],
    ['Bag-Software-Agent', info.agent],
    ['Payload-Oxum', `${info.oxum.bytes}.${info.oxum.files}`],
  ];
  return lines.map(([label, value]) => `${label}: ${oneLine(value)}\n`).join('');
}

/** The Payload-Oxum of a `bag-info.txt`; undefined when there is none, more than one, or one that is no pair of numbers. */
export function parsePayloadOxum(bagInfo: string): PayloadOxum | undefined {
  const found = bagInfo.split(/\r\n|\r|\n/).filter((line) => /^payload-oxum[ \t]*:/i.test(line));
  const match = /:[ \t]*(\d{1,15})\.(\d{1,9})[ \t]*$/.exec(found[0] ?? '');
  if (found.length !== 1 || match === null) return undefined;
  return { bytes: Number(match[1]), files: Number(match[2]) };
}

function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
