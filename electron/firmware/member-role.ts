import { parseHashList } from './hash-list.ts';
import type { SimulatedKind } from './simulated-image.ts';
import { decodeText } from './text.ts';
import type { MemberRole } from './types.ts';

/** Roles that an extension alone decides. Source: vendor's packages and FAQs as listed for HEP and ION8650 meters. */
const BY_EXTENSION: ReadonlyMap<string, MemberRole> = new Map([
  ['dcf', 'template'],
  ['scf', 'security-config'],
  ['tcf', 'tou-program'],
  ['fwn', 'framework'],
  ['cid', 'cid'],
  ['sha1', 'hash-list'],
  ['sha256', 'hash-list'],
  ['sha512', 'hash-list'],
  ['md5', 'hash-list'],
]);

const WEB = new Set(['htm', 'html', 'xsl', 'xslt', 'css', 'js']);
const TEXTS = new Set(['txt', 'md', 'rtf', 'htm', 'html', 'xml', 'json', 'csv', 'ini', 'nfo']);
/** Extensions of firmware images: .upx on this platform, .upg on older ones. */
const IMAGES = new Set(['upx', 'upg']);

const OPTION_MODULE = /option[ _-]?module|(?<![a-z])opt[ _-]?mod|optionmod/i;
const REMOTE_DISPLAY = /remote[ _-]?display|(?<![a-z])rmd(?![a-z])|(?<![a-z])rd96/i;
const NEWS = /what'?s?[ _-]?s?[ _-]?new|release[ _-]?note|read[ _-]?me|change[ _-]?log/i;

/** The extension of a name, lower case, without the dot; '' where there is none. */
export function extensionOf(path: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** Whether a name is one of a firmware image. */
export function isImageName(path: string): boolean {
  return IMAGES.has(extensionOf(path));
}

/** Whether the content of a member is text that people and programs read. */
export function isTextMember(path: string): boolean {
  return TEXTS.has(extensionOf(path)) || BY_EXTENSION.get(extensionOf(path)) === 'hash-list';
}

/**
 * What a member is. Extension and name decide, except where only the content can tell: a simulated image says its kind in its header,
 * (`kind`), and a .txt is a hash list when it holds hashes.
 */
export function roleOf(path: string, content: Buffer, kind: SimulatedKind | null): MemberRole {
  const extension = extensionOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (IMAGES.has(extension)) return imageRole(name, kind);
  const fixed = BY_EXTENSION.get(extension);
  if (fixed !== undefined) return fixed;
  if (extension === 'xlsx') return /modbus|register|map/i.test(name) ? 'modbus-map' : 'other';
  if (extension === 'pdf') return /manual|guide|sheet|pics/i.test(name) ? 'other' : 'whats-new';
  if (TEXTS.has(extension)) {
    if (NEWS.test(name)) return 'whats-new';
    if (
      extension === 'txt' &&
      (/hash|checksum|sha\d|md5/i.test(name) || parseHashList(decodeText(content)).length > 0)
    ) {
      return 'hash-list';
    }
  }
  return WEB.has(extension) ? 'web-page' : 'other';
}

function imageRole(name: string, kind: SimulatedKind | null): MemberRole {
  if (kind !== null) return `${kind}-image`;
  if (OPTION_MODULE.test(name)) return 'option-module-image';
  return REMOTE_DISPLAY.test(name) ? 'remote-display-image' : 'main-image';
}
