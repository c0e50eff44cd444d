import { z } from 'zod';

/** HDLC over an optical head or an RS-485 adapter; the address is the unit id of that port of the meter. */
const serialLine = z.object({
  path: z.string().min(1).max(1_000),
  baudRate: z.number().int().min(300).max(921_600),
  physicalAddress: z.number().int().min(0).max(16_383),
});

/** How a DLMS association may be made; what is left out is the public client without a secret, over TCP. */
export const dlmsSchema = z.object({
  link: z.union([z.enum(['auto', 'wrapper', 'hdlc']), serialLine]).exactOptional(),
  clientSap: z.number().int().min(1).max(65_535).exactOptional(),
  serverSap: z.number().int().min(1).max(65_535).exactOptional(),
  /** Secret of low-level security; kept in the memory of the engine, and it crosses the wire in clear. */
  password: z.string().min(1).max(64).exactOptional(),
  deviationSign: z.enum(['standard', 'inverted', 'ignore']).exactOptional(),
});
export type DlmsRequest = z.infer<typeof dlmsSchema>;

/** The same as it comes back to the page: whether there is a secret, and never which. */
export const knownDlmsSchema = z.object({ ...dlmsSchema.omit({ password: true }).shape, hasPassword: z.boolean() });
