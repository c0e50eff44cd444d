import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { control, rawConnection, startMeter, stateOf, temporaryFolder, until } from './bench.ts';
import { openSftp } from './bench-sftp.ts';

const PERMISSION_DENIED = { code: 3 };
const NO_SUCH_FILE = { code: 2 };
const FAILURE = { code: 4 };

describe('folders', () => {
  it('shows the seven folders and the files a meter comes with', async () => {
    const sftp = await openSftp(await startMeter());
    expect((await sftp.list('/')).sort()).toEqual(
      ['COMTRADE', 'IEC61850', 'documents', 'firmwareUpg', 'optionModuleUpg', 'rmdUpg', 'web'].sort(),
    );
    expect((await sftp.stat('/COMTRADE')).isDirectory()).toBe(true);
    expect(await sftp.list('/documents')).toEqual(['site-notes.txt', 'wiring.csv']);
    expect(await sftp.list('/web')).toEqual(['index.html', 'style.css']);
    expect(await sftp.list('/IEC61850')).toEqual(['SIM-00001.cid']);
    expect(await sftp.list('/firmwareUpg')).toEqual(['STATUS.JSON']);
  });

  it('keeps COMTRADE read only, and its records obey the size rule of the standard', async () => {
    const sftp = await openSftp(await startMeter());
    const names = await sftp.list('COMTRADE');
    expect(names).toEqual([1, 2, 3].flatMap((n) => [`cmt0__000000${n}.cfg`, `cmt0__000000${n}.dat`]));
    const cfg = (await sftp.read('COMTRADE/cmt0__0000002.cfg')).toString('ascii').split('\r\n');
    const dat = await sftp.read('COMTRADE/cmt0__0000002.dat');
    const [, analog = '', digital = ''] = /^\d+,(\d+)A,(\d+)D$/.exec(cfg[1] ?? '') ?? [];
    const samples = Number(cfg.at(-6)?.split(',')[1]);
    expect(samples).toBeGreaterThan(100);
    expect(dat.length).toBe(samples * (8 + 2 * Number(analog) + 2 * Math.ceil(Number(digital) / 16)));
    await expect(sftp.write('COMTRADE/x.cfg', 'x')).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.write('COMTRADE/cmt0__0000001.cfg', 'x')).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.remove('COMTRADE/cmt0__0000001.cfg')).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.rename('COMTRADE/cmt0__0000001.cfg', 'COMTRADE/y.cfg')).rejects.toMatchObject(PERMISSION_DENIED);
    expect(await sftp.list('COMTRADE')).toEqual(names);
  });

  it('lets documents be written, renamed, replaced and deleted', async () => {
    const sftp = await openSftp(await startMeter());
    const content = Buffer.alloc(300_000, 'abcdefg');
    await sftp.write('/documents/a.bin', content);
    expect((await sftp.read('/documents/a.bin')).equals(content)).toBe(true);
    await sftp.append('/documents/a.bin', Buffer.from('end'), content.length);
    expect((await sftp.stat('/documents/a.bin')).size).toBe(content.length + 3);
    await sftp.rename('/documents/a.bin', '/documents/b.bin');
    await sftp.write('/documents/b.bin', 'short');
    expect((await sftp.read('/documents/b.bin')).toString()).toBe('short');
    await sftp.call((done) => sftp.raw.setstat('/documents/b.bin', { mtime: 1_000_000_000, atime: 0 }, done));
    expect((await sftp.stat('/documents/b.bin')).mtime).toBe(1_000_000_000);
    await sftp.remove('/documents/b.bin');
    await expect(sftp.stat('/documents/b.bin')).rejects.toMatchObject(NO_SUCH_FILE);
  });

  it('lets web and IEC61850 take files and gives none back for deletion', async () => {
    const sftp = await openSftp(await startMeter());
    for (const folder of ['web', 'IEC61850']) {
      await sftp.write(`/${folder}/new.cid.part`, 'x');
      await sftp.rename(`/${folder}/new.cid.part`, `/${folder}/new.cid`);
      await expect(sftp.remove(`/${folder}/new.cid`)).rejects.toMatchObject(PERMISSION_DENIED);
      await expect(sftp.rename(`/${folder}/new.cid`, `/${folder}/old.cid`)).rejects.toMatchObject(PERMISSION_DENIED);
    }
  });

  it('refuses folders, links and moves between folders', async () => {
    const sftp = await openSftp(await startMeter());
    await expect(sftp.call((done) => sftp.raw.mkdir('/documents/x', done))).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.call((done) => sftp.raw.rmdir('/documents', done))).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.call((done) => sftp.raw.symlink('/web', '/documents/l', done))).rejects.toMatchObject(
      PERMISSION_DENIED,
    );
    await expect(sftp.rename('/documents/wiring.csv', '/web/wiring.csv')).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.list('/nowhere')).rejects.toMatchObject(NO_SUCH_FILE);
    await expect(sftp.write('/top.txt', 'x')).rejects.toMatchObject(NO_SUCH_FILE);
  });

  it('refuses names with blanks, quotation marks, special or foreign characters, and long ones', async () => {
    const sftp = await openSftp(await startMeter());
    const names = ['a b', 'a"b', "a'b", 'a\\b', 'a*b', 'a?b', 'a<b', 'a>b', 'é', 'a\u0001', 'n'.repeat(69)];
    for (const name of names) {
      await expect(sftp.write(`/documents/${name}`, 'x'), name).rejects.toMatchObject(FAILURE);
      await expect(sftp.rename('/documents/wiring.csv', `/documents/${name}`), name).rejects.toMatchObject(FAILURE);
    }
    expect(await sftp.list('/documents')).toEqual(['site-notes.txt', 'wiring.csv']);
  });

  it('takes names that a host may not like, and never leaves its folders', async () => {
    const stateFolder = await temporaryFolder();
    const sftp = await openSftp(await startMeter({ stateFolder }));
    const names = ['con', 'NUL.txt', 'a:b', 'a|b', 'x.', 'n'.repeat(68), '%2e%2e', '~a'];
    for (const name of names) await sftp.write(`/documents/${name}`, name);
    expect((await sftp.list('/documents')).sort()).toEqual(['site-notes.txt', 'wiring.csv', ...names].sort());
    for (const name of names) expect((await sftp.read(`/documents/${name}`)).toString()).toBe(name);
    await expect(sftp.read('/documents/../../state.json')).rejects.toMatchObject({ code: expect.any(Number) });
    await expect(sftp.read('/documents/..\\..\\state.json')).rejects.toMatchObject({ code: expect.any(Number) });
    await expect(sftp.write('/documents/../../escaped.txt', 'x')).rejects.toMatchObject(NO_SUCH_FILE);
    await expect(readFile(join(stateFolder, 'escaped.txt'))).rejects.toThrow();
  });

  it('says that the storage is full', async () => {
    const meter = await startMeter();
    const sftp = await openSftp(meter);
    await control(meter, '/fault', { kind: 'storage-full' });
    await expect(sftp.write('/documents/a', 'x')).rejects.toMatchObject(FAILURE);
    await control(meter, '/fault', { kind: 'clear' });
    await sftp.write('/documents/a', 'x');
    await expect(sftp.append('/documents/a', Buffer.from('x'), 2 ** 40)).rejects.toMatchObject(FAILURE);
  });
});

