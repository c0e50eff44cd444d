import { z } from 'zod';
import { type ChainEntry, hashOfLine } from './chain.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const auditMarkSchema = z.object({
  /** Hash of its first line: which trail it is. */
  trail: hash,
  lines: z.number().int().min(1),
  /** Hash of line `lines`. */
  tip: hash,
});

/**
 * How far the audit trail reached at one moment. Kept outside of the trail it tells what the chain of hashes cannot: that the last lines were taken away.
 * Whoever can write every file of the data folder can change the marks, too; a mark in a report that was handed over is out of reach.
 */
export type AuditMark = Readonly<z.infer<typeof auditMarkSchema>>;

interface Trail {
  readonly entries: readonly ChainEntry<unknown>[];
  readonly tip: string;
}

/** The mark of a trail as it is now; undefined for one without a line. */
export function markOf(trail: Trail): AuditMark | undefined {
  const first = hashOfLine(trail, 1);
  return first === undefined ? undefined : { trail: first, lines: trail.entries.length, tip: trail.tip };
}

/** Whether a mark was set in a trail that began with another line. */
export function isOfOtherTrail(trail: Trail, mark: AuditMark): boolean {
  return hashOfLine(trail, 1) !== mark.trail;
}

/** A mark from a file; undefined for anything else. */
export function parseMark(text: string): AuditMark | undefined {
  try {
    return auditMarkSchema.parse(JSON.parse(text));
  } catch {
    // The caller says what is wrong with its file.
    return undefined;
  }
}
