import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteSourceOf } from '../../../electron/firmware/byte-source.ts';
import { parseSimulatedImage, SIMULATED_KINDS } from '../../../electron/firmware/simulated-image.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { buildSimulatedImage } from '../../../simulator/upgrade/image.ts';

const seed = createHash('sha256').update('Meterwright simulated firmware signing key').digest();
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
});

/** An image written down here from the description, by neither of the two implementations. */
function image(header: unknown, payload: Buffer, headerLength?: number): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(headerLength ?? json.length);
  const unsigned = Buffer.concat([Buffer.from('4d5753494d465731', 'hex'), length, json, payload]);
  return Buffer.concat([unsigned, sign(null, unsigned, privateKey)]);
}

const PAYLOAD = Buffer.from('payload');
const HEADER = {
  model: 'ION7400',
  version: '004.006.000',
  minimumStart: '002.001.000',
  kind: 'main',
  payloadSize: 7,
  payloadSha256: createHash('sha256').update(PAYLOAD).digest('hex'),
};

describe('simulated image', () => {
  it('is verified when everything fits', () => {
    expect(parseSimulatedImage(image(HEADER, PAYLOAD))).toEqual({
      header: {
        model: 'ION7400',
        version: { major: 4, minor: 6, patch: 0 },
        minimumStart: { major: 2, minor: 1, patch: 0 },
        kind: 'main',
        payloadSize: 7,
        payloadSha256: HEADER.payloadSha256,
      },
      signature: 'verified',
      because: '',
    });
  });

  it('is judged with the public key of the published seed', () => {
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex');
    expect(spki).toBe('302a300506032b65700321005497dccb5993e1cc14a2fa16d590bbf1648aa1b02ab91fbbf34d1ffa637c3630');
  });

  it('is invalid after any change of any byte, and unknown without its magic', () => {
    const whole = image(HEADER, PAYLOAD);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const read = parseSimulatedImage(changed);
        if (at < 8) expect(read).toBeNull();
        else expect(read?.signature).toBe('invalid');
      }),
      { numRuns: 1000 },
    );
  });

  it('is invalid when it is cut anywhere or longer than it says', () => {
    const whole = image(HEADER, PAYLOAD);
    for (let length = 8; length < whole.length; length += 1) {
      const read = parseSimulatedImage(whole.subarray(0, length));
      expect(read?.signature).toBe('invalid');
      expect(read?.because).not.toBe('');
    }
    expect(parseSimulatedImage(Buffer.concat([whole, Buffer.alloc(1)]))?.signature).toBe('invalid');
  });

  it.each([
    ['no JSON', '{"model":'],
    ['no object', 'null'],
    ['an array', '[]'],
    ['a wrong kind', { ...HEADER, kind: 'boot' }],
    ['a wrong version', { ...HEADER, version: '4.6' }],
    ['no minimum start', { ...HEADER, minimumStart: undefined }],
    ['a hostile model', { ...HEADER, model: '<b>ION7400\u001b[2J</b>' }],
    ['a negative size', { ...HEADER, payloadSize: -7 }],
    ['a fractional size', { ...HEADER, payloadSize: 7.5 }],
    ['no hash', { ...HEADER, payloadSha256: 'abc' }],
  ])('with a header that is or has %s is invalid although it is signed', (_what, header) => {
    expect(parseSimulatedImage(image(header, PAYLOAD))).toMatchObject({ header: null, signature: 'invalid' });
  });

  it('with a header length from hell is invalid', () => {
    expect(parseSimulatedImage(image(HEADER, PAYLOAD, 0xffffffff))?.signature).toBe('invalid');
    expect(parseSimulatedImage(image(HEADER, PAYLOAD, 4096))?.signature).toBe('invalid');
  });

  it('with another payload under a right hash length is invalid although it is signed', () => {
    expect(parseSimulatedImage(image(HEADER, Buffer.from('PAYLOAD')))).toMatchObject({
      signature: 'invalid',
      because: /hash/,
    });
  });

  it('of the simulator is understood whatever it holds', () => {
    const part = fc.integer({ min: 0, max: 999 });
    const version = fc.record({ major: part, minor: part, patch: part });
    const input = fc.record({
      model: fc.constantFrom('ION7400', 'ION9000', 'PM8000'),
      version,
      minimumStart: version,
      kind: fc.constantFrom(...SIMULATED_KINDS),
      payload: fc.uint8Array({ maxLength: 2000 }),
      sign: fc.boolean(),
    });
    fc.assert(
      fc.property(input, (given) => {
        const read = parseSimulatedImage(buildSimulatedImage(given));
        expect(read).toMatchObject({
          signature: given.sign ? 'verified' : 'invalid',
          header: { model: given.model, version: given.version, minimumStart: given.minimumStart, kind: given.kind },
        });
      }),
      { numRuns: 100 },
    );
    const unsigned = buildSimulatedImage({
      model: 'ION7400',
      version: firmwareVersion('4.6.0'),
      minimumStart: firmwareVersion('2.1.0'),
      kind: 'main',
      payload: PAYLOAD,
    });
    expect(parseSimulatedImage(unsigned.subarray(0, unsigned.length - 64))?.because).toBe('the image has no signature');
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const read = parseSimulatedImage(Buffer.concat([Buffer.from('MWSIMFW1'), Buffer.from(bytes)]));
        expect(read?.signature).toBe('invalid');
      }),
    );
  });
});

describe('byte source', () => {
  it('gives exactly the bytes that were asked for, as a copy', async () => {
    const bytes = Buffer.from('0123456789', 'ascii');
    const source = byteSourceOf(bytes);
    expect(source.size).toBe(10);
    const piece = await source.read(2, 3);
    expect(Buffer.from(piece).toString('ascii')).toBe('234');
    piece.fill(0);
    expect(bytes.toString('ascii')).toBe('0123456789');
    expect(await source.read(10, 0)).toHaveLength(0);
  });

  it('rejects every range that is not wholly inside', async () => {
    const source = byteSourceOf(new Uint8Array(10));
    for (const [offset, length] of [
      [8, 3],
      [-1, 2],
      [0, -1],
      [11, 0],
      [0.5, 1],
      [Number.NaN, 1],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      await expect(source.read(offset, length)).rejects.toThrow(RangeError);
    }
  });
});
