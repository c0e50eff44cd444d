import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import {
  control,
  modbus,
  type RawConnection,
  rawConnection,
  readRegisters,
  startMeter,
  stateOf,
  until,
} from './bench.ts';

async function connected(change: Parameters<typeof startMeter>[0] = {}) {
  const meter = await startMeter(change);
  return { meter, connection: await rawConnection(meter.address.ports.modbus) };
}

const hex = (bytes: Buffer | undefined): string | undefined => bytes?.toString('hex');

/** Proves silence by an answer to a later request: the first thing that comes is that answer. */
async function expectSilence(connection: RawConnection, pdu: string, unit: number): Promise<void> {
  const bytes = Buffer.from(pdu.replaceAll(' ', ''), 'hex');
  connection.send(Buffer.concat([Buffer.from([0xaa, 0xaa, 0, 0, 0, bytes.length + 1, unit]), bytes]));
  expect(hex(await modbus(connection, '11'))).toBe('9101');
}

describe('identity', () => {
  it('says who it is, that it is simulated, and its firmware in the long form', async () => {
    const { connection } = await connected();
    expect((await readRegisters(connection, 30, 20)).toString('utf8').replace(/\0+$/, '')).toBe('SIM-00001');
    expect((await readRegisters(connection, 50, 20)).toString('utf8').replace(/\0+$/, '')).toBe('ION7400 SIMULATED');
    expect((await readRegisters(connection, 70, 9)).toString('utf8')).toBe('Schneider Electric');
    expect((await readRegisters(connection, 90, 1)).readUInt16BE()).toBe(18_000);
    expect((await readRegisters(connection, 117, 12)).toString('utf8').replace(/\0+$/, '')).toBe('SN-00001');
    expect((await readRegisters(connection, 1717, 6)).toString('utf8')).toBe('004.000.000\0');
  });

  it('shows the shared connections in use, its feature set and the users with the default password', async () => {
    const { connection } = await connected();
    // revenue lock, feature set, shared in use, shared in all, default passwords
    expect(hex(await readRegisters(connection, 61_000, 5))).toBe('00000003000100080032');
  });
});

describe('function code 43/14', () => {
  const vendor = `0012${Buffer.from('Schneider Electric').toString('hex')}`;
  const revision = (text: string): string => `020b${Buffer.from(text).toString('hex')}`;

  it('gives basic objects without a product code when shipped before 4.6.0', async () => {
    const { connection } = await connected({ firmware: firmwareVersion('4.6.0') });
    expect(hex(await modbus(connection, '2b 0e 01 00'))).toBe(
      `2b0e018200000 2${vendor}${revision('004.006.000')}`.replace(' ', ''),
    );
    expect(hex(await modbus(connection, '2b 0e 04 01'))).toBe('ab02');
  });

  it('gives the commercial reference when shipped with 4.6.0', async () => {
    const { connection } = await connected({ firmware: firmwareVersion('4.6.0'), shipped: firmwareVersion('4.6.0') });
    const product = `010c${Buffer.from('METSEION7400').toString('hex')}`;
    expect(hex(await modbus(connection, '2b 0e 04 01'))).toBe(`2b0e0482000001${product}`);
    expect(hex(await modbus(connection, '2b 0e 01 00'))).toBe(
      `2b0e0182000003${vendor}${product}${revision('004.006.000')}`,
    );
  });

  it('gives regular objects from the asked one on, and all of them when it is not there', async () => {
    const { connection } = await connected();
    const model = `0511${Buffer.from('ION7400 SIMULATED').toString('hex')}`;
    const name = `0609${Buffer.from('SIM-00001').toString('hex')}`;
    expect(hex(await modbus(connection, '2b 0e 02 05'))).toBe(`2b0e0282000002${model}${name}`);
    expect(hex(await modbus(connection, '2b 0e 02 44'))).toBe(
      `2b0e0282000004${vendor}${revision('004.000.000')}${model}${name}`,
    );
  });

  it('refuses other codes, other MEI types and wrong lengths', async () => {
    const { connection } = await connected();
    expect(hex(await modbus(connection, '2b 0e 00 00'))).toBe('ab03');
    expect(hex(await modbus(connection, '2b 0e 05 00'))).toBe('ab03');
    expect(hex(await modbus(connection, '2b 0e 01'))).toBe('ab03');
    expect(hex(await modbus(connection, '2b 0d 01 00'))).toBe('ab01');
  });
});

