import { describe, expect, it } from 'vitest';
import { control, modbus, rawConnection, readRegisters, startMeter, stateOf, until } from './bench.ts';
import { openSftp } from './bench-sftp.ts';

const FRAME = '0001 0000 0006 ff 03 0059 0001';
const ANSWER = '000100000005ff03024650';
const hex = (bytes: Buffer | undefined): string | undefined => bytes?.toString('hex');

describe('faults at a byte', () => {
  it('drops an answer after exactly n bytes, once', async () => {
    const meter = await startMeter();
    const fault = { kind: 'drop', protocol: 'modbus', direction: 'out', atByte: 5 };
    expect((await control(meter, '/fault', fault)).status).toBe(200);
    const first = await rawConnection(meter.address.ports.modbus);
    first.send(FRAME);
    expect(hex(await first.ended())).toBe(ANSWER.slice(0, 10));
    const second = await rawConnection(meter.address.ports.modbus);
    second.send(FRAME);
    expect(hex(await second.read(11))).toBe(ANSWER);
  });

  it('drops a request at its last byte, on as many connections as asked', async () => {
    const meter = await startMeter();
    await control(meter, '/fault', { kind: 'drop', protocol: 'modbus', direction: 'in', atByte: 11, times: 2 });
    for (let n = 0; n < 2; n += 1) {
      const connection = await rawConnection(meter.address.ports.modbus);
      connection.send(FRAME);
      expect((await connection.ended()).length).toBe(0);
    }
    expect((await stateOf(meter))['faults']).toEqual([]);
    const connection = await rawConnection(meter.address.ports.modbus);
    expect(hex(await modbus(connection, '03 00 59 00 01'))).toBe('03024650');
  });

  it('replaces bytes by garbage and nothing else', async () => {
    const meter = await startMeter();
    const fault = { kind: 'garbage', protocol: 'modbus', direction: 'out', atByte: 9, length: 4 };
    await control(meter, '/fault', fault);
    const connection = await rawConnection(meter.address.ports.modbus);
    connection.send(`${FRAME}${FRAME}`);
    const both = hex(await connection.read(22)) ?? '';
    expect(both.slice(0, 18)).toBe(ANSWER.slice(0, 18));
    expect(both.slice(18, 26)).not.toBe(`${ANSWER}${ANSWER}`.slice(18, 26));
    expect(both.slice(26)).toBe(ANSWER.slice(4));
  });

  it('delays in the middle of an answer and keeps the order', async () => {
    const meter = await startMeter();
    await control(meter, '/fault', {
      kind: 'delay',
      protocol: 'modbus',
      direction: 'out',
      atByte: 4,
      milliseconds: 300,
    });
    const connection = await rawConnection(meter.address.ports.modbus);
    const start = Date.now();
    connection.send(FRAME);
    connection.send(FRAME);
    expect(hex(await connection.read(4))).toBe(ANSWER.slice(0, 8));
    expect(hex(await connection.read(18))).toBe(`${ANSWER}${ANSWER}`.slice(8));
    expect(Date.now() - start).toBeGreaterThanOrEqual(290);
  });

  it('loses power at a byte of an upload and has what came before', async () => {
    const meter = await startMeter();
    const sftp = await openSftp(meter);
    await control(meter, '/fault', {
      kind: 'power-loss',
      protocol: 'sftp',
      direction: 'in',
      atByte: 150_000,
      seconds: 0,
    });
    const content = Buffer.alloc(400_000, 1);
    await expect(sftp.write('/documents/big.bin', content)).rejects.toThrow();
    await until(
      () => stateOf(meter),
      ({ power, restarts }) => power === 'on' && restarts === 2,
    );
    const { size } = await (await openSftp(meter)).stat('/documents/big.bin');
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(150_000);
  });

  it('hits SFTP downloads', async () => {
    const meter = await startMeter();
    await control(meter, '/fault', { kind: 'drop', protocol: 'sftp', direction: 'out', atByte: 8_000 });
    const sftp = await openSftp(meter);
    await expect(sftp.read('/COMTRADE/cmt0__0000001.dat')).rejects.toThrow();
    expect(await (await openSftp(meter)).read('/COMTRADE/cmt0__0000001.dat')).toHaveLength(768 * 22);
  });
});

