import { afterEach, describe, expect, it } from 'vitest';
import { commissioningCheck } from '../../../electron/meter/bacnet/commissioning.ts';
import { findConflicts, isInstanceFree } from '../../../electron/meter/bacnet/network.ts';
import { bacnetSheetCsv } from '../../../electron/meter/bacnet/sheet-csv.ts';
import type { BacnetSheet, CommissioningOptions } from '../../../electron/meter/bacnet/types.ts';
import { openBacnet } from '../../../electron/protocols/bacnet/client.ts';
import type { BacnetClient } from '../../../electron/protocols/bacnet/types.ts';
import { analogInput, hex, type MeterScript, objectsOf, scriptedMeter } from './scripted-meter.ts';
import { framed, iAm, type ScriptedPeer, scriptedPeer } from './scripted-peer.ts';

const toClose: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of toClose.splice(0).reverse()) await one.close();
});

async function client(): Promise<BacnetClient> {
  const opened = await openBacnet({ bind: { address: '127.0.0.1', port: 0 }, timeoutMs: 2000, retries: 2 });
  if (!opened.ok) throw new Error(opened.problem.because);
  toClose.push(opened.value);
  return opened.value;
}

async function meter(script: MeterScript): Promise<ScriptedPeer> {
  const made = await scriptedMeter(script);
  toClose.push(made);
  return made;
}

async function peer(...args: Parameters<typeof scriptedPeer>): Promise<ScriptedPeer> {
  const made = await scriptedPeer(...args);
  toClose.push(made);
  return made;
}

const others = {
  '0 1': analogInput('Voltage L1', 230.5, 5),
  '0 2': analogInput('Power', 1234.5, 48),
  '3 1': { 77: [hex.text('Relay')], 85: ['9101'] },
};

async function check(
  script: Partial<MeterScript>,
  options: Partial<CommissioningOptions> = {},
): Promise<{ readonly sheet: BacnetSheet; readonly peer: ScriptedPeer }> {
  const device = await meter({ deviceId: 471_955, objects: objectsOf(471_955, 'ION7400-173393', others), ...script });
  const made = await commissioningCheck({
    client: await client(),
    device: { host: device.host, port: device.port },
    expected: { deviceId: 471_955, deviceName: 'ION7400-173393' },
    // Nobody is there: searches of the network are looked at further down.
    search: { targets: [{ kind: 'device', address: { host: device.host, port: device.port } }], waitMs: 300 },
    now: () => new Date(0),
    ...options,
  });
  if (!made.ok) throw new Error(made.problem.because);
  return { sheet: made.value, peer: device };
}

function verdicts(sheet: BacnetSheet): Record<string, string> {
  return Object.fromEntries(sheet.findings.map(({ id, verdict }) => [id, verdict]));
}

