import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { buildSimulatedImage, type ImageInput } from '../../../simulator/upgrade/image.ts';
import { control, rawConnection, readRegisters, startMeter, stateOf, temporaryFolder, until } from './bench.ts';
import { openSftp, type TestSftp } from './bench-sftp.ts';

const NAME = 'ION7400_V004.006.000.upx';
const hashOf = (image: Buffer): string => createHash('sha256').update(image).digest('hex');

function imageOf(change: Partial<ImageInput> = {}): Buffer {
  return buildSimulatedImage({
    model: 'ION7400',
    version: firmwareVersion('4.6.0'),
    minimumStart: firmwareVersion('2.1.0'),
    kind: 'main',
    payload: randomBytes(50_000),
    ...change,
  });
}

const image = imageOf();

async function statusOf(sftp: TestSftp): Promise<Record<string, unknown>> {
  return JSON.parse((await sftp.read('/firmwareUpg/STATUS.JSON')).toString()) as Record<string, unknown>;
}

/** Uploads, completes and waits for the verdict. */
async function offer(sftp: TestSftp, image: Buffer): Promise<Record<string, unknown>> {
  await sftp.write(`/firmwareUpg/${NAME}.part`, image);
  await sftp.rename(`/firmwareUpg/${NAME}.part`, `/firmwareUpg/${NAME}`);
  return until(
    () => statusOf(sftp),
    ({ state }) => state === 'accepted' || state === 'refused',
  );
}

async function applied(meter: SimulatedMeter): Promise<Record<string, unknown>> {
  return until(
    () => stateOf(meter),
    (state) => state['power'] === 'on' && state['firmware'] === '4.6.0',
  );
}

async function firmwareOverModbus(meter: SimulatedMeter): Promise<string> {
  const connection = await rawConnection(meter.address.ports.modbus);
  const text = (await readRegisters(connection, 1717, 6)).toString('ascii').replace(/\0+$/, '');
  connection.close();
  return text;
}

async function energyOf(meter: SimulatedMeter): Promise<bigint> {
  const connection = await rawConnection(meter.address.ports.modbus);
  const energy = (await readRegisters(connection, 3204, 4)).readBigInt64BE();
  connection.close();
  return energy;
}