describe('sessions', () => {
  it('takes two connections and closes the third at once', async () => {
    const meter = await startMeter();
    const first = await openSftp(meter);
    await openSftp(meter);
    const third = await rawConnection(meter.address.ports.sftp);
    expect((await third.ended()).length).toBe(0);
    first.end();
    await first.closed;
    await until(
      () => stateOf(meter),
      (state) => JSON.stringify(state['connections']).includes('"sftp":1'),
    );
    expect(await (await openSftp(meter)).list('/web')).toHaveLength(2);
  });

  it('closes an idle session', async () => {
    const meter = await startMeter({ sftpIdleSeconds: 0.2 });
    const sftp = await openSftp(meter);
    await sftp.closed;
  });

  it('keeps its host key over a restart', async () => {
    const stateFolder = await temporaryFolder();
    const first = await startMeter({ stateFolder });
    const before = await hostKeyOf(first.address.ports.sftp);
    await first.stop();
    const second = await startMeter({ stateFolder });
    expect(await hostKeyOf(second.address.ports.sftp)).toBe(before);
    expect(await hostKeyOf((await startMeter()).address.ports.sftp)).not.toBe(before);
  });

  it('survives bytes that are not SSH', async () => {
    const meter = await startMeter();
    const noise = await rawConnection(meter.address.ports.sftp);
    noise.send(Buffer.alloc(100_000, 0x41));
    await noise.ended();
    expect(await (await openSftp(meter)).list('/web')).toHaveLength(2);
  });
});

