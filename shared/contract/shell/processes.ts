import { z } from 'zod';
import { problemSchema, upgradeStateSchema } from '../domain.ts';

/** A job at work, as the shell needs it: for the taskbar, and for the question before the window closes. */
export const workSchema = z.object({
  job: z.string(),
  meter: z.string(),
  state: upgradeStateSchema,
  /** 0..1 while bytes flow; null while something is waited for. */
  fraction: z.number().min(0).max(1).nullable(),
  stop: z.enum(['safe', 'too-late', 'ended']),
});
export type Work = z.infer<typeof workSchema>;

/** What the engine tells the shell, beside the ports through which it talks to pages. */
export const engineMessageSchema = z.discriminatedUnion('type', [
  /** `home` is the data folder. */
  z.object({ type: z.literal('ready'), home: z.string() }),
  /** The engine cannot work at all, e.g. with this data folder; it ends after this. */
  z.object({ type: z.literal('failed'), problem: problemSchema }),
  /** Every job at work in this engine, after each change. */
  z.object({ type: z.literal('work'), work: z.array(workSchema) }),
  /** The hosts of the meters that are being backed up outside of a job, after each change. */
  z.object({ type: z.literal('backups'), hosts: z.array(z.string()) }),
  /** The hosts of the meters of which a log is being read outside of a backup, after each change. */
  z.object({ type: z.literal('logs'), hosts: z.array(z.string()) }),
  /** The computer must stay awake from the first to the second of these with the same number. */
  z.object({ type: z.literal('awake'), id: z.number().int(), on: z.boolean(), why: z.string() }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;

/** What the shell tells the engine. A `page` message comes with one end of a message channel. */
export const shellMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('page') }),
  /** The computer slept in between. */
  z.object({ type: z.literal('slept'), from: z.iso.datetime(), until: z.iso.datetime() }),
  /** Leave every job as it stands in its journal, stop simulated meters, and end. */
  z.object({ type: z.literal('end') }),
]);
export type ShellMessage = z.infer<typeof shellMessageSchema>;
