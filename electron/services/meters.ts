import type { Identification, Reading } from '../../shared/contract/views.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import type { Meter, RegisterGroup } from '../meter/types.ts';
import type { Access, House } from './house.ts';
import { readingOf } from './views.ts';

/** Who a meter is, how its clock stands, what its protocols can do now, and what is known against its firmware. */
export async function identifyMeter(
  house: House,
  access: Access,
  signal?: AbortSignal,
): Promise<Result<Identification>> {
  return withMeter(house, access, async (meter) => {
    const identity = await meter.identify(signal);
    if (!identity.ok) return identity;
    const clock = await meter.readClock(signal);
    if (!clock.ok) return clock;
    const capabilities = await meter.probe(signal);
    return ok({
      identity: identity.value,
      clock: clock.value,
      capabilities: [...capabilities],
      advisories: [...meter.advisories(identity.value)],
    });
  });
}

/** As {@link identifyMeter}, without the question what its protocols can do: it needs no login and takes one connection for a moment. */
export async function greetMeter(
  house: House,
  access: Access,
  signal?: AbortSignal,
): Promise<Result<Omit<Identification, 'capabilities'>>> {
  return withMeter(house, access, async (meter) => {
    const identity = await meter.identify(signal);
    if (!identity.ok) return identity;
    const clock = await meter.readClock(signal);
    if (!clock.ok) return clock;
    return ok({ identity: identity.value, clock: clock.value, advisories: [...meter.advisories(identity.value)] });
  });
}

/** Values of a group, read once. */
export async function readValues(
  house: House,
  access: Access,
  group: RegisterGroup | 'all',
  signal?: AbortSignal,
): Promise<Result<Reading>> {
  return withMeter(house, access, async (meter) => {
    const snapshot = await meter.readGroup(group, signal);
    return snapshot.ok ? ok(readingOf(snapshot.value)) : snapshot;
  });
}

/** Tries the login of an access exactly once, over SFTP; changes nothing on the meter but its count of failed logins. */
export async function logIn(house: House, access: Access, signal?: AbortSignal): Promise<Result<null>> {
  return withMeter(house, access, async (meter) => {
    const session = await meter.sftp(signal);
    return session.ok ? ok(null) : session;
  });
}

/** Opens a meter for one piece of work and closes it on every path: a meter has few connections. */
export async function withMeter<T>(
  house: Pick<House, 'open'>,
  access: Access,
  work: (meter: Meter) => Promise<T>,
): Promise<T> {
  const meter = await house.open(access);
  try {
    return await work(meter);
  } finally {
    await meter.close();
  }
}
