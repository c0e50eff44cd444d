/** Six bytes of a logical name such as "1-0:99.1.0*255". Throws on a text that is none: names are constants of the simulator. */
export function obis(text: string): Buffer {
  const match = /^(\d+)-(\d+):(\d+)\.(\d+)\.(\d+)\*(\d+)$/.exec(text);
  if (match === null) throw new Error(`Not a logical name: ${text}`);
  return Buffer.from(match.slice(1).map(Number));
}