describe('upgrade over SFTP', () => {
  it('accepts, applies with every port closed, and comes back on the new firmware and the same ports', async () => {
    const meter = await startMeter({ applySeconds: 0.5 });
    await control(meter, '/users', { user: 'USER9', password: 'kept' });
    const before = await energyOf(meter);
    const sftp = await openSftp(meter);
    expect(await statusOf(sftp)).toMatchObject({ state: 'empty', image: null, reason: null });
    expect(await offer(sftp, image)).toMatchObject({
      state: 'accepted',
      image: NAME,
      sha256: hashOf(image),
      version: '4.6.0',
      reason: null,
    });
    expect(await firmwareOverModbus(meter)).toBe('004.000.000');
    const open = await rawConnection(meter.address.ports.modbus);
    await sftp.write('/firmwareUpg/APPLY', `${hashOf(image)}\n`);
    await sftp.closed;
    await open.ended();
    expect(await stateOf(meter)).toMatchObject({ power: 'applying', firmware: '4.0.0', comtradeFiles: 6 });
    for (const port of Object.values(meter.address.ports)) await expect(rawConnection(port)).rejects.toThrow();

    const after = await applied(meter);
    expect(after).toMatchObject({ comtradeFiles: 0, shipped: '4.0.0', users: { withDefaultPassword: 49 } });
    expect(JSON.stringify(after['events'])).toContain('Firmware upgraded from 4.0.0 to 4.6.0.');
    expect(await firmwareOverModbus(meter)).toBe('004.006.000');
    expect((await energyOf(meter)) >= before).toBe(true);
    const again = await openSftp(meter);
    expect(await statusOf(again)).toMatchObject({ state: 'applied', version: '4.6.0', sha256: hashOf(image) });
    expect(await again.list('/firmwareUpg')).toEqual(['STATUS.JSON']);
    expect(await again.list('/COMTRADE')).toEqual([]);
    expect(await again.list('/documents')).toEqual(['site-notes.txt', 'wiring.csv']);
  });

  it('refuses every image that is wrong, each with its own reason', async () => {
    const meter = await startMeter();
    const sftp = await openSftp(meter);
    const wrong = [
      ['truncated', image.subarray(0, image.length - 1)],
      ['truncated', image.subarray(0, 9)],
      ['truncated', Buffer.alloc(0)],
      ['bad-signature', imageOf({ sign: false })],
      ['bad-signature', Buffer.concat([image, Buffer.from([0])])],
      ['bad-signature', Buffer.alloc(1000, 0x50)],
      ['wrong-model', imageOf({ model: 'ION9000' })],
      ['wrong-kind', imageOf({ kind: 'option-module' })],
      ['not-newer', imageOf({ version: firmwareVersion('4.0.0') })],
      ['no-downgrade', imageOf({ version: firmwareVersion('3.1.0') })],
      ['start-too-old', imageOf({ minimumStart: firmwareVersion('4.0.1') })],
    ] as const;
    for (const [reason, bytes] of wrong) {
      expect(await offer(sftp, bytes)).toMatchObject({ state: 'refused', reason, version: null });
      await expect(sftp.write('/firmwareUpg/APPLY', hashOf(bytes))).rejects.toMatchObject({ code: 4 });
      await sftp.remove(`/firmwareUpg/${NAME}`);
      expect(await statusOf(sftp)).toMatchObject({ state: 'empty' });
    }
    expect(await stateOf(meter)).toMatchObject({ power: 'on', firmware: '4.0.0' });
  });

  it('refuses an older image below 4.0.0 as not newer', async () => {
    const meter = await startMeter({ firmware: firmwareVersion('3.0.0'), shipped: firmwareVersion('2.1.0') });
    const bytes = imageOf({ version: firmwareVersion('2.1.0') });
    expect(await offer(await openSftp(meter), bytes)).toMatchObject({ reason: 'not-newer' });
  });

  it('refuses with revenue-locked and storage-full, at the check and at the order', async () => {
    const meter = await startMeter();
    const sftp = await openSftp(meter);
    await control(meter, '/lock', { revenueLock: 'locked' });
    expect(await offer(sftp, image)).toMatchObject({ reason: 'revenue-locked' });
    await sftp.remove(`/firmwareUpg/${NAME}`);
    await control(meter, '/lock', { revenueLock: 'unlocked' });
    expect(await offer(sftp, image)).toMatchObject({ state: 'accepted' });
    await control(meter, '/fault', { kind: 'storage-full' });
    await expect(sftp.write('/firmwareUpg/APPLY', hashOf(image))).rejects.toMatchObject({ code: 4 });
    expect(await statusOf(sftp)).toMatchObject({ state: 'refused', reason: 'storage-full' });
    expect(await stateOf(meter)).toMatchObject({ power: 'on' });
  });

  it('turns a pending revenue lock over at the next power cycle', async () => {
    const meter = await startMeter();
    await control(meter, '/lock', { revenueLock: 'pending' });
    expect(await stateOf(meter)).toMatchObject({ revenueLock: 'pending' });
    await control(meter, '/power-loss', { seconds: 0 });
    expect(
      await until(
        () => stateOf(meter),
        ({ power }) => power === 'on',
      ),
    ).toMatchObject({ revenueLock: 'locked' });
  });

  it('applies only what it accepted, and guards its folder', async () => {
    const meter = await startMeter();
    const sftp = await openSftp(meter);
    await expect(sftp.write('/firmwareUpg/APPLY', hashOf(image))).rejects.toMatchObject({ code: 4 });
    await offer(sftp, image);
    await expect(sftp.write('/firmwareUpg/APPLY', hashOf(Buffer.from('x')))).rejects.toMatchObject({ code: 4 });
    await expect(sftp.write('/firmwareUpg/APPLY', 'a'.repeat(200))).rejects.toMatchObject({ code: 4 });
    await expect(sftp.write(`/firmwareUpg/${NAME}`, 'x')).rejects.toMatchObject({ code: 3 });
    await expect(sftp.write('/firmwareUpg/STATUS.JSON', 'x')).rejects.toMatchObject({ code: 3 });
    await expect(sftp.remove('/firmwareUpg/STATUS.JSON')).rejects.toMatchObject({ code: 3 });
    await expect(sftp.write('/firmwareUpg/other.txt', 'x')).rejects.toMatchObject({ code: 3 });
    await sftp.write(`/firmwareUpg/${NAME}.part`, 'x');
    await expect(sftp.rename(`/firmwareUpg/${NAME}.part`, `/firmwareUpg/${NAME}`)).rejects.toMatchObject({ code: 4 });
    expect(await statusOf(sftp)).toMatchObject({ state: 'accepted' });
    await sftp.remove(`/firmwareUpg/${NAME}`);
    await expect(sftp.write('/firmwareUpg/APPLY', hashOf(image))).rejects.toMatchObject({ code: 4 });
  });

  it('keeps an unfinished upload over a loss of power and takes the rest of it', async () => {
    const meter = await startMeter();
    const cut = 20_000;
    const first = await openSftp(meter);
    await first.write(`/firmwareUpg/${NAME}.part`, image.subarray(0, cut));
    await control(meter, '/power-loss', { seconds: 0 });
    await first.closed;
    await until(
      () => stateOf(meter),
      ({ power }) => power === 'on',
    );
    const sftp = await openSftp(meter);
    expect((await sftp.read(`/firmwareUpg/${NAME}.part`)).equals(image.subarray(0, cut))).toBe(true);
    await sftp.append(`/firmwareUpg/${NAME}.part`, image.subarray(cut), cut);
    await sftp.rename(`/firmwareUpg/${NAME}.part`, `/firmwareUpg/${NAME}`);
    expect(
      await until(
        () => statusOf(sftp),
        ({ state }) => state !== 'checking',
      ),
    ).toMatchObject({ state: 'accepted' });
  });

  it('resumes applying after losses of power', async () => {
    const meter = await startMeter({ applySeconds: 0.3 });
    const sftp = await openSftp(meter);
    await offer(sftp, image);
    await sftp.write('/firmwareUpg/APPLY', hashOf(image));
    for (let n = 0; n < 3; n += 1) {
      await control(meter, '/power-loss', { seconds: 0.05 });
      await until(
        () => stateOf(meter),
        ({ power }) => power === 'applying',
      );
    }
    expect(await applied(meter)).toMatchObject({ comtradeFiles: 0 });
  });
});

