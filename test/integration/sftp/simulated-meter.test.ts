import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homePaths } from '../../../electron/inventory/home.ts';
import { openHostKeys } from '../../../electron/inventory/host-keys.ts';
import { connectSftp } from '../../../electron/protocols/sftp/client.ts';
import type { HostKeyStore, SftpClient, SftpEndpoint } from '../../../electron/protocols/sftp/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';

const cleanup: (() => Promise<unknown>)[] = [];
let folder: string;
let meter: SimulatedMeter;
let hostKeys: HostKeyStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-sftp-meter-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  meter = await startSimulatedMeter({
    name: 'Feeder 7',
    serial: 'SIM-000007',
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'advanced',
    stateFolder: join(folder, 'meter'),
    seed: 7,
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
    applySeconds: 0,
  });
  cleanup.push(() => meter.stop());
  const keys = await openHostKeys(homePaths(join(folder, 'home')).knownHosts);
  if (!keys.ok) throw new Error(keys.problem.because);
  hostKeys = keys.value;
});
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

function endpoint(more: Partial<SftpEndpoint> = {}): SftpEndpoint {
  const { host, ports, credentials } = meter.address;
  return { host, port: ports.sftp, ...credentials, hostKeys, timeoutMs: 5_000, ...more };
}

async function connected(): Promise<SftpClient> {
  const client = await connectSftp(endpoint());
  if (!client.ok) throw new Error(client.problem.because);
  cleanup.push(() => client.value.close());
  return client.value;
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(new URL(path, meter.address.control), { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}

const image = randomBytes(3_000_000);
const source = {
  size: image.length,
  read: (offset: number, length: number) => Promise.resolve(image.subarray(offset, offset + length)),
};

describe('a simulated meter', () => {
  it('drops the connection in the middle of an image: the rest is sent later, and the whole is what was sent', async () => {
    const path = '/firmwareUpg/image.upx.part';
    await control('/fault', { kind: 'drop', protocol: 'sftp', direction: 'in', atByte: 1_200_000 });
    const first = await connected();
    expect(await first.upload(source, path, { resume: true })).toMatchObject({
      ok: false,
      problem: { code: 'sftp/closed', meterState: expect.stringContaining('not complete') },
    });

    const second = await connected();
    expect(second.firstUse).toBe(false);
    expect(second.hostKey).toBe(first.hostKey);
    const resumed = await second.upload(source, path, { resume: true });
    if (!resumed.ok) throw new Error(resumed.problem.because);
    expect(resumed.value.resumedFrom).toBeGreaterThan(0);
    expect(resumed.value.sent).toBe(image.length - resumed.value.resumedFrom);
    const local = join(folder, 'back');
    expect(await second.download(path, local)).toMatchObject({ ok: true, value: { size: image.length } });
    expect((await readFile(local)).equals(image)).toBe(true);
  });

  it('damages the bytes on the wire: the transfer ends and nothing wrong is kept', async () => {
    const client = await connected();
    expect(await client.upload(source, '/documents/image.bin')).toMatchObject({ ok: true });
    await client.close();
    await control('/fault', { kind: 'garbage', protocol: 'sftp', direction: 'out', atByte: 400_000, length: 50 });
    const damaged = await connected();
    const downloads = join(folder, 'downloads');
    const got = await damaged.download('/documents/image.bin', downloads);
    expect(got).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/^sftp\/(failure|closed)$/) } });
    expect(await readdir(folder)).not.toContain('downloads');
  });

  it('has no room: the reason is said', async () => {
    const client = await connected();
    await control('/fault', { kind: 'storage-full' });
    expect(await client.upload(source, '/documents/image.bin')).toMatchObject({
      ok: false,
      problem: { code: 'sftp/no-space' },
    });
  });

  it('has two sessions: the third one is told that it is busy', async () => {
    await connected();
    await connected();
    expect(await connectSftp(endpoint())).toMatchObject({ ok: false, problem: { code: 'sftp/busy' } });
  });

  it('refuses a wrong password once', async () => {
    expect(await connectSftp(endpoint({ password: 'wr0ng-pass' }))).toMatchObject({
      ok: false,
      problem: { code: 'sftp/wrong-credentials' },
    });
    // The one failure has not locked the user.
    await connected();
  });

  it('shows its folders', async () => {
    const client = await connected();
    const listed = await client.list('/');
    if (!listed.ok) throw new Error(listed.problem.because);
    const names = listed.value.filter(({ kind }) => kind === 'folder').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['COMTRADE', 'IEC61850', 'documents', 'firmwareUpg', 'web']));
    expect(await client.upload(source, '/COMTRADE/x')).toMatchObject({
      ok: false,
      problem: { code: 'sftp/permission-denied', meterState: 'Nothing was written to the meter.' },
    });
  });
});
