import { describe, expect, it } from 'vitest';
import { openMeter } from '../../../electron/meter/meter.ts';
import type { Touch } from '../../../electron/meter/touch.ts';
import {
  CAPABILITY_IDS,
  CAPABILITY_STATES,
  type Capability,
  type CapabilityId,
} from '../../../shared/domain/capability.ts';
import { ok } from '../../../shared/domain/problem.ts';
import { ADDRESS, type FakeOptions, failure, fakeMeter, meterRegisters, NO_HOST_KEYS } from './fakes.ts';

const USER = { user: 'USER1', password: '0' };
const SSH: Touch = { kind: 'open', banner: 'SSH-2.0-meter\r\n' };

async function probe(options: FakeOptions, credentials?: typeof USER, signal?: AbortSignal) {
  const fake = fakeMeter(options);
  const meter = openMeter({ address: ADDRESS, hostKeys: NO_HOST_KEYS, connectors: fake.connectors, credentials });
  const capabilities = await meter.probe(signal);
  await meter.close();
  expect(capabilities.map(({ id }) => id)).toEqual(CAPABILITY_IDS);
  for (const { because, state } of capabilities) {
    expect(because).toMatch(/^[A-Z0-9].*\.$/s);
    expect(CAPABILITY_STATES).toContain(state);
  }
  expect(fake.log).not.toContain('WRITE');
  expect(fake.openConnections()).toBe(0);
  const states = Object.fromEntries(capabilities.map(({ id, state }) => [id, state]));
  const of = (id: CapabilityId): Capability =>
    capabilities.find((one) => one.id === id) ?? { id, state: 'unknown', because: '' };
  return { states, of, fake };
}

/** Every port answers the same. */
const everywhere = (touch: Touch) => () => touch;

