import type { Stats } from 'ssh2';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { protocolProblem } from './problems.ts';
import type { SftpSession } from './session.ts';

/** Flags of SSH_FXP_OPEN (draft-ietf-secsh-filexfer-02, 6.3). */
export const OPEN = { read: 0x01, write: 0x02, createEmpty: 0x02 | 0x08 | 0x10 } as const;

/** A file that is open on the host. */
export interface RemoteHandle {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Opens a file; when it was aborted and the host opens it nevertheless, it is closed again. */
export async function openRemote(
  session: SftpSession,
  path: string,
  flags: number,
  signal?: AbortSignal,
): Promise<Result<RemoteHandle>> {
  const opened = await session.request<Buffer>(
    (sftp, done) => sftp.open(path, flags, done),
    session.subject('opening', path),
    signal,
    (late) => {
      if (Buffer.isBuffer(late))
        session.start((sftp, done) => sftp.close(late, done), session.subject('closing', path), ignore);
    },
  );
  if (!opened.ok) return opened;
  // An answer of the wrong kind must not be sent back as a handle; a handle has at most 256 bytes.
  if (!Buffer.isBuffer(opened.value) || opened.value.length > 256) {
    return { ok: false, problem: protocolProblem(`The host gave no usable handle for ${path}.`, session.endpoint) };
  }
  return ok({ path, bytes: opened.value });
}

/** Closes a file and says how that went: a host may report a failed write only now. */
export async function closeRemote(session: SftpSession, handle: RemoteHandle): Promise<Result<void>> {
  const closed = await session.request<void>(
    (sftp, done) => sftp.close(handle.bytes, done),
    session.subject('closing', handle.path),
  );
  return closed.ok ? ok(undefined) : closed;
}

/** Closes a file after something else went wrong, without waiting: that other thing is what gets reported. */
export function abandonRemote(session: SftpSession, handle: RemoteHandle): void {
  session.start((sftp, done) => sftp.close(handle.bytes, done), session.subject('closing', handle.path), ignore);
}

/** Size of an open file in bytes. */
export async function remoteSize(
  session: SftpSession,
  handle: RemoteHandle,
  signal?: AbortSignal,
): Promise<Result<number>> {
  const stats = await session.request<Stats>(
    (sftp, done) => sftp.fstat(handle.bytes, done),
    session.subject('asking for the size of', handle.path),
    signal,
  );
  if (!stats.ok) return stats;
  const size: unknown = stats.value?.size;
  if (typeof size !== 'number' || !Number.isSafeInteger(size)) {
    return {
      ok: false,
      problem: protocolProblem(`The host does not say how large ${handle.path} is.`, session.endpoint),
    };
  }
  return ok(size);
}

function ignore(): void {
  // Nobody waits for this answer, and the watchdog of the session still does.
}