describe('function code 03', () => {
  it('gives 0x8000 for unmapped registers between mapped ones', async () => {
    const { connection } = await connected();
    const block = await readRegisters(connection, 3000, 112);
    expect(block.readUInt16BE(2 * 8)).toBe(0x8000);
    expect(block.readFloatBE(0)).toBeGreaterThan(1);
    expect(block.readFloatBE(2 * 110)).toBeCloseTo(50, 0);
    expect(hex(await readRegisters(connection, 20_000, 2))).toBe('80008000');
  });

  it('agrees with itself: P = V * I * PF in one answer', async () => {
    const { connection } = await connected();
    const block = await readRegisters(connection, 3000, 112);
    const factor = (await readRegisters(connection, 3144, 8)).readFloatBE(0);
    const at = (register: number): number => block.readFloatBE((register - 3000) * 2);
    expect(at(3054) / (at(3028) * at(3000) * factor)).toBeCloseTo(1, 4);
    expect(at(3060)).toBeCloseTo(at(3054) + at(3056) + at(3058), 0);
  });

  it('does not split a value', async () => {
    const { connection } = await connected();
    expect(hex(await modbus(connection, '03 0b b8 00 01'))).toBe('8303'); // second half of current A
    expect(hex(await modbus(connection, '03 0b b7 00 01'))).toBe('8303'); // first half
    expect(hex(await modbus(connection, '03 0c 83 00 03'))).toBe('8303'); // three quarters of an energy
    expect(hex(await modbus(connection, '03 0c 82 00 05'))).toMatch(/^030a8000/); // unmapped, then a whole one
  });

  it('bounds count and address', async () => {
    const { connection } = await connected();
    expect(hex(await modbus(connection, '03 00 00 00 00'))).toBe('8303');
    expect(hex(await modbus(connection, '03 00 00 00 7e'))).toBe('8303');
    expect((await modbus(connection, '03 27 10 00 7d'))?.length).toBe(252);
    expect(hex(await modbus(connection, '03 ff ff 00 02'))).toBe('8302');
    expect(hex(await modbus(connection, '03 ff ff 00 01'))).toBe('03028000');
    expect(hex(await modbus(connection, '03 00 00 00'))).toBe('8303');
  });

  it('says "not available" in the way of each type', async () => {
    const { meter, connection } = await connected({ firmware: firmwareVersion('4.6.0') });
    expect(hex(await readRegisters(connection, 2550, 1))).toBe('ffff'); // no option module
    expect(hex(await readRegisters(connection, 40_028, 2))).toBe('ffc00000'); // no ten minutes yet
    await control(meter, '/fault', { kind: 'unavailable', registers: [3204, 61_010, 3110] });
    expect(hex(await readRegisters(connection, 3204, 4))).toBe('8000000000000000');
    expect(hex(await readRegisters(connection, 61_010, 2))).toBe('ffffffff');
    expect(hex(await readRegisters(connection, 3110, 2))).toBe('ffc00000');
  });

  it('knows Unix time from 4.6.0 only', async () => {
    const old = await connected();
    expect(hex(await readRegisters(old.connection, 61_010, 2))).toBe('80008000');
    const current = await connected({ firmware: firmwareVersion('4.6.0') });
    const seconds = (await readRegisters(current.connection, 61_010, 2)).readUInt32BE();
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(3);
  });

  it('gives the clock as fields and packed, with its offset', async () => {
    const { meter, connection } = await connected();
    await control(meter, '/clock', { offsetSeconds: -86_400 });
    const fields = await readRegisters(connection, 1837, 8);
    const packed = await readRegisters(connection, 1845, 4);
    const [year, month, day, hour, minute, second, ms, weekday] = Array.from({ length: 8 }, (_, n) =>
      fields.readUInt16BE(2 * n),
    );
    const at = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second, ms);
    expect(Math.abs(at - (Date.now() - 86_400_000))).toBeLessThan(3000);
    expect(weekday).toBe(new Date(at).getUTCDay() + 1);
    expect(packed.readUInt16BE(0)).toBe((year ?? 0) - 2000);
    expect(packed.readUInt16BE(2)).toBe(((month ?? 0) << 8) | ((weekday ?? 0) << 5) | (day ?? 0));
  });

  it('never counts an energy backwards', async () => {
    const { connection } = await connected();
    let last = 0n;
    for (let n = 0; n < 50; n += 1) {
      const now = (await readRegisters(connection, 3204, 4)).readBigInt64BE();
      expect(now >= last).toBe(true);
      last = now;
    }
    expect(last > 1_000_000n).toBe(true);
  });
});