describe('probe', () => {
  it('finds what a meter with everything open can do, one touch for each port', async () => {
    const { states, fake } = await probe({
      registers: meterRegisters(),
      reference: ok('METSEION7400'),
      touch: everywhere(SSH),
    });
    expect(states).toEqual({
      'modbus-tcp': 'open',
      'modbus-identification': 'open',
      sftp: 'open',
      'sftp-upgrade-folder': 'unknown',
      dlms: 'open',
      bacnet: 'unknown',
      ion: 'open',
    });
    expect(fake.log).toEqual(['modbus 502', 'fc43 1', 'touch 22 banner', 'touch 4059 hang-up', 'touch 7700 nothing']);
  });

  it('does not log in without credentials', async () => {
    const { of, fake } = await probe({ registers: meterRegisters(), touch: everywhere(SSH) });
    expect(fake.log.some((line) => line.startsWith('sftp'))).toBe(false);
    expect(of('sftp-upgrade-folder').because).toMatch(/user and a password/);
  });

  it('gives three different answers for closed, busy and silent', async () => {
    const registers = meterRegisters();
    const closed = await probe({ registers, touch: everywhere({ kind: 'refused' }) });
    const busy = await probe({ registers, touch: everywhere({ kind: 'dropped' }) });
    const silent = await probe({
      registers,
      touch: everywhere({ kind: 'silent', because: 'no answer within 1000 ms' }),
    });
    for (const id of ['sftp', 'dlms', 'ion'] as const) {
      expect([closed.of(id).state, busy.of(id).state, silent.of(id).state]).toEqual(['refused', 'busy', 'no-answer']);
      expect(new Set([closed, busy, silent].map(({ of }) => of(id).because)).size).toBe(3);
    }
    expect(closed.of('dlms').because).toMatch(/4059 is closed: DLMS is disabled/);
    expect(busy.of('dlms').because).toMatch(/the only DLMS connection/);
    expect(busy.of('sftp').because).toMatch(/both SFTP sessions/);
    expect(silent.of('ion').because).toMatch(/no answer within 1000 ms/);
  });

  it('does not call something else on the port an SSH server', async () => {
    const web = await probe(
      { registers: meterRegisters(), touch: everywhere({ kind: 'open', banner: 'HTTP/1.1 400' }) },
      USER,
    );
    expect(web.of('sftp').state).toBe('unknown');
    expect(web.fake.log.some((line) => line.startsWith('sftp'))).toBe(false);
    const mute = await probe({ registers: meterRegisters(), touch: everywhere({ kind: 'open', banner: '' }) });
    expect(mute.of('sftp')).toMatchObject({ state: 'unknown', because: expect.stringContaining('nothing was said') });
  });

  it('knows what a firmware cannot have, without knocking', async () => {
    const old = await probe({ registers: meterRegisters({ firmware: '002.000.009' }), touch: everywhere(SSH) });
    expect(old.states).toMatchObject({ dlms: 'not-on-this-firmware', bacnet: 'not-on-this-firmware' });
    expect(old.fake.log).not.toContain('touch 4059 hang-up');
    const middle = await probe({ registers: meterRegisters({ firmware: '002.001.000' }), touch: everywhere(SSH) });
    expect(middle.states).toMatchObject({ dlms: 'open', bacnet: 'not-on-this-firmware' });
    expect(middle.of('bacnet').because).toMatch(/from firmware 4\.6\.0; this meter runs 2\.1\.0/);
    const unreadable = await probe({ registers: meterRegisters({ firmware: '?' }), touch: everywhere(SSH) });
    expect(unreadable.states).toMatchObject({ dlms: 'open', bacnet: 'unknown' });
  });

  it.each([
    ['modbus/refused', 'refused'],
    ['modbus/unreachable', 'no-answer'],
    ['modbus/timeout', 'no-answer'],
    ['modbus/closed', 'busy'],
    ['modbus/malformed', 'unknown'],
  ])('calls Modbus that ends with %s %s, and goes on with the rest', async (code, state) => {
    const { of, states, fake } = await probe({ intercept: () => failure(code), touch: everywhere(SSH) });
    expect(of('modbus-tcp').state).toBe(state);
    expect(states).toMatchObject({ 'modbus-identification': 'unknown', sftp: 'open', dlms: 'open', ion: 'open' });
    expect(fake.log).not.toContain('fc43 1');
  });

  it('calls Modbus open on a meter that says nothing of itself', async () => {
    const { of } = await probe({ touch: everywhere(SSH) });
    expect(of('modbus-tcp')).toMatchObject({
      state: 'open',
      because: expect.stringContaining('not one of its identity'),
    });
  });

  it.each([
    [failure('modbus/exception-1'), 'not-on-this-firmware'],
    [failure('modbus/exception-2'), 'open'],
    [failure('modbus/timeout'), 'no-answer'],
    [failure('modbus/malformed'), 'unknown'],
    [ok('18000'), 'open'],
  ])('function code 43: case %#', async (reference, state) => {
    const { of } = await probe({ registers: meterRegisters(), reference, touch: everywhere(SSH) });
    expect(of('modbus-identification').state).toBe(state);
    if (state !== 'not-on-this-firmware')
      expect(of('modbus-identification').because).toMatch(/shipped with 4\.6\.0 or later/);
  });

  it('looks for the upgrade folder in a session, and trusts it on simulated meters only', async () => {
    const simulated = meterRegisters({ model: 'ION7400 SIMULATED' });
    const folders = ['COMTRADE', 'firmwareUpg'];
    const state = async (registers: typeof simulated, names: readonly string[]) =>
      (await probe({ registers, folders: names, touch: everywhere(SSH) }, USER)).of('sftp-upgrade-folder').state;
    expect(await state(simulated, folders)).toBe('open');
    expect(await state(simulated, ['COMTRADE'])).toBe('not-on-this-firmware');
    expect(await state(meterRegisters(), folders)).toBe('unknown');
    expect(await state(meterRegisters(), ['COMTRADE'])).toBe('not-on-this-firmware');
  });

  it('says why a login failed', async () => {
    const login = (code: string) =>
      probe({ registers: meterRegisters(), touch: everywhere(SSH), login: () => failure(code) }, USER);
    const refused = await login('sftp/wrong-credentials');
    expect(refused.of('sftp')).toMatchObject({
      state: 'refused',
      because: expect.stringContaining('It ended with sftp/wrong-credentials'),
    });
    expect(refused.of('sftp-upgrade-folder').state).toBe('unknown');
    expect((await login('sftp/busy')).of('sftp').state).toBe('busy');
  });

  it('does not knock where a session of its own is open', async () => {
    const fake = fakeMeter({ registers: meterRegisters(), touch: everywhere({ kind: 'dropped' }) });
    const meter = openMeter({
      address: ADDRESS,
      hostKeys: NO_HOST_KEYS,
      connectors: fake.connectors,
      credentials: USER,
    });
    await meter.sftp();
    const sftp = (await meter.probe()).find(({ id }) => id === 'sftp');
    expect(sftp?.state).toBe('open');
    expect(fake.log).not.toContain('touch 22 banner');
    await meter.close();
  });

  it('stops in the middle and calls the rest unknown', async () => {
    const stop = new AbortController();
    const touch = (): Touch => {
      stop.abort();
      return { kind: 'stopped' };
    };
    const { states } = await probe({ registers: meterRegisters(), touch }, undefined, stop.signal);
    expect(states).toMatchObject({
      'modbus-tcp': 'open',
      sftp: 'unknown',
      dlms: 'unknown',
      bacnet: 'unknown',
      ion: 'unknown',
    });
  });
});
