import { expect, it } from 'vitest';
import { fuzz } from '../../fuzz/bacnet/mutate.ts';
import { RECEIVED, SENT } from './frames.ts';

const WANTED = 1_000_000;
/** What even a busy machine has to reach within the time; the million fits into it on an idle one. */
const FLOOR = 100_000;
/** BACNET_FUZZ_MS=600000 gives a slow machine the time for the whole million. */
const MILLISECONDS = Number(process.env['BACNET_FUZZ_MS'] ?? 15_000);

it('mutated frames never throw', { timeout: MILLISECONDS + 60_000 }, (context) => {
  const seeds = [
    ...Object.values(RECEIVED).map((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))),
    ...SENT.map(([, bytes]) => bytes),
  ];
  const seed = Number(process.env['BACNET_FUZZ_SEED'] ?? Date.now() % 0x7fff_ffff);
  const started = performance.now();
  const { frames, messages, escapes } = fuzz(seeds, { frames: WANTED, milliseconds: MILLISECONDS, seed });
  const perSecond = Math.round(frames / ((performance.now() - started) / 1000));
  context.annotate?.(`${frames} frames, ${perSecond} per second, ${messages} down to their APDU, seed ${seed}`);
  expect(escapes, `seed ${seed}`).toEqual([]);
  expect(frames).toBeGreaterThanOrEqual(FLOOR);
  // Mutations that all stop at the header would prove nothing.
  expect(messages / frames).toBeGreaterThan(0.1);
});
