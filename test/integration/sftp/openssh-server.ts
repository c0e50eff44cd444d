import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An sshd of OpenSSH on a free loopback port, with its own host key and one authorised key. */
export interface OpenSshServer {
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** File that holds {@link privateKey}, for OpenSSH's own clients. */
  readonly identityFile: string;
  /** As ssh-keygen prints it: `SHA256:…`. */
  readonly fingerprint: string;
  /** Working folder of the test; SFTP paths are paths of this machine. */
  readonly folder: string;
  /** What sshd wrote to its log. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts sshd. It runs as whoever runs the test; root needs the folder /run/sshd. Fails with a message that says what is missing.
 */
export async function startOpenSsh(extraConfig: readonly string[] = []): Promise<OpenSshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mw-openssh-'));
  try {
    const sshd = await findSshd();
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    await chmod(folder, 0o700);
    const hostKey = join(folder, 'host_key');
    const identityFile = join(folder, 'user_key');
    for (const file of [hostKey, identityFile]) {
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
    }
    await writeFile(join(folder, 'authorized_keys'), await readFile(`${identityFile}.pub`), { mode: 0o600 });
    const { stdout } = await run('ssh-keygen', ['-l', '-f', `${hostKey}.pub`]);
    const config = (port: number) =>
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
        'PidFile none',
        'UsePAM no',
        'StrictModes no',
        'PermitRootLogin yes',
        'PasswordAuthentication yes',
        'KbdInteractiveAuthentication no',
        'UseDNS no',
        'PrintMotd no',
        'LogLevel VERBOSE',
        'Subsystem sftp internal-sftp',
        ...extraConfig,
        '',
      ].join('\n');
    const started = await startOnFreePort(sshd, folder, config);
    return {
      ...started,
      user: userInfo().username,
      privateKey: await readFile(identityFile, 'utf8'),
      identityFile,
      fingerprint: stdout.split(' ')[1] ?? '',
      folder,
      stop: async () => {
        await started.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}

async function findSshd(): Promise<string> {
  for (const path of ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd']) {
    const found = await run(path, ['-V']).then(
      () => true,
      // Old versions know no -V and exit with 1; only a missing file counts.
      (error: { code?: unknown }) => error.code !== 'ENOENT',
    );
    if (found) return path;
  }
  throw new Error('sshd of OpenSSH is not installed; npm run setup:test installs it');
}

/** sshd takes no port 0: another process can grab the port between finding it and using it, so a few are tried. */
async function startOnFreePort(sshd: string, folder: string, config: (port: number) => string) {
  let lastLog = '';
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = await freePort();
    const file = join(folder, 'sshd_config');
    await writeFile(file, config(port));
    const child = spawn(sshd, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
    let log = '';
    const listening = await new Promise<boolean>((resolve) => {
      const cap = setTimeout(() => resolve(false), 5_000);
      child.stderr.on('data', (text: Buffer) => {
        log += text.toString();
        if (log.includes('Server listening')) {
          clearTimeout(cap);
          resolve(true);
        }
      });
      void exited.then(() => {
        clearTimeout(cap);
        resolve(false);
      });
      child.once('error', (error) => {
        log += error.message;
      });
    });
    const stop = async () => {
      child.kill('SIGTERM');
      await exited;
    };
    if (listening) return { port, log: () => log, stop };
    await stop();
    lastLog = log;
  }
  throw new Error(`sshd did not start: ${lastLog}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
