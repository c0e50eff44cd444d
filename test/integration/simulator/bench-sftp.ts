import ssh2, { type FileEntryWithStats, type SFTPWrapper, type Stats } from 'ssh2';
import { onTestFinished } from 'vitest';
import type { SimulatedMeter } from '../../../simulator/types.ts';

/** The parts of an SFTP session that the tests use, as promises. Failures reject with `code` = SFTP status. */
export interface TestSftp {
  readonly raw: SFTPWrapper;
  list(path: string): Promise<string[]>;
  entries(path: string): Promise<FileEntryWithStats[]>;
  read(path: string): Promise<Buffer>;
  write(path: string, content: string | Buffer): Promise<void>;
  append(path: string, content: Buffer, at: number): Promise<void>;
  stat(path: string): Promise<Stats>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  call(work: (done: (error?: Error | null) => void) => void): Promise<void>;
  /** Settles when the connection is gone. */
  readonly closed: Promise<void>;
  end(): void;
}

/** Logs in; rejects when that fails. */
export async function openSftp(
  meter: SimulatedMeter,
  login: { readonly user?: string; readonly password?: string } = {},
): Promise<TestSftp> {
  const { host, ports, credentials } = meter.address;
  const client = new ssh2.Client();
  onTestFinished(() => {
    client.destroy();
  });
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed before login')));
    client.connect({
      host,
      port: ports.sftp,
      username: login.user ?? credentials.user,
      password: login.password ?? credentials.password,
      readyTimeout: 8000,
    });
  });
  client.on('error', () => undefined);
  // Small requests would wait 40 ms each for the acknowledgement of the one before.
  client.setNoDelay(true);
  const raw = await settle<SFTPWrapper>(closed, (done) => client.sftp(done));
  raw.on('error', () => undefined);
  const call = (work: (done: (error?: Error | null) => void) => void): Promise<void> =>
    settle<void>(closed, (done) => work((error) => done(error, undefined)));

  return {
    raw,
    closed,
    call,
    entries: (path) => settle(closed, (done) => raw.readdir(path, done)),
    async list(path) {
      const entries = await settle<FileEntryWithStats[]>(closed, (done) => raw.readdir(path, done));
      return entries.map(({ filename }) => filename);
    },
    read: (path) => settle(closed, (done) => raw.readFile(path, done)),
    write: (path, content) => call((done) => raw.writeFile(path, content, done)),
    async append(path, content, at) {
      const handle = await settle<Buffer>(closed, (done) => raw.open(path, 'r+', done));
      await call((done) => raw.write(handle, content, 0, content.length, at, done));
      await call((done) => raw.close(handle, done));
    },
    stat: (path) => settle(closed, (done) => raw.stat(path, done)),
    rename: (from, to) => call((done) => raw.rename(from, to, done)),
    remove: (path) => call((done) => raw.unlink(path, done)),
    end: () => client.end(),
  };
}

/** Turns a callback into a promise that also rejects when the connection ends, so that no test waits for ever. */
function settle<T>(
  closed: Promise<void>,
  work: (done: (error: Error | null | undefined, value: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    closed.then(() => reject(new Error('connection closed')), reject);
    work((error, value) => {
      if (error instanceof Error) reject(error);
      else resolve(value);
    });
  });
}
