import { z } from 'zod';
import { problemSchema } from './domain.ts';

/** A call that can fail as expected answers with a value either way; only defects of ours are thrown across the port. */
export function resultOf<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), problem: problemSchema }),
  ]);
}
