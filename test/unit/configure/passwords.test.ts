import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { passwordWay, planPasswords } from '../../../electron/configure/passwords.ts';
import { applyPasswords, type PasswordApplyOptions } from '../../../electron/configure/passwords-apply.ts';
import type { AreaReading, Bindings } from '../../../electron/configure/types.ts';
import type { PasswordEvent } from '../../../electron/inventory/audit.ts';
import type { SetupSession } from '../../../electron/meter/setup/types.ts';
import type { SiteMap, SiteMapRow } from '../../../electron/meter/site-map/types.ts';
import type { Meter } from '../../../electron/meter/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';

const SECRET = 'Tr4vel-Lantern';
const SIMULATED = {
  name: 'Feeder 12',
  serial: 'SIM-1',
  firmware: firmwareVersion('4.6.0'),
  simulated: true,
} as MeterIdentity;
const REAL: MeterIdentity = { ...SIMULATED, serial: 'MJ-1', simulated: false };
const row = (name: string, register: number, count = 1, type: SiteMapRow['type'] = 'uint16') =>
  ({ name, register, count, type, writable: name.endsWith('Password') }) as SiteMapRow;
const ROWS = [
  row('USER1 New Password', 400, 8, 'utf8'),
  row('USER2 New Password', 408, 8, 'utf8'),
  row('Password Change User', 204),
  row('Password Change Result', 205),
];
const mapOf = (provenance: SiteMap['provenance']) =>
  ({ fileName: 'map.xlsx', sha256: 'a'.repeat(64), provenance, rows: ROWS }) as unknown as SiteMap;
const CONFIRMED: Bindings = {
  mapSha256: 'a'.repeat(64),
  names: {},
  confirmed: { security: { by: 'A', at: '2026-01-01T00:00:00Z' } },
};

describe('the way of a password', () => {
  it('is never Modbus on a real meter, whatever the map says', () => {
    for (const provenance of ['site-map', 'simulated'] as const) {
      expect(passwordWay('USER2', REAL, mapOf(provenance), CONFIRMED)).toMatchObject({
        channel: 'hand-off',
        because: expect.stringContaining('in clear'),
      });
    }
    expect(passwordWay('USER2', SIMULATED, mapOf('site-map'), CONFIRMED).channel).toBe('hand-off');
  });

  it('is Modbus on a simulated one through a row that a person confirmed, and through no other', () => {
    expect(passwordWay('USER2', SIMULATED, mapOf('simulated'), CONFIRMED)).toMatchObject({ row: { register: 408 } });
    expect(passwordWay('USER3', SIMULATED, mapOf('simulated'), CONFIRMED).channel).toBe('hand-off');
    expect(passwordWay('USER2', SIMULATED, mapOf('simulated'), { ...CONFIRMED, confirmed: {} }).channel).toBe(
      'hand-off',
    );
    const other = { ...CONFIRMED, mapSha256: 'b'.repeat(64) };
    expect(passwordWay('USER2', SIMULATED, mapOf('simulated'), other).channel).toBe('hand-off');
  });
});

describe('a plan for a meter of which nothing can be read', () => {
  const reading = { area: 'security', identity: REAL, settings: [], users: [] } as unknown as AreaReading;
  const facts = {
    wayOf: () => passwordWay('USER2', REAL, undefined, undefined),
    randomBytes,
    sealedFile: 'sealed.json',
    own: 'USER1',
  };
  const users = [
    { user: 'USER1', password: null },
    { user: 'USER2', password: null },
  ];

  it('holds passwords to the strictest policy, and its sheet names users and the file, never a password', () => {
    const plan = planPasswords(reading, { users, clients: [] }, facts);
    if (!plan.ok) throw new Error(plan.problem.because);
    expect(plan.value).toMatchObject({
      policyFrom: 'assumed',
      policy: { complexity: 'ieee1686_2013', minimumLength: 8 },
    });
    const sheet = JSON.stringify(plan.value.handOff);
    expect(sheet).toContain('sealed.json');
    expect(sheet.indexOf('USER2')).toBeLessThan(sheet.indexOf('"USER1"'));
    expect(plan.value.secrets).toHaveLength(2);
    for (const { secret } of plan.value.secrets) expect(sheet + JSON.stringify(plan.value.users)).not.toContain(secret);
  });

  it('needs a meter that says what it runs and who it is', () => {
    for (const unknown of [{ firmware: null }, { serial: null }]) {
      const asked = { ...reading, identity: { ...REAL, ...unknown } };
      expect(planPasswords(asked, { users, clients: [] }, facts)).toMatchObject({
        problem: { code: 'passwords/meter-unknown' },
      });
    }
  });
});

