import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseManifest } from '../backup/bag/manifest.ts';
import { readSmallFile } from '../backup/bag/read.ts';
import { TAG_FILE } from '../backup/bag/tag-files.ts';
import { parseEvidence } from '../backup/evidence.ts';
import { codeOf } from '../inventory/durable.ts';
import type { ReportBackup } from './schema.ts';

/** A tag manifest has four lines and an evidence record some hundred; what is larger is none of ours. */
const MAX_TAG_MANIFEST = 64 * 1024;
const MAX_EVIDENCE = 4 * 1024 * 1024;

/**
 * Reads `evidence.json` of a bag and believes it only if it is what the fingerprint of the job stands for: the tag manifest has that
 * SHA-256 and lists the evidence with its own. Never rejects; what cannot be told comes with its reason.
 *
 * @param fingerprint SHA-256 (hex) of the tag manifest, from the journal
 */
export async function readBagEvidence(bag: string, fingerprint: string): Promise<ReportBackup['evidence']> {
  const manifest = await read(bag, TAG_FILE.tagManifest, MAX_TAG_MANIFEST);
  if ('because' in manifest) return untold(manifest.because);
  if (digest(manifest.bytes) !== fingerprint) {
    return untold(
      'The backup in this folder is not the one that was verified for this job: its fingerprint is another.',
    );
  }
  const entries = parseManifest(manifest.bytes.toString('utf8'));
  const listed = entries.ok ? entries.value.find(({ path }) => path === TAG_FILE.evidence) : undefined;
  const file = await read(bag, TAG_FILE.evidence, MAX_EVIDENCE);
  if ('because' in file) return untold(file.because);
  if (listed?.sha256 !== digest(file.bytes)) {
    return untold(`${TAG_FILE.evidence} was changed after the backup was verified.`);
  }
  const evidence = parseEvidence(file.bytes.toString('utf8'));
  if ('because' in evidence) return untold(evidence.because);
  return {
    read: true,
    startedAt: evidence.startedAt,
    endedAt: evidence.endedAt,
    by: evidence.by,
    toolVersion: evidence.tool.version,
    clock: evidence.clock,
    items: [...evidence.items],
    gaps: [...evidence.gaps],
    ...(evidence.logs === undefined ? {} : { logs: [...evidence.logs] }),
    ...(evidence.missedLogs === undefined ? {} : { missedLogs: [...evidence.missedLogs] }),
  };
}

async function read(
  bag: string,
  name: string,
  maxBytes: number,
): Promise<{ readonly bytes: Buffer } | { readonly because: string }> {
  try {
    const bytes = await readSmallFile(join(bag, name), maxBytes);
    return bytes === undefined ? { because: `${name} of the backup is too large to be one.` } : { bytes };
  } catch (thrown) {
    // The message of the system would name folders of this PC; the kind of failure is what a reader needs.
    return codeOf(thrown) === 'ENOENT'
      ? { because: `The backup is no longer where it was: it has no ${name}.` }
      : { because: `${name} of the backup could not be read (${codeOf(thrown) || 'unknown error'}).` };
  }
}

function untold(because: string): ReportBackup['evidence'] {
  return { read: false, because };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
