import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { type FirmwareVersion, firmwareVersion, parseFirmwareVersion } from '../shared/domain/firmware-version.ts';
import { problem, reasonOf } from '../shared/domain/problem.ts';
import { type FaultBox, parseFaults } from './faults.ts';
import type { RevenueLock } from './modbus/row.ts';
import { LARGEST_FILE } from './sftp/files.ts';
import type { Order } from './upgrade/agent.ts';

/** What the control address moves. */
export interface ControlledMeter {
  readonly faults: FaultBox;
  state(): Promise<Readonly<Record<string, unknown>>>;
  losePower(seconds: number): Promise<void>;
  disturbClock(change: ClockChange): Promise<void>;
  lock(change: LockChange): Promise<void>;
  /** False when the user or the password is not possible. */
  setPassword(user: string, password: string): Promise<boolean>;
  /** `off`: the meter has no power or is applying. */
  upgrade(source: { readonly version: FirmwareVersion } | { readonly image: Buffer }): Promise<Order | 'off'>;
}

interface ClockChange {
  readonly offsetSeconds?: number | undefined;
  readonly driftPpm?: number | undefined;
}

/** Everything that is left out stays. */
interface LockChange {
  readonly revenueLock?: RevenueLock | undefined;
  readonly modbusProgramming?: boolean | undefined;
  readonly lockout?: { readonly attempts: number; readonly minutes: number } | undefined;
}

/** An answer of the control address; a text is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}
type Route = (json: unknown) => Promise<Answer>;

/** The help text at `/`. */
export const HELP = `Control of a simulated ION7400. Bodies are JSON; unknown fields are refused.

GET  /state       how the meter stands
POST /fault       one fault or a list of them:
  {"kind":"drop","protocol":P,"direction":"in"|"out","atByte":n,"times":1}
  {"kind":"delay","protocol":P,"direction":D,"atByte":n,"milliseconds":ms,"times":1}
  {"kind":"garbage","protocol":P,"direction":D,"atByte":n,"length":count,"times":1}
  {"kind":"power-loss","protocol":P,"direction":D,"atByte":n,"seconds":1,"times":1}
  {"kind":"refuse","protocol":P}
  {"kind":"slow","protocol":P,"milliseconds":ms}
  {"kind":"storage-full"}
  {"kind":"serial-after-restart","serial":"..."}
  {"kind":"unavailable","registers":[3000]}
  {"kind":"logs-lost-by-upgrade"}   the next upgrades erase the recorders; without it they keep their rows
  {"kind":"clear"}                  ends all faults
  P is modbus, rtu-over-tcp, sftp, dlms or bacnet; bytes are counted from 0 on each connection (bacnet: of each datagram, and "times" counts
  datagrams; a dropped one is lost); "in" is what the client sends.
POST /power-loss  {"seconds":1}     no power for so long, then a start (0..3600)
POST /clock       {"offsetSeconds":n,"driftPpm":n}     either may be left out
POST /lock        {"revenueLock":"locked"|"unlocked"|"pending","modbusProgramming":true|false,
                   "lockout":{"attempts":0..255,"minutes":n}}     each may be left out
POST /programming {"on":true|false}     whether setup registers take writes over Modbus
POST /users       {"user":"USER1".."USER50"|"all","password":"..."}
POST /upgrade     {"version":"4.6.0"} or {"image":"absolute path"}     what ION Setup would do
`;

const DONE: Answer = { status: 200, body: { ok: true } };