/** A session whose answers to writes are given, and which says afterwards whose password it took last. */
function fakeMeter(
  answer: (user: number) => { readonly sent: Result<never[]>; readonly said: readonly [number, number] },
) {
  const written: string[] = [];
  let said: readonly [number, number] = [0, 0];
  const session: SetupSession = {
    identity: SIMULATED,
    map: mapOf('simulated'),
    read: async (rows) =>
      ok(
        rows.map((asked) => ({
          row: asked,
          value: asked.register === 204 ? said[0] : asked.register === 205 ? said[1] : ('unavailable' as const),
        })),
      ),
    async write([item]) {
      const user = item?.row.register === 400 ? 1 : 2;
      written.push(`USER${user}`);
      const { sent, said: next } = answer(user);
      said = next;
      return sent;
    },
    tryWay: async () => ok(undefined),
  };
  const meter = { identify: async () => ok(SIMULATED), withSetup: (work) => work(session) } as Pick<
    Meter,
    'identify' | 'withSetup'
  >;
  return { meter: meter as Meter, written };
}

const lost = fail({ code: 'modbus/write-unanswered', title: 'No answer', because: 'It was late.', nextStep: 'Wait.' });

async function applied(meter: Meter, more: Partial<PasswordApplyOptions> = {}) {
  const events: PasswordEvent[] = [];
  const result = await applyPasswords(
    meter,
    [
      { user: 'USER1', secret: SECRET },
      { user: 'USER2', secret: SECRET },
    ],
    {
      run: 'run',
      by: 'A. Technician',
      own: 'USER1',
      sealedFile: 'sealed.json',
      logIn: null,
      bindingsOf: () => CONFIRMED,
      record: async (lines) => {
        events.push(...lines);
        return ok(undefined);
      },
      now: () => new Date(0),
      ...more,
    },
  );
  if (!result.ok) throw new Error(result.problem.because);
  return { ...result.value, events };
}

describe('a password whose answer is lost', () => {
  it('is written when the meter says so and did not say so before', async () => {
    const { meter } = fakeMeter((user) => ({ sent: lost, said: [user, 1] }));
    expect((await applied(meter)).results.map(({ outcome }) => outcome)).toEqual(['written', 'written']);
  });

  it('cannot be verified otherwise; nothing is sent twice, and nothing after it', async () => {
    const { meter, written } = fakeMeter(() => ({ sent: lost, said: [0, 0] }));
    const { results, problem, handOff } = await applied(meter);
    expect(results.map(({ user, outcome }) => [user, outcome])).toEqual([
      ['USER2', 'cannot-be-verified'],
      ['USER1', 'not-tried'],
    ]);
    expect(written).toEqual(['USER2']);
    expect(problem?.code).toBe('modbus/write-unanswered');
    expect(JSON.stringify(handOff)).not.toContain('"USER2"');
  });
});

describe('passwords on their way', () => {
  it('are announced before they are sent, and nothing is sent that could not be announced', async () => {
    const { meter, written } = fakeMeter((user) => ({ sent: ok([]), said: [user, 1] }));
    const full = fail({ code: 'disk/full', title: 'The disk is full', because: 'No room.', nextStep: 'Make room.' });
    const { results, problem } = await applied(meter, { record: async () => full });
    expect(written).toEqual([]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['not-tried', 'not-tried']);
    expect(problem?.code).toBe('disk/full');
  });

  it('are logged in with once each, and not at all after the first login that could not be tried', async () => {
    const { meter, written } = fakeMeter((user) => ({ sent: ok([]), said: [user, 1] }));
    const tried: string[] = [];
    const busy = fail({ code: 'sftp/busy', title: 'The meter is busy', because: 'Two sessions.', nextStep: 'Wait.' });
    const outcome = await applied(meter, {
      logIn: async (user) => {
        tried.push(user);
        return busy;
      },
    });
    expect(tried).toEqual(['USER2']);
    expect(written).toEqual(['USER2']);
    expect(outcome.results.map(({ outcome: came }) => came)).toEqual(['written', 'not-tried']);
    expect(outcome.problem?.code).toBe('sftp/busy');
  });

  it('that the meter acknowledges without a word cannot be verified; no line of the audit trail has one', async () => {
    const { meter } = fakeMeter(() => ({ sent: ok([]), said: [0, 0] }));
    const { results, events } = await applied(meter);
    expect(results.map(({ outcome }) => outcome)).toEqual(['cannot-be-verified', 'cannot-be-verified']);
    expect(events.map(({ outcome }) => outcome)).toEqual([
      'announced',
      'cannot-be-verified',
      'announced',
      'cannot-be-verified',
    ]);
    expect(JSON.stringify(events)).not.toContain(SECRET);
  });

  it('stop between two users when they are asked to', async () => {
    const stop = new AbortController();
    const { meter, written } = fakeMeter((user) => {
      stop.abort();
      return { sent: ok([]), said: [user, 1] };
    });
    const { results, problem } = await applied(meter, { signal: stop.signal });
    expect(written).toEqual(['USER2']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['written', 'not-tried']);
    expect(problem?.code).toBe('aborted');
  });
});