describe('function code 16', () => {
  const BAUD_9600 = '10 d4 77 00 01 02 25 80';

  it('judges in order: unmapped is silent, split and read-only are 03, then programming off is 02', async () => {
    const { connection } = await connected();
    await expectSilence(connection, '10 4e 1f 00 01 02 00 00', 255);
    await expectSilence(connection, '10 d4 77 00 02 04 25 80 00 00', 255); // one mapped, one not
    expect(hex(await modbus(connection, '10 07 34 00 01 02 00 00'))).toBe('9003'); // a quarter of the clock
    expect(hex(await modbus(connection, '10 0b b7 00 02 04 00 00 00 00'))).toBe('9003'); // current A
    expect(hex(await modbus(connection, BAUD_9600))).toBe('9002');
    expect((await readRegisters(connection, 54_392, 1)).readUInt16BE()).toBe(19_200);
  });

  it('writes when programming is on, and only values that are allowed', async () => {
    const { meter, connection } = await connected();
    await control(meter, '/lock', { modbusProgramming: true });
    expect((await readRegisters(connection, 61_020, 1)).readUInt16BE()).toBe(1);
    expect(hex(await modbus(connection, BAUD_9600))).toBe('10d4770001');
    expect((await readRegisters(connection, 54_392, 1)).readUInt16BE()).toBe(9600);
    expect(hex(await modbus(connection, '10 d4 77 00 01 02 00 07'))).toBe('9003');
    // 2030-01-02 03:04:05.006
    expect(hex(await modbus(connection, '10 07 34 00 04 08 00 1e 01 02 03 04 13 8e'))).toBe('1007340004');
    const fields = await readRegisters(connection, 1837, 6);
    expect(fields.toString('hex')).toMatch(/^07ee00010002000300040005|^07ee00010002000300040006/);
    expect(hex(await modbus(connection, '10 07 34 00 04 08 00 1e 0d 02 03 04 13 8e'))).toBe('9003'); // month 13
  });

  it('checks counts and lengths', async () => {
    const { connection } = await connected();
    expect(hex(await modbus(connection, '10 d4 77 00 00 00'))).toBe('9003');
    expect(hex(await modbus(connection, '10 d4 77 00 01 04 25 80 00 00'))).toBe('9003');
    expect(hex(await modbus(connection, '10 d4 77 00 01 02 25'))).toBe('9003');
    expect(hex(await modbus(connection, '10 ff ff 00 02 04 00 00 00 00'))).toBe('9002');
  });

  it('carries out a broadcast without an answer', async () => {
    const { meter, connection } = await connected();
    await control(meter, '/lock', { modbusProgramming: true });
    await expectSilence(connection, BAUD_9600, 0);
    expect((await readRegisters(connection, 54_392, 1)).readUInt16BE()).toBe(9600);
    await expectSilence(connection, '03 00 59 00 01', 0);
  });
});

