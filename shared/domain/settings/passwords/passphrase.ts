/** Shortest passphrase. Whoever has a sealed file can try as fast as scrypt lets him, with no lockout. */
export const SHORTEST_PASSPHRASE = 12;
/** Longest passphrase; it only bounds the work. */
export const LONGEST_PASSPHRASE = 1_024;
/** Characters of a passphrase that have to differ. */
export const PASSPHRASE_VARIETY = 5;

/** Whether a passphrase is long and varied enough to seal secrets with; characters are counted in Unicode NFC. */
export function isStrongPassphrase(passphrase: string): boolean {
  const { length } = [...passphrase.normalize('NFC')];
  const varied = new Set(passphrase).size >= PASSPHRASE_VARIETY;
  return length >= SHORTEST_PASSPHRASE && passphrase.length <= LONGEST_PASSPHRASE && varied;
}
