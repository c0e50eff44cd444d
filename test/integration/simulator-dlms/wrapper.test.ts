import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { control, modbus, rawConnection, startMeter, stateOf, until } from '../simulator/bench.ts';
import {
  AARQ,
  AARQ_LLS,
  captureHex,
  collect,
  connectAgain,
  type Decoded,
  dateTimeHex,
  entries,
  getRequest,
  hex,
  obisHex,
  range,
  timeOf,
  wrapped,
  wrapperClient,
} from './client.ts';

const NAME = getRequest(1, '0-0:42.0.0*255', 2);
const NAME_ANSWER = `c401c100090b${hex(Buffer.from('SIMSN-00001'))}`;
const CLOCK = '0-0:1.0.0*255';
const fast = { dlms: { blockLatencyMs: 0, loadCurveRows: 500 } };

/** Decoded values as a list; throws on anything else. */
function list(value: Decoded | undefined): readonly Decoded[] {
  if (!Array.isArray(value)) throw new Error(`Not a list: ${String(value)}`);
  return value;
}

function obisText(value: Decoded | undefined): string {
  const [a, b, c, d, e, f] = Buffer.from(String(value), 'hex');
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
}

describe('the association', () => {
  it('is made with the conformance and the PDU of the meter, and released', async () => {
    const client = await wrapperClient(await startMeter(fast), 16, '');
    expect(hex(await client.ask(NAME))).toBe('d80101');
    expect(hex(await client.ask(AARQ))).toBe(
      '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000301c04000007',
    );
    expect(hex(await client.ask(NAME))).toBe(NAME_ANSWER);
    expect(hex(await client.ask('6203800100'))).toBe('6303800100');
    expect(hex(await client.ask(NAME))).toBe('d80101');
  });

  const context = AARQ.replace('60857405080101', '60857405080103');
  const refused = (result: string, diagnostic: string): string =>
    `6117a109060760857405080101a20302010${result}a305a1030201${diagnostic}`;
  it.each([
    ['ciphering', 16, context, /^6129.*a203020101a305a103020102be/],
    ['a version that is too old', 16, AARQ.replace('065F1F', '055F1F'), /^611fa109.*be0604040e010601$/],
    ['no common service', 16, AARQ.replace('007E1F', '000001'), /be0604040e010602$/],
    ['a PDU that is too short', 16, AARQ.replace('04B0', '000B'), /be0604040e010603$/],
    ['a secret of the public client', 16, AARQ_LLS, new RegExp(`^${refused('1', '0b')}$`)],
    ['no secret of the client that needs one', 1, AARQ, new RegExp(`^${refused('1', '0e')}$`)],
    ['another mechanism', 1, AARQ_LLS.replace('5080201', '5080205'), new RegExp(`^${refused('1', '0b')}$`)],
    ['an unknown client', 17, AARQ, new RegExp(`^${refused('1', '01')}$`)],
    ['a torn AARQ', 16, AARQ.slice(0, 40), new RegExp(`^${refused('1', '01')}$`)],
  ])('is refused with %s', async (_, client, aarq, answer) => {
    const { ask } = await wrapperClient(await startMeter(fast), client, '');
    expect(hex(await ask(aarq))).toMatch(answer);
    expect(hex(await ask(NAME))).toBe('d80101');
  });

  it('counts wrong secrets toward a lockout, tells it from a wrong one, and logs both', async () => {
    const meter = await startMeter(fast);
    await control(meter, '/lock', { lockout: { attempts: 2, minutes: 10 } });
    const wrong = AARQ_LLS.replace('3030303030303030', '3030303030303031');
    const { ask } = await wrapperClient(meter, 1, '');
    expect(hex(await ask(wrong))).toBe('6117a109060760857405080101a203020101a305a10302010d');
    expect(hex(await ask(AARQ_LLS))).toMatch(/a203020100a305a103020100/);
    expect(hex(await ask(wrong))).toMatch(/a203020101/);
    // The second in a row locks; then the right one is refused, too, for now.
    expect(hex(await ask(wrong))).toMatch(/a203020102a305a10302010d/);
    expect(hex(await ask(AARQ_LLS))).toMatch(/a203020102a305a10302010d/);
    const { events } = (await stateOf(meter)) as { events: { code: string; text: string }[] };
    expect(events.map(({ code }) => code)).toEqual(['power-up', 'invalid-login', 'invalid-login', 'lockout']);
    expect(JSON.stringify(events)).not.toContain('00000001');
  });
});

