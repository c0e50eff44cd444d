import {
  readIAm,
  readIHave,
  readMultipleAck,
  readPropertyAck,
} from '../../../electron/protocols/bacnet/codec/services.ts';
import { readIncoming } from '../../../electron/protocols/bacnet/incoming.ts';

/** Of the acknowledgements among the seeds, so that mutations get as deep as possible. */
const ASKED = [
  { object: { type: 0, instance: 1 }, property: 85 },
  { object: { type: 0, instance: 1 }, property: 28 },
  { object: { type: 0, instance: 2 }, property: 85 },
];
const FROM = { host: '127.0.0.1', port: 47_808 };

/** How far a run came. */
export interface FuzzCount {
  readonly frames: number;
  /** Frames that were still valid down to their APDU. */
  readonly messages: number;
  /** What was thrown, with the frame; has to be empty. */
  readonly escapes: readonly string[];
}

/** Everything that a datagram passes through on its way in. */
function swallow(bytes: Uint8Array): boolean {
  const incoming = readIncoming(bytes, FROM);
  if (incoming.kind !== 'message' || !('body' in incoming.apdu)) return incoming.kind === 'message';
  const { body } = incoming.apdu;
  readIAm(body);
  readIHave(body);
  for (const asked of ASKED) readPropertyAck(body, asked);
  readMultipleAck(body, ASKED);
  return true;
}

/** Mutates `seeds` until `frames` were read or `milliseconds` are over. The same `seed` gives the same frames. */
export function fuzz(
  seeds: readonly Uint8Array[],
  limits: { readonly frames: number; readonly milliseconds: number; readonly seed: number },
): FuzzCount {
  const random = xorshift(limits.seed);
  const end = performance.now() + limits.milliseconds;
  const escapes: string[] = [];
  let frames = 0;
  let messages = 0;
  while (frames < limits.frames && (frames % 256 !== 0 || performance.now() < end)) {
    const bytes = mutated(seeds[random() % seeds.length] ?? new Uint8Array(), random);
    frames += 1;
    try {
      if (swallow(bytes)) messages += 1;
    } catch (error) {
      escapes.push(`${Buffer.from(bytes).toString('hex')}: ${String(error)}`);
      if (escapes.length >= 10) break;
    }
  }
  return { frames, messages, escapes };
}

/** One to four changes; half of the frames get a header with their true length, so that they are not all stopped there. */
function mutated(seed: Uint8Array, random: () => number): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seed);
  for (let change = 1 + (random() % 4); change > 0; change -= 1) bytes = changed(bytes, random);
  if (random() % 2 === 0 && bytes.length >= 4) {
    bytes[2] = bytes.length >> 8;
    bytes[3] = bytes.length & 0xff;
  }
  return bytes;
}

const TELLING = [0x00, 0x01, 0x05, 0x0e, 0x0f, 0x25, 0x3e, 0x3f, 0x75, 0x7d, 0x80, 0xf5, 0xfe, 0xff];

function changed(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = bytes.length === 0 ? 0 : random() % bytes.length;
  switch (random() % 6) {
    case 0:
      bytes[at] = random() & 0xff;
      return bytes;
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (random() % 8));
      return bytes;
    case 2:
      bytes[at] = TELLING[random() % TELLING.length] ?? 0;
      return bytes;
    case 3:
      return bytes.slice(0, at);
    case 4:
      return Uint8Array.of(...bytes.subarray(0, at), random() & 0xff, ...bytes.subarray(at));
    default: {
      const length = 1 + (random() % 12);
      return Uint8Array.of(...bytes.subarray(0, at + length), ...bytes.subarray(at));
    }
  }
}

/** George Marsaglia, "Xorshift RNGs". */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
