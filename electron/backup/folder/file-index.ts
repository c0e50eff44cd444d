import { z } from 'zod';

/** `index.json` of an item that consists of files: which local file is which file of the meter. Local paths are relative to `data/`. */
export const FILE_INDEX = z.object({
  format: z.literal('meterwright-files/1'),
  /** Folder on the meter; null for files that a person attached. */
  folder: z.string().nullable(),
  files: z.array(
    z.object({
      original: z.string(),
      local: z.string(),
      size: z.int(),
      sha256: z.string(),
      modified: z.string(),
    }),
  ),
  missed: z.array(z.object({ original: z.string(), because: z.string() })),
  /** Waveform records, by their name without extension, that are not what their own configuration says, although they are what the meter gave. */
  broken: z.array(z.object({ original: z.string(), because: z.string() })).exactOptional(),
});
export type FileIndex = z.infer<typeof FILE_INDEX>;
