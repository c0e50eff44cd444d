import { fail, ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import type { HostKeyStore, SftpClient, SftpEndpoint } from '../protocols/sftp/types.ts';
import type { Credentials, MeterAddress } from './types.ts';

export interface SftpDoorOptions {
  readonly address: MeterAddress;
  readonly credentials: Credentials | undefined;
  readonly hostKeys: HostKeyStore;
  connect(endpoint: SftpEndpoint): Promise<Result<SftpClient>>;
}

/** The one SFTP session of a meter. */
export interface SftpDoor {
  /** The open session, or a new one; a refused login is remembered and answered without touching the meter again. */
  open(signal: AbortSignal): Promise<Result<SftpClient>>;
  /** Whether a session was opened and, as far as is known here, not ended. */
  isOpen(): boolean;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Answers to `stat` after which the session is kept: the first two come from a session that works, the third from the caller. */
const KEPT: ReadonlySet<string> = new Set(['sftp/permission-denied', 'sftp/no-such-file', 'aborted']);

/**
 * Opens SFTP sessions, one at a time. The meter counts wrong logins and locks the user out, so credentials that it refused are never
 * tried a second time.
 */
export function createSftpDoor({ address, credentials, hostKeys, connect }: SftpDoorOptions): SftpDoor {
  let session: SftpClient | undefined;
  let refused: Problem | undefined;

  /** A session that the meter ended (it restarts after an upgrade) must not be handed out again. */
  async function stillOpen(open: SftpClient, signal: AbortSignal): Promise<boolean> {
    const answer = await open.stat('.', signal);
    return answer.ok || KEPT.has(answer.problem.code);
  }

  return {
    async open(signal) {
      if (credentials === undefined) return noCredentials();
      if (refused !== undefined) return { ok: false, problem: refused };
      if (session !== undefined) {
        if (await stillOpen(session, signal)) return ok(session);
        await session.close();
        session = undefined;
      }
      const { host, ports, timeoutMs } = address;
      const opened = await connect({ host, port: ports.sftp, ...credentials, hostKeys, timeoutMs, signal });
      if (opened.ok) session = opened.value;
      else if (opened.problem.code === 'sftp/wrong-credentials') refused = opened.problem;
      return opened;
    },
    isOpen: () => session !== undefined,
    async close() {
      const open = session;
      session = undefined;
      await open?.close();
    },
  };
}

function noCredentials() {
  return fail({
    code: 'meter/no-credentials',
    title: 'A user and a password of the meter are needed',
    because: 'Files of the meter are reached over SFTP, which asks for a login.',
    nextStep: 'Give the user (USER1 to USER50) and the password of the meter.',
  });
}
