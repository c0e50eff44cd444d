import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignature, formatSignature } from '../../../electron/backup/bag/signature.ts';
import { newKey } from './fake-meter.ts';

const key = newKey();
const SIGNED = Buffer.from('abc  bagit.txt\n');
const text = formatSignature(SIGNED, key);

describe('signature.json', () => {
  it('is valid for the bytes it signs, and names its installation', () => {
    expect(checkSignature(text, SIGNED)).toEqual({ kind: 'valid', fingerprint: key.fingerprint });
  });

  it('is bad for any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        fc.pre(!SIGNED.equals(bytes));
        expect(checkSignature(text, bytes).kind).toBe('bad');
      }),
    );
  });

  it('is bad after a change of any bit of it, even one that no JSON reader would see', () => {
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(checkSignature(changed.toString('utf8'), SIGNED).kind, `bit ${bit}`).toBe('bad');
    }
  });

  it('is bad with blanks added, fields added, or in another order', () => {
    const json = JSON.parse(text);
    for (const changed of [
      ` ${text}`,
      `${text}\n`,
      JSON.stringify(json),
      JSON.stringify({ ...json, note: 'x' }, null, 2),
    ]) {
      expect(checkSignature(changed, SIGNED).kind).toBe('bad');
    }
  });

  it('is bad with a key of another kind, or with a private key', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const own = generateKeyPairSync('ed25519');
    for (const publicKeyPem of [
      rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      own.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      '',
    ]) {
      expect(checkSignature(formatSignature(SIGNED, { ...key, publicKeyPem }), SIGNED).kind).toBe('bad');
    }
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (any) => {
        expect(checkSignature(any, SIGNED).kind).toBe('bad');
      }),
    );
  });
});