describe('faults that hold', () => {
  it('refuses new connections of one protocol until cleared and leaves the others', async () => {
    const meter = await startMeter();
    const kept = await rawConnection(meter.address.ports.modbus);
    await modbus(kept, '11');
    await control(meter, '/fault', { kind: 'refuse', protocol: 'modbus' });
    await until(
      () =>
        rawConnection(meter.address.ports.modbus).then(
          () => 'open',
          () => 'refused',
        ),
      (answer) => answer === 'refused',
    );
    expect(hex(await modbus(kept, '03 00 59 00 01'))).toBe('03024650');
    (await rawConnection(meter.address.ports.rtuOverTcp)).close();
    await control(meter, '/fault', { kind: 'clear' });
    await until(
      () =>
        rawConnection(meter.address.ports.modbus).then(
          () => 'open',
          () => 'refused',
        ),
      (answer) => answer === 'open',
    );
  });

  it('answers slowly', async () => {
    const meter = await startMeter();
    await control(meter, '/fault', { kind: 'slow', protocol: 'modbus', milliseconds: 200 });
    const connection = await rawConnection(meter.address.ports.modbus);
    const start = Date.now();
    await modbus(connection, '03 00 59 00 01');
    expect(Date.now() - start).toBeGreaterThanOrEqual(190);
  });

  it('shows a wrong serial only after a restart', async () => {
    const meter = await startMeter();
    const serial = async (): Promise<string> => {
      const connection = await rawConnection(meter.address.ports.modbus);
      return (await readRegisters(connection, 117, 12)).toString('ascii').replace(/\0+$/, '');
    };
    await control(meter, '/fault', { kind: 'serial-after-restart', serial: 'OTHER-1' });
    expect(await serial()).toBe('SN-00001');
    await control(meter, '/power-loss', { seconds: 0 });
    await until(
      () => stateOf(meter),
      ({ power }) => power === 'on',
    );
    expect(await serial()).toBe('OTHER-1');
  });

  it('lets the clock drift', async () => {
    const meter = await startMeter();
    await control(meter, '/clock', { offsetSeconds: 10, driftPpm: 1_000_000 }); // a second too much each second
    const offset = async (): Promise<number> => {
      const { clock } = (await stateOf(meter)) as { clock: { now: string } };
      return Date.parse(clock.now) - Date.now();
    };
    expect(await until(offset, (ms) => ms > 10_400)).toBeLessThan(20_000);
  });
});

describe('power loss', () => {
  it('closes every port at once and comes back on the same ones', async () => {
    const meter = await startMeter();
    const connection = await rawConnection(meter.address.ports.modbus);
    const sftp = await openSftp(meter);
    await control(meter, '/power-loss', { seconds: 0.3 });
    await connection.ended();
    await sftp.closed;
    for (const port of Object.values(meter.address.ports)) await expect(rawConnection(port)).rejects.toThrow();
    expect(await stateOf(meter)).toMatchObject({ power: 'off' });
    await until(
      () => stateOf(meter),
      ({ power }) => power === 'on',
    );
    const again = await rawConnection(meter.address.ports.modbus);
    expect(hex(await modbus(again, '03 00 59 00 01'))).toBe('03024650');
  });
});

describe('control address', () => {
  it('refuses bodies that it does not understand', async () => {
    const meter = await startMeter();
    const wrong = [
      ['/fault', { kind: 'drop', protocol: 'modbus', direction: 'out' }],
      ['/fault', { kind: 'drop', protocol: 'telnet', direction: 'out', atByte: 1 }],
      ['/fault', { kind: 'explode' }],
      ['/fault', { kind: 'slow', protocol: 'modbus', milliseconds: -1 }],
      ['/fault', { kind: 'refuse', protocol: 'modbus', extra: 1 }],
      ['/power-loss', { seconds: 4000 }],
      ['/power-loss', []],
      ['/clock', { offsetSeconds: 'ten' }],
      ['/lock', { revenueLock: 'open' }],
      ['/users', { user: 'USER0', password: 'x' }],
      ['/upgrade', { version: 'four' }],
      ['/upgrade', { version: '4.6.0', image: '/x' }],
      ['/upgrade', { image: 'relative.upx' }],
      ['/upgrade', {}],
    ] as const;
    for (const [path, body] of wrong) {
      const answer = await control(meter, path, body);
      expect(answer, path).toMatchObject({ status: 400 });
      expect(answer.json, path).toMatchObject({ problem: { code: expect.stringMatching(/^simulator\//) } });
    }
  });

  it('refuses what is not JSON, too long, unknown, or comes from a web page', async () => {
    const meter = await startMeter();
    const url = new URL('/clock', meter.address.control);
    const post = (body: string, headers = {}): Promise<Response> => fetch(url, { method: 'POST', body, headers });
    expect((await post('{')).status).toBe(400);
    expect((await post(`"${'x'.repeat(70_000)}"`)).status).toBe(400);
    expect((await post('{}', { origin: 'http://example.org' })).status).toBe(403);
    expect((await fetch(url)).status).toBe(405);
    expect((await control(meter, '/nothing', {})).status).toBe(404);
    expect(await (await fetch(meter.address.control)).text()).toContain('POST /power-loss');
    const raw = await rawConnection(Number(new URL(meter.address.control).port));
    raw.send(Buffer.from('GET /state HTTP/1.1\r\nHost: meter.example.org\r\n\r\n'));
    expect((await raw.ended()).toString()).toContain('403');
  });
});
