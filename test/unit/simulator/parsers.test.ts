import { Duplex, PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { createFaultBox, parseFaults } from '../../../simulator/faults.ts';
import { serveMbap } from '../../../simulator/modbus/mbap.ts';
import { crc16, serveRtu } from '../../../simulator/modbus/rtu.ts';
import { placeOf } from '../../../simulator/sftp/files.ts';
import { fromStoredName, isAllowedName, splitPath, toStoredName } from '../../../simulator/sftp/names.ts';
import { buildSimulatedImage, IMAGE_KINDS, verifySimulatedImage } from '../../../simulator/upgrade/image.ts';

describe('the image', () => {
  const image = buildSimulatedImage({
    model: 'ION7400',
    version: firmwareVersion('4.6.0'),
    minimumStart: firmwareVersion('2.1.0'),
    kind: 'main',
    payload: Buffer.from('payload'),
  });

  it('is laid out as documented and signed with the published key', () => {
    expect(image.subarray(0, 8).toString('ascii')).toBe('MWSIMFW1');
    const size = image.readUInt32BE(8);
    expect(JSON.parse(image.subarray(12, 12 + size).toString('utf8'))).toEqual({
      model: 'ION7400',
      version: '004.006.000',
      minimumStart: '002.001.000',
      kind: 'main',
      payloadSize: 7,
      // sha256sum of "payload"
      payloadSha256: '239f59ed55e737c77147cf55ad0c1b030b6d7ee748a7426952f9b852d5a935e5',
    });
    expect(image.length).toBe(12 + size + 7 + 64);
    expect(verifySimulatedImage(image).ok).toBe(true);
  });

  it('is refused after any change of any byte, and as truncated at any shorter length', () => {
    for (let at = 0; at < image.length; at += 1) {
      const changed = Buffer.from(image);
      changed.writeUInt8((changed[at] ?? 0) ^ 0x01, at);
      expect(verifySimulatedImage(changed).ok, `byte ${at}`).toBe(false);
      expect(verifySimulatedImage(image.subarray(0, at))).toEqual({ ok: false, flaw: 'truncated' });
    }
  });

  it('reads back whatever was built', () => {
    const part = fc.integer({ min: 0, max: 999 });
    const version = fc.record({ major: part, minor: part, patch: part });
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        version,
        version,
        fc.constantFrom(...IMAGE_KINDS),
        fc.uint8Array({ maxLength: 300 }),
        (model, target, minimumStart, kind, payload) => {
          const built = buildSimulatedImage({ model, version: target, minimumStart, kind, payload });
          const header = { model, version: target, minimumStart, kind };
          expect(verifySimulatedImage(built)).toEqual({ ok: true, header });
          expect(formatFirmware(target)).toMatch(/^\d/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never throws on any bytes', () => {
    const start = image.subarray(0, 12);
    fc.assert(
      fc.property(fc.boolean(), fc.uint8Array({ maxLength: 400 }), (real, bytes) => {
        expect(verifySimulatedImage(real ? Buffer.concat([start, bytes]) : bytes).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

/** A stream whose far end a test holds. */
function pipe(): { readonly near: Duplex; readonly far: PassThrough; readonly sent: Buffer[] } {
  const sent: Buffer[] = [];
  const far = new PassThrough();
  const near = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk);
      done();
    },
  });
  far.on('data', (chunk) => near.push(chunk));
  return { near, far, sent };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('frames', () => {
  const echo = (pdu: Buffer): Buffer => pdu;

  it('of Modbus TCP are the same however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 253 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        async (pdus, cuts) => {
          const frames = pdus.map((pdu, n) => Buffer.from([0, n, 0, 0, 0, pdu.length + 1, 255, ...pdu]));
          const { near, far, sent } = pipe();
          serveMbap(near, echo);
          let rest = Buffer.concat(frames);
          for (let n = 0; rest.length > 0; n += 1) {
            const size = cuts[n % cuts.length] ?? 1;
            far.write(rest.subarray(0, size));
            rest = rest.subarray(size);
          }
          await settled();
          expect(Buffer.concat(sent).equals(Buffer.concat(frames))).toBe(true);
          near.destroy();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of noise never crash a server', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 6 }), async (chunks) => {
        for (const serve of [serveMbap, serveRtu]) {
          const { near, far } = pipe();
          near.on('error', (error) => expect(error).toBeUndefined());
          serve(near, echo);
          for (const chunk of chunks) far.write(chunk);
          await settled();
          near.destroy();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of RTU with a changed bit are not answered', async () => {
    const body = Buffer.from('010300590001', 'hex');
    const frame = Buffer.concat([body, Buffer.alloc(2)]);
    frame.writeUInt16LE(crc16(body), 6);
    for (let bit = 0; bit < 64; bit += 1) {
      const changed = Buffer.from(frame);
      changed.writeUInt8((changed[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      const { near, far, sent } = pipe();
      serveRtu(near, echo, { silenceMs: 5 });
      far.write(changed);
      await settled();
      expect(sent, `bit ${bit}`).toEqual([]);
      near.destroy();
    }
  });
});

describe('file names', () => {
  it('are stored and read back, and are safe on any host', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 68 }), (name) => {
        fc.pre(isAllowedName(name));
        const stored = toStoredName(name);
        expect(stored).toMatch(/^[A-Za-z0-9._%-]+$/);
        expect(stored).not.toMatch(/\.$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        expect(fromStoredName(stored)).toBe(name);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['', '.', '..', '...', 'a b', "a'", 'a"', 'a/b', 'a\\b', 'ü', '\t', 'a\u007f'])('%j is refused', (name) => {
    expect(isAllowedName(name)).toBe(false);
  });

  it('never climb out of the root', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'documents', 'a', 'web')), (parts) => {
        expect(splitPath(parts.join('/'))).not.toContain('..');
        const place = placeOf(parts.join('/'));
        if (place.kind === 'file') expect(['documents', 'web']).toContain(place.folder);
      }),
    );
    expect(placeOf('/documents/../web/a')).toEqual({ kind: 'file', folder: 'web', name: 'a' });
    expect(placeOf('/documents/a/b')).toEqual({ kind: 'nothing' });
    expect(placeOf('/state.json')).toEqual({ kind: 'nothing' });
  });
});

describe('faults', () => {
  it('that are not understood are refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const parsed = parseFaults(json);
        if (parsed.ok) expect(Array.isArray(json)).toBe(true);
        else expect(parsed.problem.code).toBe('simulator/bad-fault');
      }),
    );
  });

  it('strike in the order of their bytes and are spent', () => {
    const parsed = parseFaults([
      { kind: 'delay', protocol: 'sftp', direction: 'in', atByte: 9, milliseconds: 1 },
      { kind: 'drop', protocol: 'sftp', direction: 'in', atByte: 4 },
      { kind: 'drop', protocol: 'modbus', direction: 'in', atByte: 1 },
    ]);
    let changes = 0;
    const box = createFaultBox(() => {
      changes += 1;
    });
    box.arm(parsed.ok ? parsed.value : []);
    const none = new Set<never>();
    expect(box.take('sftp', 'out', 0, 100, none)).toBeUndefined();
    expect(box.take('sftp', 'in', 0, 4, none)).toBeUndefined();
    expect(box.take('sftp', 'in', 0, 100, none)).toMatchObject({ atByte: 4 });
    expect(box.take('sftp', 'in', 0, 100, none)).toMatchObject({ atByte: 9 });
    expect(box.take('sftp', 'in', 0, 100, none)).toBeUndefined();
    expect(box.quiet('sftp')).toBe(true);
    expect(box.quiet('modbus')).toBe(false);
    expect(changes).toBe(1);
  });
});
