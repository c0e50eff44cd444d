import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import type { ByteSource, SftpClient, TransferProgress } from '../../protocols/sftp/types.ts';

/** What the meter says of the image in its upgrade folder; the file is small, and a stranger's bytes. */
const statusSchema = z.object({
  state: z.enum(['empty', 'checking', 'accepted', 'refused', 'applying', 'applied']),
  image: z.string().max(255).nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  version: z.string().max(40).nullable(),
  reason: z.string().max(100).nullable(),
  text: z.string().max(1_000),
});
export type UpgradeFolderStatus = z.infer<typeof statusSchema>;

const STATUS_LIMIT = 16 * 1024;
const POLL_MS = 250;

/** An image that is to reach the meter: its bytes were opened and hashed once. */
export interface ImageToSend {
  readonly name: string;
  readonly sha256: string;
  readonly source: ByteSource;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** Reads the status file of the upgrade folder; a meter without one answers `undefined`. */
export async function readStatus(
  sftp: SftpClient,
  folder: string,
  signal?: AbortSignal,
): Promise<Result<UpgradeFolderStatus | undefined>> {
  const path = `${folder}/STATUS.JSON`;
  const found = await sftp.stat(path, signal);
  if (!found.ok) return found;
  if (found.value === undefined) return ok(undefined);
  const bytes = await sftp.readFile(path, STATUS_LIMIT, signal);
  if (!bytes.ok) return bytes;
  try {
    return ok(statusSchema.parse(JSON.parse(Buffer.from(bytes.value).toString('utf8'))));
  } catch (thrown) {
    return fail({
      code: 'upgrade/status-unreadable',
      title: 'The meter’s upgrade status cannot be read',
      because: `The status file of the upgrade folder is not in the expected form: ${reasonOf(thrown).slice(0, 200)}`,
      meterState: METER_STATE.unknown,
      nextStep: 'Identify the meter to see what it runs.',
    });
  }
}

/**
 * Sends the main image: under a temporary name that can be resumed, then renamed, which tells the meter that it is complete.
 * Does nothing when the meter says that it has accepted exactly this image already.
 */
export async function sendMainImage(
  sftp: SftpClient,
  folder: string,
  image: ImageToSend,
  options: SendOptions,
): Promise<Result<{ readonly resumedFrom: number }>> {
  const status = await readStatus(sftp, folder, options.signal);
  if (!status.ok) return status;
  if (status.value?.state === 'accepted' && status.value.sha256 === image.sha256) {
    return ok({ resumedFrom: image.source.size });
  }
  const complete = `${folder}/${image.name}`;
  const partial = `${complete}.part`;
  const sent = await sftp.upload(image.source, partial, { ...options, resume: true });
  if (!sent.ok) return sent;
  const old = await sftp.stat(complete, options.signal);
  if (!old.ok) return old;
  if (old.value !== undefined) {
    // A complete image that was not accepted is of no use to anybody, and a rename does not replace it.
    const removed = await sftp.remove(complete, options.signal);
    if (!removed.ok) return removed;
  }
  const renamed = await sftp.rename(partial, complete, options.signal);
  return renamed.ok ? ok({ resumedFrom: sent.value.resumedFrom }) : renamed;
}

/** Waits until the meter has checked the image; a refusal is `upgrade/refused-…` with the meter's own reason. */
export async function awaitAcceptance(
  sftp: SftpClient,
  folder: string,
  image: ImageToSend,
  options: { readonly signal: AbortSignal; readonly capMs: number; readonly now: () => Date },
): Promise<Result<string>> {
  const deadline = options.now().getTime() + options.capMs;
  for (;;) {
    const status = await readStatus(sftp, folder, options.signal);
    if (!status.ok) return status;
    const said = status.value;
    if (said?.sha256 === image.sha256 && said.state === 'accepted') return ok(said.text);
    if (said?.state === 'refused' && said.image === image.name) return refused(said);
    if (options.now().getTime() >= deadline) return noAnswer(options.capMs, said);
    try {
      await delay(POLL_MS, undefined, { signal: options.signal });
    } catch {
      return aborted();
    }
  }
}

/** Tells the meter to apply the image that it accepted. After this the meter restarts by itself. */
export async function applyMainImage(sftp: SftpClient, folder: string, image: ImageToSend): Promise<Result<void>> {
  const bytes = new TextEncoder().encode(image.sha256);
  const source: ByteSource = {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
  const sent = await sftp.upload(source, `${folder}/APPLY`);
  return sent.ok ? ok(undefined) : sent;
}

const REASONS: Readonly<Record<string, { readonly because: string; readonly nextStep: string }>> = {
  truncated: { because: 'The image is incomplete.', nextStep: 'Start the upgrade again; the transfer begins anew.' },
  'bad-signature': {
    because: 'The signature of the image is not valid.',
    nextStep: 'Download the package again from the vendor and compare its hash.',
  },
  'wrong-model': { because: 'The image is for another model.', nextStep: 'Choose the package for this meter’s model.' },
  'wrong-kind': {
    because: 'The image is not a main firmware image.',
    nextStep: 'Choose the main image, or the target that this image is for.',
  },
  'not-newer': { because: 'The image is not newer than what the meter runs.', nextStep: 'Nothing needs to be done.' },
  'no-downgrade': {
    because: 'Firmware 4.0.0 and later cannot go back to an earlier version.',
    nextStep: 'Keep the version that the meter runs, or choose a newer one.',
  },
  'start-too-old': {
    because: 'The meter’s firmware is too old for a direct step to this image.',
    nextStep: 'Upgrade to the step in between first.',
  },
  'revenue-locked': {
    because: 'The meter is revenue-locked.',
    nextStep: 'Have the meter unlocked by whoever is authorised to, then start again.',
  },
  'storage-full': {
    because: 'The meter has no room for the image.',
    nextStep: 'Delete files in its documents folder.',
  },
};

function refused(status: UpgradeFolderStatus): Result<never> {
  const reason = status.reason ?? 'unknown';
  const known = REASONS[reason];
  return fail({
    code: `upgrade/refused-${/^[a-z-]+$/.test(reason) ? reason : 'unknown'}`,
    title: 'The meter refused the image',
    because: known?.because ?? `The meter says: ${status.text}`,
    meterState: 'The meter checked the image and did not apply it; it runs what it ran before.',
    nextStep: known?.nextStep ?? 'Note the meter’s words and ask the vendor.',
    details: { reason, meterSays: status.text },
  });
}

function noAnswer(capMs: number, said: UpgradeFolderStatus | undefined): Result<never> {
  return fail({
    code: 'upgrade/no-acceptance',
    title: 'The meter did not say whether it accepts the image',
    because: `It had ${Math.round(capMs / 1000)} s; its last word was "${said?.state ?? 'no status file'}".`,
    meterState: 'The image lies on the meter and was not applied.',
    nextStep: 'Identify the meter, then resume the job.',
  });
}

function aborted(): Result<never> {
  return fail({
    code: 'aborted',
    title: 'Stopped',
    because: 'The work was stopped on request.',
    meterState: 'The image lies on the meter and was not applied.',
    nextStep: 'Resume the job or start a new one.',
  });
}
