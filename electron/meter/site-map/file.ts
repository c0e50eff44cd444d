import { z } from 'zod';
import { REGISTER_TYPES } from '../types.ts';
import type { SiteMap } from './types.ts';

const siteMapSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  fileName: z.string().max(255),
  provenance: z.enum(['site-map', 'simulated']),
  rows: z
    .array(
      z.object({
        name: z.string().max(1_000),
        register: z.number().int().min(1).max(65_536),
        count: z.number().int().min(1).max(125),
        type: z.enum(REGISTER_TYPES),
        unit: z.string().max(100),
        writable: z.boolean(),
      }),
    )
    .max(65_536),
}) satisfies z.ZodType<SiteMap>;

/** Reads an imported map back from the data folder; undefined when the text is no map. */
export function parseSiteMap(text: string): SiteMap | undefined {
  try {
    return siteMapSchema.parse(JSON.parse(text));
  } catch {
    // The map can be imported again from its workbook; why the copy is broken changes nothing for the caller.
    return undefined;
  }
}
