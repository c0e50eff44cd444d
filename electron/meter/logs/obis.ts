/** An OBIS code as people write it: "1.0.99.1.0.255" is "1-0:99.1.0*255". IEC 62056-61. */
export function obisText(obis: string): string {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = obis.split('.');
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
}

/** Six bytes as "1.0.99.1.0.255"; undefined for any other number of bytes. */
export function obisOf(bytes: Uint8Array): string | undefined {
  return bytes.length === 6 ? bytes.join('.') : undefined;
}
