import { VENDOR_PAGES, type VendorPage } from '../../shared/contract/shell/shell.ts';
import { parseUrl } from './guards/app-protocol.ts';

/** Hosts that may be opened in the browser. */
const HOSTS: ReadonlySet<string> = new Set(['www.se.com', 'community.se.com']);

/** The address behind an id of a vendor page; undefined unless it is https on a host of the list, without user, port or surprise. */
export function vendorUrl(page: VendorPage): string | undefined {
  return safeExternal(VENDOR_PAGES[page]);
}

/** The address if it may be given to the browser of this PC. */
export function safeExternal(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return plain && HOSTS.has(url.hostname) ? url.href : undefined;
}