describe('units and function codes', () => {
  it('answers units 255 and 1 and nobody else', async () => {
    const { connection } = await connected();
    expect(hex(await modbus(connection, '03 00 59 00 01', 255))).toBe('03024650');
    expect(hex(await modbus(connection, '03 00 59 00 01', 1))).toBe('03024650');
    for (const unit of [2, 100, 247, 248, 254]) await expectSilence(connection, '03 00 59 00 01', unit);
  });

  it('answers every other function code with exception 01', async () => {
    const { connection } = await connected();
    for (let code = 0; code < 128; code += 1) {
      if (code === 3 || code === 16 || code === 43) continue;
      const answer = await modbus(connection, Buffer.from([code, 0, 0, 0, 1]));
      expect(hex(answer)).toBe(Buffer.from([code | 0x80, 1]).toString('hex'));
    }
  });
});

describe('frames', () => {
  const FRAME = '0001 0000 0006 ff 03 0059 0001';
  const ANSWER = '000100000005ff03024650';

  it('takes a frame in single bytes and several frames at once', async () => {
    const { connection } = await connected();
    for (const byte of Buffer.from(FRAME.replaceAll(' ', ''), 'hex')) connection.send(Buffer.from([byte]));
    expect(hex(await connection.read(11))).toBe(ANSWER);
    connection.send(`${FRAME}${FRAME}${FRAME}`);
    expect(hex(await connection.read(33))).toBe(ANSWER.repeat(3));
  });

  it.each([
    ['a wrong protocol id', '0001 0001 0006 ff 03 0059 0001'],
    ['a length of 1', '0001 0000 0001 ff'],
    ['a length of 255', '0001 0000 00ff ff 03'],
    ['a length of 65535', '0001 0000 ffff ff 03'],
  ])('closes the connection on %s, and that one only', async (_what, bytes) => {
    const { meter, connection } = await connected();
    const other = await rawConnection(meter.address.ports.modbus);
    connection.send(bytes);
    expect((await connection.ended()).length).toBe(0);
    expect(hex(await modbus(other, '03 00 59 00 01'))).toBe('03024650');
  });

  it('takes the longest frame there is', async () => {
    const { connection } = await connected();
    const values = Buffer.alloc(246);
    const request = Buffer.concat([Buffer.from('10 4e 1f 00 7b f6'.replaceAll(' ', ''), 'hex'), values]);
    expect(request.length).toBe(252);
    await expectSilence(connection, request.toString('hex'), 255);
  });
});

describe('connections', () => {
  it('takes 40, closes the next at once, and frees a place when one ends', async () => {
    const { meter, connection } = await connected();
    const others: RawConnection[] = [];
    for (let n = 1; n < 40; n += 1) {
      others.push(await rawConnection(meter.address.ports.modbus));
      await modbus(others[n - 1] ?? connection, '11');
    }
    expect(hex(await readRegisters(connection, 61_002, 2))).toBe('00080008');
    const refused = await rawConnection(meter.address.ports.modbus);
    expect((await refused.ended()).length).toBe(0);
    // RTU over TCP has no places of its own.
    const rtu = await rawConnection(meter.address.ports.rtuOverTcp);
    expect((await rtu.ended()).length).toBe(0);
    others.at(-1)?.close();
    others[0]?.close();
    const served = async (): Promise<boolean> => {
      const again = await rawConnection(meter.address.ports.modbus);
      again.send('0001 0000 0002 ff 11');
      return again.read(9, 500).then(
        () => true,
        () => false,
      );
    };
    await until(served, Boolean);
  });
});

it('keeps what was set over a restart of the process', async () => {
  const { meter } = await connected();
  await control(meter, '/lock', { revenueLock: 'locked', modbusProgramming: true });
  await meter.stop();
  await meter.stop();
  await expect(rawConnection(meter.address.ports.modbus)).rejects.toThrow();
});

it('hides nothing of its state but the passwords', async () => {
  const { meter } = await connected();
  expect((await control(meter, '/users', { user: 'USER1', password: 'Secret-1' })).status).toBe(200);
  const state = await stateOf(meter);
  expect(JSON.stringify(state)).not.toMatch(/hash|salt|Secret/);
  expect(state).toMatchObject({ name: 'SIM-00001', power: 'on', users: { withDefaultPassword: 49 } });
});