describe('upgrade the way ION Setup does it', () => {
  it('applies a version', async () => {
    const meter = await startMeter();
    expect((await control(meter, '/upgrade', { version: 'V004.006.000' })).status).toBe(202);
    expect(await applied(meter)).toMatchObject({ comtradeFiles: 0, upgrade: { state: 'applied', image: null } });
    expect((await control(meter, '/upgrade', { version: '4.6.0' })).json).toMatchObject({ reason: 'not-newer' });
    expect((await control(meter, '/upgrade', { version: '4.0.0' })).json).toMatchObject({ reason: 'no-downgrade' });
  });

  it('checks and applies an image file', async () => {
    const meter = await startMeter();
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'bad.upx'), imageOf({ sign: false }));
    await writeFile(join(folder, 'good.upx'), imageOf());
    const bad = await control(meter, '/upgrade', { image: join(folder, 'bad.upx') });
    expect(bad).toMatchObject({ status: 409, json: { reason: 'bad-signature' } });
    expect((await control(meter, '/upgrade', { image: join(folder, 'none.upx') })).status).toBe(409);
    expect((await control(meter, '/upgrade', { image: join(folder, 'good.upx') })).status).toBe(202);
    expect((await control(meter, '/upgrade', { version: '4.6.1' })).status).toBe(409);
    await applied(meter);
  });
});

describe('option module and remote display', () => {
  it.each([
    ['optionModuleUpg', 'option-module', 'optionModule'],
    ['rmdUpg', 'remote-display', 'remoteDisplay'],
  ] as const)('%s takes images of kind %s and no other', async (folder, kind, setting) => {
    const meter = await startMeter();
    const sftp = await openSftp(meter);
    const good = imageOf({ kind, version: firmwareVersion('1.2.0') });
    await sftp.write(`/${folder}/bad.upx.part`, imageOf());
    await expect(sftp.rename(`/${folder}/bad.upx.part`, `/${folder}/bad.upx`)).rejects.toThrow(/wrong-kind/);
    await expect(sftp.write(`/${folder}/bad.upx`, 'x')).rejects.toThrow(/bad-signature/);
    await expect(sftp.stat(`/${folder}/bad.upx`)).rejects.toMatchObject({ code: 2 });
    await sftp.write(`/${folder}/good.upx.part`, good);
    await sftp.rename(`/${folder}/good.upx.part`, `/${folder}/good.upx`);
    expect(await stateOf(meter)).toMatchObject({ [setting]: '1.2.0', firmware: '4.0.0', power: 'on' });
  });
});