describe('commissioning check', () => {
  it.each([
    ['one property at a time', {}],
    ['ReadPropertyMultiple', { multiple: 100 }],
    ['ReadPropertyMultiple of at most 3', { multiple: 3 }],
    ['ReadPropertyMultiple that is promised and rejected', { claimsMultiple: true }],
  ])('reads everything with %s', async (_, script) => {
    const { sheet, peer: device } = await check(script);
    const services = device.heard.map((request) => request.slice(18, 20));
    expect(services.includes('0e')).toBe('multiple' in script || 'claimsMultiple' in script);
    expect(verdicts(sheet)).toEqual({
      answers: 'pass',
      'device-id': 'pass',
      'device-name': 'pass',
      vendor: 'pass',
      'protocol-revision': 'pass',
      'object-list': 'pass',
      'object-names': 'pass',
      'present-values': 'pass',
      'who-has': 'pass',
      conflicts: 'pass',
    });
    expect(sheet).toMatchObject({
      takenAt: '1970-01-01T00:00:00.000Z',
      deviceId: 471_955,
      deviceName: 'ION7400-173393',
      vendorId: 10,
      model: 'ION7400',
      firmware: '004.006.000',
      protocolRevision: 16,
      maxApdu: 1476,
      segmentation: 'none',
      objectCount: 4,
      description: null,
    });
    expect(sheet.objects.map(({ name, presentValue, unit }) => [name, presentValue, unit])).toEqual([
      ['Voltage L1', '230.5', 'V'],
      ['Power', '1234.5', 'kW'],
      ['Relay', 'active', ''],
    ]);
  });

  it('is written as a list for the building automation, which runs nothing in a spreadsheet', async () => {
    const objects = objectsOf(5, 'M, "5"', { '0 1': { ...analogInput('=1+1', -2.5, 98), 28: [hex.text('a\nb')] } });
    const { sheet } = await check({ deviceId: 5, objects }, { expected: {} });
    expect(bacnetSheetCsv(sheet).split('\r\n')).toEqual([
      '\uFEFFkeyname,device obj.-instance,object-name,object-type,object-instance,description,present-value,unit',
      '"M, ""5""",5,"M, ""5""",8,5,,,',
      `"M, ""5"".=1+1",5,'=1+1,0,1,a b,-2.5,%`,
      '',
    ]);
  });

  it('says what is not as it was configured', async () => {
    const objects = objectsOf(
      6,
      'Other',
      { '0 1': analogInput('Other', Number.NaN, 5) },
      { 139: ['2113'], 120: ['2207d0'] },
    );
    const { sheet } = await check({ deviceId: 6, objects, silent: { whoHas: true } });
    expect(verdicts(sheet)).toMatchObject({
      'device-id': 'block',
      'device-name': 'block',
      'protocol-revision': 'warn',
      'object-names': 'warn',
      'present-values': 'warn',
      'who-has': 'warn',
    });
  });

  it('reads a meter that does not answer Who-Is, and says so', async () => {
    const { sheet } = await check({ silent: { whoIs: true } });
    expect(verdicts(sheet)).toMatchObject({
      answers: 'warn',
      'device-id': 'pass',
      conflicts: 'unknown',
      'object-list': 'pass',
    });
    expect(sheet.objects.length).toBe(3);
  });

  it('reads a list that does not fit one answer', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 210 }, (_, at) => [`0 ${at + 1}`, analogInput(`I ${at}`, at, 3)]),
    );
    const { sheet } = await check({ multiple: 100, objects: objectsOf(471_955, 'ION7400-173393', many) });
    expect(sheet.objects.length).toBe(210);
    expect(sheet.findings.find(({ id }) => id === 'object-list')).toMatchObject({ verdict: 'pass' });
    expect(sheet.findings.find(({ id }) => id === 'object-list')?.because).toContain('does not fit');
  });

  it('fails when nothing answers, and when it is stopped', async () => {
    const nobody = await peer();
    const bacnet = await openBacnet({ bind: { address: '127.0.0.1', port: 0 }, timeoutMs: 50, retries: 0 });
    if (!bacnet.ok) throw new Error(bacnet.problem.because);
    toClose.push(bacnet.value);
    const stop = new AbortController();
    const options: CommissioningOptions = {
      client: bacnet.value,
      device: nobody,
      expected: {},
      search: { waitMs: 50 },
      now: () => new Date(),
      signal: stop.signal,
    };
    const silent = await commissioningCheck(options);
    expect(silent.ok ? '' : silent.problem.code).toBe('bacnet/timeout');
    stop.abort();
    const stopped = await commissioningCheck(options);
    expect(stopped.ok ? '' : stopped.problem.code).toBe('aborted');
  });
});