describe('connections', () => {
  it('are one at a time, of the shared eight', async () => {
    const meter = await startMeter(fast);
    const first = await wrapperClient(meter);
    const second = await rawConnection(meter.address.ports.dlms);
    expect(await second.ended()).toHaveLength(0);
    expect(await stateOf(meter)).toMatchObject({ connections: { shared: { used: 1 }, dlms: 1 } });
    expect(hex(await first.ask(NAME))).toBe(NAME_ANSWER);
    first.raw.close();
    const third = await connectAgain(() => wrapperClient(meter));
    expect(hex(await third.ask(NAME))).toBe(NAME_ANSWER);
  });

  it('are refused when Modbus has all eight', async () => {
    const meter = await startMeter(fast);
    const others = await Promise.all(Array.from({ length: 8 }, () => rawConnection(meter.address.ports.modbus)));
    for (const other of others) expect(hex((await modbus(other, '11')) ?? Buffer.alloc(0))).toBe('9101');
    await (await rawConnection(meter.address.ports.dlms)).ended();
    others[0]?.close();
    await connectAgain(() => wrapperClient(meter));
  });

  it('take requests in pieces and several at once, and drop those to another server', async () => {
    const { raw } = await wrapperClient(await startMeter(fast));
    const request = wrapped(NAME);
    for (const byte of request) raw.send(Buffer.from([byte]));
    raw.send(Buffer.concat([request, wrapped(NAME, 16, 2), request]));
    for (let turn = 0; turn < 3; turn += 1) {
      expect(hex(await raw.read(8 + NAME_ANSWER.length / 2)).slice(16)).toBe(NAME_ANSWER);
    }
    raw.send(Buffer.concat([wrapped(NAME, 17), request]));
    // Another client of the same connection has no association.
    expect(hex(await raw.read(11))).toBe('0001000100110003d80101');
  });

  it.each([
    ['a wrong version', '0002001000010003c00100'],
    ['no length', '0001001000010000'],
    ['a length beyond the PDU', '0001001000010401'],
    ['noise', '47455420 2f20485454502f312e310d0a0d0a'],
  ])('end with %s', async (_, bytes) => {
    const meter = await startMeter(fast);
    const { raw } = await wrapperClient(meter);
    raw.send(bytes);
    expect(await raw.ended()).toHaveLength(0);
    await connectAgain(() => wrapperClient(meter));
  });
});

describe('objects', () => {
  it('of the list are all there, and every attribute that can be read can be read', async () => {
    const client = await wrapperClient(await startMeter(fast));
    const objects = list(await client.get(15, '0-0:40.0.0*255', 2)).map(list);
    expect(objects.length).toBeGreaterThan(70);
    const profiles: string[] = [];
    for (const [classId, , name, rights] of objects) {
      const attributes = list(list(rights)[0]).map(list);
      expect(list(list(rights)[1])).toEqual([]);
      if (classId === 7) profiles.push(obisText(name));
      for (const [number, access, selectors] of attributes) {
        const request = getRequest(
          Number(classId),
          obisText(name),
          Number(number),
          classId === 7 && number === 2 ? entries(1, 1) : '',
        );
        const answer = hex(await client.ask(request)).slice(0, 8);
        if (access === 0) expect(answer).toBe('c401c101');
        else expect(answer).toMatch(/^c401c100|^c402c100/);
        expect(selectors).toEqual(classId === 7 && number === 2 ? [1, 2] : null);
      }
      const beyond = getRequest(Number(classId), obisText(name), attributes.length + 1);
      expect(hex(await client.ask(beyond))).toBe('c401c10103');
    }
    expect(profiles).toEqual([
      '1-0:99.1.0*255',
      '1-0:99.2.0*255',
      '1-0:99.3.0*255',
      '1-0:99.4.0*255',
      '1-0:99.128.0*255',
      '0-0:99.98.0*255',
    ]);
    expect(await client.get(1, '0-0:96.128.5*255', 2)).toBe('Load Curve');
    expect(await client.get(1, '0-0:96.1.0*255', 2)).toBe('SN-00001');
    expect(await client.get(1, '1-0:0.2.0*255', 2)).toBe('004.000.000');
    expect(await client.get(17, '0-0:41.0.0*255', 2)).toEqual([[1, hex(Buffer.from('SIMSN-00001'))]]);
  });

  it('give all attributes as attribute 0', async () => {
    const client = await wrapperClient(await startMeter(fast));
    const clock = list(await client.get(8, CLOCK, 0));
    expect(clock).toHaveLength(9);
    expect(clock[0]).toBe(obisHex(CLOCK));
    const association = list(await client.get(15, '0-0:40.0.0*255', 0));
    expect(association.slice(2)).toEqual([
      [16, 1],
      '60857405080101',
      ['00301c', 1024, 1024, 6, 0, ''],
      '60857405080200',
      null,
      2,
    ]);
    const profile = list(await client.get(7, '1-0:99.1.0*255', 0));
    expect(list(profile[1])).toHaveLength(3360);
    expect(profile.slice(3)).toEqual([900, 1, [8, obisHex(CLOCK), 2, 0], 3360, 3360]);
  });

  it.each([
    ['an object that is not there', getRequest(1, '1-0:1.2.3*255', 2), 'c401c10104'],
    ['a name under another class', getRequest(3, '0-0:42.0.0*255', 2), 'c401c10109'],
    ['an attribute that is not there', getRequest(1, '0-0:42.0.0*255', 3), 'c401c10103'],
    ['a negative attribute', getRequest(1, '0-0:42.0.0*255', 0xff), 'c401c10103'],
    ['a selection where there is none', getRequest(1, '0-0:42.0.0*255', 2, entries(1, 1)), 'c401c1010d'],
    ['GET with a list', `c003c101${NAME.slice(6)}`, 'd80102'],
    ['an ACTION', 'c301c1000f0000280000ff0100', 'd80202'],
    ['an ACCESS', 'd900', 'd80202'],
    ['a SET in blocks', `c102c1${NAME.slice(6)}`, 'd80102'],
    ['a torn GET', NAME.slice(0, -4), 'd80103'],
    ['a GET with bytes too many', `${NAME}00`, 'd80103'],
  ])('answer %s as a meter does', async (_, request, answer) => {
    const { ask } = await wrapperClient(await startMeter(fast));
    expect(hex(await ask(request))).toBe(answer);
    expect(hex(await ask(NAME))).toBe(NAME_ANSWER);
  });
});

