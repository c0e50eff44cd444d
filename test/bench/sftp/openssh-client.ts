import { spawn } from 'node:child_process';

/** A session of OpenSSH's `sftp -b -` that stays open for many commands. */
export interface OpenSshClient {
  /** Runs one command and settles when it is done; rejects when sftp ends. */
  run(command: string): Promise<void>;
  close(): Promise<void>;
}

/** What `pwd` answers from memory, without asking the server: it marks the end of the command before it. */
const MARK = 'Remote working directory';
/** From the package openssh-client, on the path. */
const PROGRAM = 'sftp';
const COMMAND_CAP_MS = 120_000;

/** Starts sftp and settles when it is logged in. */
export async function startOpenSshClient(options: {
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
}): Promise<OpenSshClient> {
  const settings = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'IdentitiesOnly=yes'];
  const child = spawn(
    PROGRAM,
    [
      ...['-q', '-b', '-', '-P', String(options.port), '-i', options.identityFile, '-F', 'none'],
      ...settings.flatMap((setting) => ['-o', setting]),
      `${options.user}@127.0.0.1`,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  let errors = '';
  let marks = 0;
  let changed = () => {};
  let over: Error | undefined;
  const exited = new Promise<void>((resolve) => {
    const end = (error: Error) => {
      over ??= error;
      changed();
      resolve();
    };
    child.once('error', (error) => end(new Error(`sftp of OpenSSH cannot be started: ${error.message}`)));
    child.once('close', (code) => end(new Error(`sftp ended with ${code}: ${errors}`)));
  });
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
    const lines = output.split('\n');
    output = lines.pop() ?? '';
    marks += lines.filter((line) => line.startsWith(MARK)).length;
    changed();
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  child.stdin.on('error', () => {
    // The end of sftp is reported by its 'close' event.
  });

  const run = (command: string): Promise<void> => {
    const wanted = marks + 1;
    child.stdin.write(`${command}\npwd\n`);
    return new Promise((resolve, reject) => {
      const cap = setTimeout(() => reject(new Error(`sftp took too long for: ${command}`)), COMMAND_CAP_MS);
      changed = () => {
        if (marks < wanted && over === undefined) return;
        clearTimeout(cap);
        changed = () => {};
        if (marks >= wanted) resolve();
        else reject(over);
      };
      changed();
    });
  };

  await run('version');
  return {
    run,
    async close() {
      child.stdin.end('bye\n');
      const cut = setTimeout(() => child.kill(), 2_000);
      await exited;
      clearTimeout(cut);
    },
  };
}
