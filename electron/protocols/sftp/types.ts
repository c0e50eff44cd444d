import type { Result } from '../../../shared/domain/problem.ts';

/**
 * The keys of hosts that were seen before; kept on disk by the inventory. Fingerprints are `SHA256:` + base64 without padding, as OpenSSH prints
 * them. Both methods reject when the keys cannot be read or kept, with a message for people; a session is not opened then.
 */
export interface HostKeyStore {
  lookup(host: string, port: number): Promise<string | undefined>;
  /** Called once, on first use. Must be durable when the promise settles. */
  pin(host: string, port: number, fingerprint: string): Promise<void>;
}

export interface SftpEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A private key in PEM or OpenSSH's format, without a passphrase; when given, it is used instead of the password. */
  readonly privateKey?: string;
  readonly hostKeys: HostKeyStore;
  /** Cap on connecting and on any single request, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the attempt to connect; an open session has its own signals. */
  readonly signal?: AbortSignal;
}

export interface RemoteFile {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** In bytes. */
  readonly size: number;
  /** ISO 8601 UTC, second resolution. */
  readonly modified: string;
}

export interface TransferProgress {
  readonly done: number;
  readonly total: number;
  /** Bytes per second over the last few seconds. */
  readonly perSecond: number;
}

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** At most 4 calls a second, plus one at the end. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** Bytes to send, opened once: what was hashed is what is sent. */
export interface ByteSource {
  readonly size: number;
  /** Returns exactly `length` bytes from `offset`; rejects when the source is shorter. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface SftpClient {
  /** `SHA256:…` of the key that the host presented. */
  readonly hostKey: string;
  /** True when the key was pinned by this connection. */
  readonly firstUse: boolean;
  /** At most `limit` entries (default 10,000); more is `sftp/listing-too-long`. */
  list(
    folder: string,
    options?: { readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<Result<readonly RemoteFile[]>>;
  stat(path: string, signal?: AbortSignal): Promise<Result<RemoteFile | undefined>>;
  /** Whole file into memory; more than `maxBytes` is `sftp/too-large`. */
  readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Result<Uint8Array>>;
  /** To a temporary file beside `localPath`, fsynced, then renamed. Returns size and SHA-256 (hex) of what was written. */
  download(
    path: string,
    localPath: string,
    options?: TransferOptions & { readonly maxBytes?: number },
  ): Promise<Result<{ readonly size: number; readonly sha256: string }>>;
  /**
   * Sends the source. With `resume`, a part that is already there is hashed over the wire and kept only when it equals the start of
   * the source. `resumedFrom` is the number of bytes that were kept.
   */
  upload(
    source: ByteSource,
    path: string,
    options?: TransferOptions & { readonly resume?: boolean },
  ): Promise<Result<{ readonly sent: number; readonly resumedFrom: number }>>;
  /** Reads the file back from the host and returns its SHA-256 (hex). */
  hash(path: string, options?: TransferOptions): Promise<Result<string>>;
  rename(from: string, to: string, signal?: AbortSignal): Promise<Result<void>>;
  remove(path: string, signal?: AbortSignal): Promise<Result<void>>;
  close(): Promise<void>;
}