describe('logs', () => {
  it('have the clock and at most 16 columns, each with a unit', async () => {
    const client = await wrapperClient(await startMeter(fast));
    for (const profile of ['1-0:99.1.0*255', '1-0:99.2.0*255', '1-0:99.128.0*255']) {
      const columns = list(await client.get(7, profile, 3)).map(list);
      expect(columns[0]).toEqual([8, obisHex(CLOCK), 2, 0]);
      expect(columns.length).toBeLessThanOrEqual(17);
      for (const [classId, name] of columns.slice(1)) {
        const [scaler, unit] = list(await client.get(Number(classId), obisText(name), 3));
        expect([0, -2]).toContain(scaler);
        expect(unit).toBeGreaterThan(0);
      }
    }
  });

  it('come in APDUs of at most 1024 bytes, whole, in order, with times that follow', async () => {
    const meter = await startMeter(fast);
    const client = await wrapperClient(meter);
    const sizes: number[] = [];
    const rows = list(await client.get(7, '1-0:99.128.0*255', 2, '', sizes)).map(list);
    const inUse = Number(await client.get(7, '1-0:99.128.0*255', 7));
    expect(inUse - rows.length).toBeLessThanOrEqual(1);
    expect(Math.max(...sizes)).toBe(1024 - 12);
    expect(timeOf(rows[0]?.[0])).toBeLessThan(Date.now());
    expect(rows.filter(([clock]) => clock === null).length).toBeGreaterThan(480);
    const voltage = Number(rows.at(-1)?.[8]) / 100;
    expect(voltage).toBeGreaterThan(180);
    expect(voltage).toBeLessThan(260);
  });

  it('send every time when told so', async () => {
    const client = await wrapperClient(await startMeter({ dlms: { ...fast.dlms, nullClock: false } }));
    const rows = list(await client.get(7, '1-0:99.128.0*255', 2)).map(list);
    expect(rows.every(([clock]) => typeof clock === 'string')).toBe(true);
  });

  it('are found by range and by entry alike', async () => {
    const client = await wrapperClient(await startMeter(fast));
    const all = list(await client.get(7, '1-0:99.2.0*255', 2)).map(list);
    const from = timeOf(all[100]?.[0]);
    const to = timeOf(all[199]?.[0]);
    const columns = [captureHex(8, CLOCK), captureHex(3, '1-0:14.5.0*255')];
    const ranged = await client.get(7, '1-0:99.2.0*255', 2, range(new Date(from), new Date(to), columns));
    expect(ranged).toEqual(all.slice(100, 200).map((row) => [row[0], row[16]]));
    expect(await client.get(7, '1-0:99.2.0*255', 2, entries(101, 200))).toEqual(all.slice(100, 200));
    expect(await client.get(7, '1-0:99.2.0*255', 2, range(new Date(0), new Date(1)).replace(/07b2/g, '07d0'))).toEqual(
      [],
    );
  });

  it('hold the events of the meter', async () => {
    const meter = await startMeter(fast);
    const client = await wrapperClient(meter);
    const [first] = list(await client.get(7, '0-0:99.98.0*255', 2)).map(list);
    expect(first?.slice(1)).toEqual(['power-up', 'Started on firmware 4.0.0.']);
    expect(Math.abs(timeOf(first?.[0]) - Date.now())).toBeLessThan(60_000);
  });
});

