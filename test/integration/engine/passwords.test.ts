import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { confirmMap, importMap } from '../../../electron/services/settings/site-maps.ts';
import { firstThat, must, startEngine, type TestEngine } from './support.ts';

const BY = 'A. Technician';
const PASSPHRASE = 'four words that nobody joins';
let test: TestEngine;

beforeEach(async () => {
  test = await startEngine();
});
afterEach(() => test.close());

it('the login that the engine remembers follows the password of its user, and no answer holds it', async () => {
  const { engine } = test.page();
  const practice = must(await engine.practice.start({ count: 1, applySeconds: 0 }));
  const [meter] = practice.meters;
  if (meter === undefined) throw new Error('There is no simulated meter.');
  const { house, logins } = test.parts;
  const programming = await fetch(`${meter.control}programming`, { method: 'POST', body: '{"on":true}' });
  expect(programming.ok).toBe(true);
  const { modbus = 0, sftp = 0, dlms = 0 } = meter.ports;
  const address = { host: meter.host, ports: { modbus, sftp, dlms, bacnet: 9 }, unit: 255, timeoutMs: 5_000 };
  const { firmware } = must(await engine.meters.identify({ address })).identity;
  if (firmware === null) throw new Error('The meter does not say what it runs.');
  must(await importMap(house, practice.map, firmware));
  must(await confirmMap(house, firmware, { area: 'security', by: BY }));
  const door = { host: meter.host, port: sftp };
  logins.remember(door, { user: 'USER1', password: '0' });
  const file = join(test.home, 'sealed.json');
  const sealed = must(
    await engine.passwords.seal({
      addresses: [address],
      users: [{ user: 'USER1', password: null }],
      clients: [],
      policy: null,
      length: null,
      file,
      passphrase: PASSPHRASE,
      by: BY,
    }),
  );
  const review = must(await engine.passwords.review({ address, file, passphrase: PASSPHRASE }));
  expect(review.users).toMatchObject([{ user: 'USER1', channel: 'modbus', row: { register: 61_400 } }]);
  const end = await firstThat(
    await engine.passwords.apply({ address, file, passphrase: PASSPHRASE, verify: true, by: BY }),
    ({ type }) => type === 'end',
  );
  if (end.type !== 'end') throw new Error('The stream did not end.');
  const outcome = must(end.result);
  expect(outcome.results).toMatchObject([{ user: 'USER1', outcome: 'verified' }]);
  expect(outcome.login).toBe('changed');
  const [secret] = must(await engine.passwords.open({ file, passphrase: PASSPHRASE, serial: meter.serial, by: BY }));
  expect(logins.find(door)).toEqual({ user: 'USER1', password: secret?.secret });
  expect(JSON.stringify([sealed, review, outcome])).not.toContain(secret?.secret);
});