describe('the network', () => {
  /** A subnet of loopback on a port of its own; each device answers from a port of its own. */
  async function subnet(...ids: readonly number[]): Promise<number> {
    const devices = await Promise.all(ids.map(async (id) => ({ id, device: await peer() })));
    const wire = await peer(
      (_, { address, port }) => {
        for (const { id, device } of devices) void device.send(framed(iAm(id)), { host: address, port });
        return [];
      },
      { address: '127.255.255.255', port: 0 },
    );
    return wire.port;
  }

  it('says whether an instance is free', async () => {
    const port = await subnet(6022);
    const options = {
      client: await client(),
      search: { targets: [{ kind: 'broadcast', port }], waitMs: 300 },
    } as const;
    const taken = await isInstanceFree({ ...options, deviceId: 6022 });
    const free = await isInstanceFree({ ...options, deviceId: 6023 });
    expect(taken.ok && taken.value.finding).toMatchObject({ id: 'instance-free', verdict: 'block' });
    expect(taken.ok && taken.value.holders.map(({ deviceId }) => deviceId)).toEqual([6022]);
    expect(free.ok && free.value.finding).toMatchObject({ verdict: 'pass' });
    const holder = taken.ok ? taken.value.holders[0]?.address : undefined;
    const own = await isInstanceFree({
      ...options,
      deviceId: 6022,
      ...(holder === undefined ? {} : { except: holder }),
    });
    expect(own.ok && own.value.finding.verdict).toBe('pass');
  });

  it('does not call an instance free when it cannot hear everybody', async () => {
    const first = await client();
    const second = await openBacnet({
      bind: { address: '127.0.0.1', port: first.binding.port },
      timeoutMs: 2000,
      retries: 0,
    });
    if (!second.ok) throw new Error(second.problem.because);
    toClose.push(second.value);
    const port = await subnet();
    const answer = await isInstanceFree({
      client: second.value,
      search: { targets: [{ kind: 'broadcast', port }], waitMs: 50 },
      deviceId: 6022,
    });
    expect(answer.ok && answer.value.finding.verdict).toBe('unknown');
  });

  it('finds two devices with one instance', async () => {
    const port = await subnet(1, 2, 2, 3);
    const found = await findConflicts({
      client: await client(),
      search: { targets: [{ kind: 'broadcast', port }], waitMs: 300 },
    });
    expect(found.ok && found.value.devices.length).toBe(4);
    expect(found.ok && found.value.conflicts.map((group) => group.map(({ deviceId }) => deviceId))).toEqual([[2, 2]]);
  });

  it('blocks when another device has the instance of the meter', async () => {
    const port = await subnet(471_955, 471_955);
    const { sheet } = await check({}, { search: { targets: [{ kind: 'broadcast', port }], waitMs: 300 } });
    expect(verdicts(sheet)['conflicts']).toBe('block');
  });
});

describe('the way over a BBMD', () => {
  async function bbmd(result: string, forward: (npdu: string) => readonly string[] = () => []): Promise<ScriptedPeer> {
    return peer((request) => {
      if (request.startsWith('8105')) return [`81000006${result}`];
      return request.startsWith('8109') ? forward(request.slice(8)) : [`81000006${'0000'}`];
    });
  }

  it('finds the meter through it', async () => {
    const device = await meter({ deviceId: 12, objects: objectsOf(12, 'M', others) });
    const origin = `7f000001${device.port.toString(16).padStart(4, '0')}`;
    const node = await bbmd('0000', () => [framed(`${origin}0100${iAm(12)}`, '', '04')]);
    const made = await commissioningCheck({
      client: await client(),
      device,
      expected: {},
      search: { targets: [{ kind: 'device', address: device }], waitMs: 2000 },
      foreign: { host: node.host, port: node.port, ttlSeconds: 60 },
      now: () => new Date(),
    });
    expect(made.ok && made.value.findings.find(({ id }) => id === 'foreign')).toMatchObject({ verdict: 'pass' });
    expect(node.heard[0]).toBe('81050006003c');
    expect(node.heard[1]).toBe('810900100120ffff00ff1008090c190c');
  });

  it('says that a BBMD refuses', async () => {
    const node = await bbmd('0030');
    const { sheet } = await check({}, { foreign: { host: node.host, port: node.port, ttlSeconds: 60 } });
    expect(verdicts(sheet)['foreign']).toBe('block');
  });

  it('renews, reports a loss, repairs it, and takes the registration back', async () => {
    let answers = true;
    const node = await peer((request) => (answers || request.startsWith('8108') ? ['810000060000'] : []));
    const opened = await openBacnet({ bind: { address: '127.0.0.1', port: 0 }, timeoutMs: 100, retries: 0 });
    if (!opened.ok) throw new Error(opened.problem.because);
    const bacnet = opened.value;
    toClose.push(bacnet);
    const made = await bacnet.registerForeignDevice({ host: node.host, port: node.port, ttlSeconds: 1 });
    expect(made.ok && made.value.state).toBe('registered');
    await node.heardAtLeast(3);
    answers = false;
    await expect.poll(() => bacnet.foreign()?.state, { timeout: 15_000 }).toBe('lost');
    expect(bacnet.foreign()?.problem?.code).toBe('bacnet/foreign-unanswered');
    answers = true;
    await expect.poll(() => bacnet.foreign()?.state, { timeout: 15_000 }).toBe('registered');
    await bacnet.close();
    expect(node.heard.at(-1)).toBe(`8108000a7f000001${bacnet.binding.port.toString(16).padStart(4, '0')}`);
    expect(bacnet.foreign()).toBeUndefined();
  });
});
