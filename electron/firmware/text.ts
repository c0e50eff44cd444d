/** Longest text that is searched, in bytes; hash lists and what's-new texts have a few kilobytes. */
const MAX_TEXT_BYTES = 1024 * 1024;

/**
 * Text of a member: UTF-8 (with or without a byte order mark), or UTF-16 in either order when a byte order mark says so
 * (PowerShell 5 writes hash lists like that). Only the first MiB are looked at; bytes that are no text become U+FFFD.
 */
export function decodeText(bytes: Buffer): string {
  const head = bytes.subarray(0, MAX_TEXT_BYTES);
  if (head.length >= 2 && head[0] === 0xff && head[1] === 0xfe) return head.subarray(2).toString('utf16le');
  if (head.length >= 2 && head[0] === 0xfe && head[1] === 0xff) {
    const even = head.subarray(2, head.length - (head.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  const text = head.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