describe('logins', () => {
  it('refuses unknown users, wrong passwords and other methods', async () => {
    const meter = await startMeter();
    await expect(openSftp(meter, { user: 'USER51' })).rejects.toThrow(/authentication/);
    await expect(openSftp(meter, { user: 'root', password: '' })).rejects.toThrow(/authentication/);
    await expect(openSftp(meter, { password: '00' })).rejects.toThrow(/authentication/);
    await openSftp(meter, { user: 'USER50' });
  });

  it('locks a user out after so many wrong passwords, for good passwords too, over a restart, and no other user', async () => {
    const stateFolder = await temporaryFolder();
    const meter = await startMeter({ stateFolder });
    await control(meter, '/lock', { lockout: { attempts: 3, minutes: 10 } });
    for (let n = 0; n < 3; n += 1) await expect(openSftp(meter, { password: 'wrong' })).rejects.toThrow();
    await expect(openSftp(meter)).rejects.toThrow(/authentication/);
    const other = await openSftp(meter, { user: 'USER2' });
    other.end();
    await meter.stop();
    const again = await startMeter({ stateFolder });
    await expect(openSftp(again)).rejects.toThrow(/authentication/);
    expect(JSON.stringify((await stateOf(again))['events'])).toContain('USER1 is locked out of sftp for 10 minutes');
    await control(again, '/lock', { lockout: { attempts: 3, minutes: 10 } });
    await openSftp(again);
  });

  it('takes a new password, never stores it in the clear, and obeys the length of the firmware', async () => {
    const stateFolder = await temporaryFolder();
    const meter = await startMeter({ stateFolder });
    expect((await control(meter, '/users', { user: 'USER1', password: 'Sixteen-letters!' })).status).toBe(200);
    expect((await control(meter, '/users', { user: 'USER1', password: 'Seventeen-letters' })).status).toBe(409);
    await expect(openSftp(meter)).rejects.toThrow();
    await openSftp(meter, { password: 'Sixteen-letters!' });
    expect(await readFile(join(stateFolder, 'state.json'), 'utf8')).not.toContain('Sixteen');
  });
});

it('satisfies the sftp of OpenSSH', async () => {
  const meter = await startMeter();
  const folder = await temporaryFolder();
  const askpass = join(folder, 'askpass.sh');
  await writeFile(askpass, '#!/bin/sh\necho 0\n');
  await chmod(askpass, 0o700);
  await writeFile(join(folder, 'up.bin'), Buffer.alloc(200_000, 'openssh'));
  const batch = [
    'ls -l /COMTRADE',
    'get /documents/site-notes.txt got.txt',
    'put up.bin /documents/up.bin',
    'rename /documents/up.bin /documents/moved.bin',
    'get /documents/moved.bin down.bin',
    'rm /documents/moved.bin',
    'ls -1 /documents',
  ];
  await writeFile(join(folder, 'batch'), batch.join('\n'));
  const { stdout } = await promisify(execFile)(
    'sftp',
    [
      '-oBatchMode=no',
      '-oStrictHostKeyChecking=no',
      `-oUserKnownHostsFile=${join(folder, 'known')}`,
      '-oPreferredAuthentications=password',
      '-oNumberOfPasswordPrompts=1',
      ...['-P', String(meter.address.ports.sftp), '-b', 'batch', 'USER1@127.0.0.1'],
    ],
    { cwd: folder, timeout: 20_000, env: { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' } },
  );
  expect(stdout).toContain('cmt0__0000001.cfg');
  expect((await readFile(join(folder, 'down.bin'))).equals(Buffer.alloc(200_000, 'openssh'))).toBe(true);
  expect(await readFile(join(folder, 'got.txt'), 'utf8')).toContain('SIMULATED');
  expect(stdout.slice(stdout.lastIndexOf('ls -1'))).not.toContain('moved.bin');
});

function hostKeyOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.connect({
      host: '127.0.0.1',
      port,
      username: 'USER1',
      password: '0',
      hostVerifier: (key: Buffer) => {
        resolve(key.toString('base64'));
        client.destroy();
        return false;
      },
    });
  });
}
