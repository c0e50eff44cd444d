import type { Stats } from 'ssh2';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { openSession } from './connect.ts';
import { download, hashRemote, readWhole } from './download.ts';
import { describe, listFolder } from './listing.ts';
import { afterChange, protocolProblem } from './problems.ts';
import type { SftpSession } from './session.ts';
import type { RemoteFile, SftpClient, SftpEndpoint } from './types.ts';
import { upload } from './upload.ts';

/**
 * Opens an SFTP session. Fails with `sftp/refused`, `sftp/unreachable`, `sftp/timeout`, `sftp/closed`, `sftp/busy`, `sftp/not-ssh`,
 * `sftp/no-common-algorithm`, `sftp/host-key-changed`, `sftp/wrong-credentials`, `sftp/local-disk` (known host keys), `sftp/failure` or
 * `aborted`; no socket is left behind then.
 */
export async function connectSftp(endpoint: SftpEndpoint): Promise<Result<SftpClient>> {
  const opened = await openSession(endpoint);
  if (!opened.ok) return opened;
  const { session, hostKey, firstUse } = opened.value;
  return ok({
    hostKey,
    firstUse,
    list: (folder, options) => listFolder(session, folder, options),
    stat: (path, signal) => stat(session, path, signal),
    readFile: (path, maxBytes, signal) => readWhole(session, path, maxBytes, signal),
    download: (path, localPath, options = {}) => download(session, path, localPath, options),
    upload: (source, path, options = {}) => upload(session, source, path, options),
    hash: (path, options = {}) => hashRemote(session, path, options),
    rename: (from, to, signal) =>
      change(
        session.request<void>((sftp, done) => sftp.rename(from, to, done), session.subject('renaming', from), signal),
      ),
    remove: (path, signal) =>
      change(session.request<void>((sftp, done) => sftp.unlink(path, done), session.subject('removing', path), signal)),
    close: () => session.close(),
  });
}

async function stat(session: SftpSession, path: string, signal?: AbortSignal): Promise<Result<RemoteFile | undefined>> {
  const stats = await session.request<Stats>(
    (sftp, done) => sftp.stat(path, done),
    session.subject('looking at', path),
    signal,
  );
  if (!stats.ok) return stats.problem.code === 'sftp/no-such-file' ? ok(undefined) : stats;
  const file = stats.value && describe(path.slice(path.lastIndexOf('/') + 1), stats.value);
  if (file === undefined) {
    return { ok: false, problem: protocolProblem(`The host says nothing usable about ${path}.`, session.endpoint) };
  }
  return ok(file);
}

/** Waits for a request that changes the meter; when nobody knows whether it was carried out, the problem says so. */
async function change(request: Promise<Result<unknown>>): Promise<Result<void>> {
  const result = await request;
  return result.ok ? ok(undefined) : { ok: false, problem: afterChange(result.problem) };
}