const clearBody = z.strictObject({ kind: z.literal('clear') });
const powerLossBody = z.strictObject({ seconds: z.number().min(0).max(3600).default(1) });
const clockBody = z.strictObject({
  offsetSeconds: z.number().min(-1e9).max(1e9).optional(),
  driftPpm: z.number().min(-1e6).max(1e6).optional(),
});
const lockBody = z.strictObject({
  revenueLock: z.enum(['locked', 'unlocked', 'pending']).optional(),
  modbusProgramming: z.boolean().optional(),
  lockout: z
    .strictObject({ attempts: z.number().int().min(0).max(255), minutes: z.number().min(0).max(43_200) })
    .optional(),
});
const programmingBody = z.strictObject({ on: z.boolean() });
const userBody = z.strictObject({ user: z.string().regex(/^(?:all|USER[1-9]\d?)$/), password: z.string().max(64) });
const upgradeBody = z.union([
  z.strictObject({ version: z.string().refine((text) => parseFirmwareVersion(text).ok, 'not a firmware version') }),
  z.strictObject({ image: z.string().refine(isAbsolute, 'not an absolute path') }),
]);

/** What POST requests do, by path. Each checks its body first; what it cannot do it answers with a Problem. */
export function createRoutes(meter: ControlledMeter): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ['/fault', async (json) => fault(meter.faults, json)],
    [
      '/power-loss',
      route(powerLossBody, async ({ seconds }) => {
        await meter.losePower(seconds);
        return DONE;
      }),
    ],
    [
      '/clock',
      route(clockBody, async (change) => {
        await meter.disturbClock(change);
        return DONE;
      }),
    ],
    [
      '/lock',
      route(lockBody, async (change) => {
        await meter.lock(change);
        return DONE;
      }),
    ],
    [
      '/programming',
      route(programmingBody, async ({ on }) => {
        await meter.lock({ modbusProgramming: on });
        return DONE;
      }),
    ],
    [
      '/users',
      route(userBody, async ({ user, password }) =>
        (await meter.setPassword(user, password))
          ? DONE
          : refused(409, 'There is no such user, or this firmware does not take the password.'),
      ),
    ],
    ['/upgrade', route(upgradeBody, (source) => upgrade(meter, source))],
  ]);
}

/** An answer that refuses a request. */
export function refused(status: number, because: string): Answer {
  return {
    status,
    body: {
      problem: problem({
        code: 'simulator/refused',
        title: 'The simulated meter refused the request',
        because,
        nextStep: 'See the help text at /.',
      }),
    },
  };
}

/** An answer to a body that is not understood. */
export function badBody(because: string): Answer {
  return {
    status: 400,
    body: {
      problem: problem({
        code: 'simulator/bad-request',
        title: 'The body is not what the control address takes',
        because,
        nextStep: 'Send JSON as the help text at / shows it.',
      }),
    },
  };
}

function route<T>(schema: z.ZodType<T>, act: (body: T) => Promise<Answer>): Route {
  return async (json) => {
    const parsed = schema.safeParse(json);
    return parsed.success ? act(parsed.data) : badBody(z.prettifyError(parsed.error));
  };
}

function fault(faults: FaultBox, json: unknown): Answer {
  if (clearBody.safeParse(json).success) {
    faults.clear();
  } else {
    const parsed = parseFaults(json);
    if (!parsed.ok) return { status: 400, body: { problem: parsed.problem } };
    faults.arm(parsed.value);
  }
  return { status: 200, body: { faults: faults.list() } };
}

async function upgrade(meter: ControlledMeter, source: z.infer<typeof upgradeBody>): Promise<Answer> {
  if ('version' in source) return ordered(await meter.upgrade({ version: firmwareVersion(source.version) }));
  let image: Buffer;
  try {
    const { size } = await stat(source.image);
    if (size > LARGEST_FILE) return refused(409, 'The image is larger than the meter takes.');
    image = await readFile(source.image);
  } catch (thrown) {
    return refused(409, `The image cannot be read: ${reasonOf(thrown)}`);
  }
  return ordered(await meter.upgrade({ image }));
}

function ordered(order: Order | 'off'): Answer {
  if (order === 'off') return refused(409, 'The meter has no power or is applying an upgrade.');
  return { status: order.accepted ? 202 : 409, body: order };
}
