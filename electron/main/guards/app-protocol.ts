import { readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { CONTENT_SECURITY_POLICY } from './csp.ts';

export const APP_SCHEME = 'app';
const APP_HOST = 'bundle';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Whether a URL is of the bundle. Node knows no origin for schemes of one's own, so scheme and host are compared. */
export function isBundleUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}

/**
 * The file of the bundle that a URL names, or undefined for everything that is not plainly a path inside it: other hosts, encoded or plain
 * `..`, backslashes, NUL, colons (drives and streams on Windows), empty segments.
 */
export function bundleFile(root: string, text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined || !isBundleUrl(text)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    // A % that is followed by no code is no path.
    return undefined;
  }
  const segments = (path === '/' ? '/index.html' : path).slice(1).split('/');
  if (!segments.every(isPlain)) return undefined;
  const file = join(root, ...segments);
  const inside = relative(root, file);
  return inside === '' || inside.startsWith('..') || inside.startsWith(sep) ? undefined : file;
}

function isPlain(segment: string): boolean {
  return /^[A-Za-z0-9_@][A-Za-z0-9._@-]*$/.test(segment) && !segment.endsWith('.');
}

/**
 * Answers a request for the bundle; always a response, 404 for everything that is not there.
 *
 * @param change what is done to a text before it is handed out
 */
export function bundleResponse(
  root: string,
  request: { readonly url: string; readonly method: string },
  change?: (text: string) => string,
): Response {
  if (request.method !== 'GET') return refusal(405);
  const file = bundleFile(root, request.url);
  if (file === undefined) return refusal(404);
  let bytes: Buffer<ArrayBuffer>;
  try {
    // At once: the files are small and near, and each step of an asynchronous read costs a turn of a loop that is busy with the window.
    bytes = readFileSync(file);
  } catch {
    // Not there, a folder, or not readable: for a page all of these are the same.
    return refusal(404);
  }
  return new Response(change === undefined ? bytes : change(bytes.toString('utf8')), {
    headers: { ...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' },
  });
}

const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

function refusal(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}

/** A text as a URL, or undefined where it is none. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // Not a URL: nothing of the bundle.
    return undefined;
  }
}
