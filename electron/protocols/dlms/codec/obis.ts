/** The six numbers of an OBIS code as bytes. Throws a RangeError for anything but six numbers 0..255 with dots between. */
export function obisBytes(obis: string): Uint8Array {
  if (!isObis(obis)) throw new RangeError('an OBIS code is six numbers from 0 to 255 with dots between');
  return Uint8Array.from(obis.split('.'), Number);
}

/** Whether a text is an OBIS code as this folder writes it, such as 1.0.99.1.0.255. */
export function isObis(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 6 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