describe('the clock', () => {
  const set = (value: string): string => `c101c10008${obisHex(CLOCK)}0200${value}`;
  const moment = new Date(Date.UTC(2030, 0, 2, 3, 4, 5));

  it('is set by the client with the secret, and its log grows', async () => {
    const meter = await startMeter(fast);
    const client = await wrapperClient(meter, 1, AARQ_LLS);
    const before = Number(await client.get(7, '1-0:99.128.0*255', 7));
    expect(hex(await client.ask(set(`090c${dateTimeHex(moment)}`)))).toBe('c501c100');
    const now = timeOf(await client.get(8, CLOCK, 2));
    expect(now - moment.getTime()).toBeGreaterThanOrEqual(0);
    expect(now - moment.getTime()).toBeLessThan(10_000);
    expect(Number(await client.get(7, '1-0:99.128.0*255', 7))).toBe(97_089);
    expect(before).toBe(500);
    const { events } = (await stateOf(meter)) as { events: { code: string }[] };
    expect(events.at(-1)?.code).toBe('clock-set');
    // As date_time, with Paris' deviation.
    expect(hex(await client.ask(set(`19${dateTimeHex(moment, 'ffc4')}`)))).toBe('c501c100');
    expect(timeOf(await client.get(8, CLOCK, 2)) - moment.getTime()).toBeLessThan(-3_500_000);
  });

  it('is not set by the public client, nor is anything else by anybody', async () => {
    const meter = await startMeter(fast);
    const open = await wrapperClient(meter);
    expect(hex(await open.ask(set(`090c${dateTimeHex(moment)}`)))).toBe('c501c103');
    open.raw.close();
    const client = await connectAgain(() => wrapperClient(meter, 1, AARQ_LLS));
    expect(hex(await client.ask(`c101c10001${obisHex('0-0:42.0.0*255')}02001105`))).toBe('c501c103');
    expect(hex(await client.ask(`c101c10001${obisHex('0-0:43.0.0*255')}02001105`))).toBe('c501c104');
    expect(hex(await client.ask(`c101c10008${obisHex(CLOCK)}03001105`))).toBe('c501c103');
    expect(hex(await client.ask(set('1105')))).toBe('c501c10c');
    expect(hex(await client.ask(set('090b07ea0b16ff1403352f0000')))).toBe('c501c10c');
    expect(hex(await client.ask(set('090c07eafd16ff140335ff000000')))).toBe('c501c1fa');
    expect(Math.abs(timeOf(await client.get(8, CLOCK, 2)) - Date.now())).toBeLessThan(10_000);
  });
});

describe('speed', () => {
  /** Milliseconds for 60 blocks. */
  async function sixtyBlocks(firmware: string, blockLatencyMs?: number): Promise<number> {
    const dlms = blockLatencyMs === undefined ? {} : { dlms: { blockLatencyMs } };
    const client = await wrapperClient(await startMeter({ firmware: firmwareVersion(firmware), ...dlms }));
    const sizes: number[] = [];
    const rows = 60 * 10;
    const since = performance.now();
    await collect(client.ask, getRequest(7, '1-0:99.2.0*255', 2, entries(1, rows)), sizes);
    return ((performance.now() - since) * 60) / sizes.length;
  }

  it('is limited by the latency of a block, which is less from 4.6.0 on', async () => {
    expect(await sixtyBlocks('4.0.0')).toBeGreaterThan(60 * 6 - 10);
    expect(await sixtyBlocks('4.6.0', 10)).toBeGreaterThan(60 * 10 - 15);
    // A busy machine may be slow, not always.
    await until(
      () => sixtyBlocks('4.6.0'),
      (spent) => spent < 60 * 6 && spent > 60 * 2 - 6,
      20_000,
    );
  });
});
