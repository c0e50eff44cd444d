import { z } from 'zod';
import ion7400 from '../../assets/meter-profiles/ion7400.json';
import {
  atLeast,
  compareFirmware,
  type FirmwareVersion,
  formatFirmware,
  parseFirmwareVersion,
} from '../../shared/domain/firmware-version.ts';
import type { Advisory } from '../../shared/domain/identity.ts';
import { parseIonSetupVersion } from '../../shared/domain/ion-setup-version.ts';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { PROVENANCES } from '../../shared/domain/provenance.ts';
import { UNITS } from '../../shared/domain/units.ts';
import { WORDS_OF } from '../protocols/modbus/decode.ts';
import { REGISTER_GROUPS, REGISTER_TYPES, type RegisterGroup, type RegisterRow } from './types.ts';

const text = z.string().min(1).max(600);
const vouched = { provenance: z.enum(PROVENANCES), source: text };
const count = z.number().int().min(1).max(1000);
const port = z.number().int().min(1).max(65_535);
const severity = z.enum(['info', 'warning', 'danger']);

/** A version in the data, parsed by the one parser there is. */
function version<T>(parse: (spelling: string) => Result<T>) {
  return z.string().transform((spelling, context) => {
    const parsed = parse(spelling);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.problem.because });
    return z.NEVER;
  });
}
const firmware = version(parseFirmwareVersion);
const ionSetup = version(parseIonSetupVersion);

const registerSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    register: z.number().int().min(1).max(65_536),
    count: z.number().int().min(1).max(125),
    type: z.enum(REGISTER_TYPES),
    unit: z.enum(UNITS),
    group: z.enum(REGISTER_GROUPS),
    label: text,
    ...vouched,
  })
  .refine((row) => row.type === 'utf8' || row.count === WORDS_OF[row.type], 'the count does not fit the type')
  .refine((row) => row.register + row.count - 1 <= 65_536, 'the value ends behind the last register');

const folderSchema = z.strictObject({
  path: z.string().regex(/^[A-Za-z0-9]+$/),
  access: z.enum(['read', 'add', 'add-to-subfolders', 'read-write-delete']),
  purpose: text,
  ...vouched,
});

const portSchema = z.strictObject({
  id: z.string(),
  label: text,
  port,
  transport: z.enum(['tcp', 'udp']),
  enabledByDefault: z.boolean().nullable(),
  pool: z.enum(['shared', 'sftp']).nullable(),
  connections: count.nullable(),
  fromFirmware: firmware.nullable(),
  ...vouched,
});

const releaseSchema = z.strictObject({
  version: firmware,
  /** "2025-04", or null where it is not known. */
  date: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .nullable(),
  minimumStart: firmware.nullable(),
  minimumIonSetup: ionSetup.nullable(),
  /** Whether the vendor requires `minimumIonSetup` or only recommends it. */
  ionSetupIs: z.enum(['required', 'recommended']).nullable(),
  /** True when a meter on this version cannot go back to an earlier one; null where no document says. */
  irreversible: z.boolean().nullable(),
  facts: z.array(text),
  ...vouched,
});

const advisorySchema = z.strictObject({
  id: text,
  title: text,
  severity,
  fixedIn: firmware,
  advice: text,
  /** What stays to be done by hand on a meter that has the fix; null when nothing does. */
  afterFix: z.strictObject({ severity, title: text, advice: text }).nullable(),
  ...vouched,
});

const profileSchema = z.strictObject({
  format: z.literal('meterwright-meter-profile/1'),
  model: text,
  registers: z.array(registerSchema).min(1),
  folders: z.array(folderSchema),
  ports: z.array(portSchema),
  connectionPool: z.strictObject({ shared: count, modbusOnly: count, sftp: count, dlms: count, ...vouched }),
  releases: z.array(releaseSchema),
  advisories: z.array(advisorySchema),
});

type ProfileData = z.infer<typeof profileSchema>;

/** A folder that the meter offers over SFTP, relative to the root of the session. */
type ProfileFolder = Readonly<ProfileData['folders'][number]>;
/** A port of the meter with its default number and, where documented, its number of connections. */
type ProfilePort = Readonly<ProfileData['ports'][number]>;
/** What public material says of a firmware release; null is "not known", never "no". */
type ProfileRelease = Readonly<ProfileData['releases'][number]>;

/** What is known of a meter model, each fact with who vouches for it. */
export interface MeterProfile {
  /** As the first word of the model register: "ION7400". */
  readonly model: string;
  /** In the order of their register numbers. */
  readonly registers: readonly RegisterRow[];
  readonly folders: readonly ProfileFolder[];
  readonly ports: readonly ProfilePort[];
  /** How many connections the meter takes at a time. */
  readonly connectionPool: Readonly<ProfileData['connectionPool']>;
  /** In the order of their versions. */
  readonly releases: readonly ProfileRelease[];
  registerById(id: string): RegisterRow | undefined;
  rowsOf(group: RegisterGroup | 'all'): readonly RegisterRow[];
  folder(path: string): ProfileFolder | undefined;
  port(id: string): ProfilePort | undefined;
  /** Exactly this version; undefined means that nothing is known of it. */
  release(version: FirmwareVersion): ProfileRelease | undefined;
  /**
   * The published weaknesses that hit this firmware, and what stays to be done where the fix alone is not enough. Where the
   * firmware is not known every weakness is listed as one that may apply.
   */
  advisoriesFor(version: FirmwareVersion | null): readonly Advisory[];
}

let bundled: Result<MeterProfile> | undefined;

/** The profile of the ION7400 that is part of the program; `meter/profile-corrupt` when it was damaged. Read once. */
export function meterProfile(): Result<MeterProfile> {
  bundled ??= parseProfile(ion7400);
  return bundled;
}

/** Checks the data of a profile; anything odd is `meter/profile-corrupt`. */
export function parseProfile(data: unknown): Result<MeterProfile> {
  const parsed = profileSchema.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return corrupt(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'unreadable'}`);
  }
  const conflict = findConflict(parsed.data);
  return conflict === undefined ? ok(createProfile(parsed.data)) : corrupt(conflict);
}

function corrupt(because: string) {
  return fail({
    code: 'meter/profile-corrupt',
    title: 'The meter profile of this program is damaged',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Install the program again.',
  });
}

/** Ids stand once and no two values share a register: a profile with either would show one value under the name of another. */
function findConflict(data: ProfileData): string | undefined {
  const ids = new Set<string>();
  const owners = new Map<number, string>();
  for (const row of data.registers) {
    if (ids.has(row.id)) return `the register id ${row.id} stands twice`;
    ids.add(row.id);
    for (let register = row.register; register < row.register + row.count; register += 1) {
      const owner = owners.get(register);
      if (owner !== undefined) return `register ${register} belongs to ${owner} and to ${row.id}`;
      owners.set(register, row.id);
    }
  }
  return undefined;
}

function createProfile(data: ProfileData): MeterProfile {
  const registers = [...data.registers].sort((a, b) => a.register - b.register);
  const byId = new Map(registers.map((row) => [row.id, row]));
  const folders = new Map(data.folders.map((folder) => [folder.path, folder]));
  const ports = new Map(data.ports.map((one) => [one.id, one]));
  return {
    model: data.model,
    registers,
    folders: data.folders,
    ports: data.ports,
    connectionPool: data.connectionPool,
    releases: [...data.releases].sort((a, b) => compareFirmware(a.version, b.version)),
    registerById: (id) => byId.get(id),
    rowsOf: (group) => (group === 'all' ? registers : registers.filter((row) => row.group === group)),
    folder: (path) => folders.get(path),
    port: (id) => ports.get(id),
    release: (wanted) => data.releases.find((release) => compareFirmware(release.version, wanted) === 0),
    advisoriesFor: (running) => data.advisories.flatMap((advisory) => advisoryFor(advisory, running)),
  };
}

function advisoryFor(
  advisory: ProfileData['advisories'][number],
  running: FirmwareVersion | null,
): readonly Advisory[] {
  const known = { id: advisory.id, fixedIn: formatFirmware(advisory.fixedIn), source: advisory.source };
  if (running === null) {
    const advice = `The firmware could not be read, so it is not known whether this applies. ${advisory.advice}`;
    return [{ ...known, title: `May apply: ${advisory.title}`, severity: 'warning', advice }];
  }
  if (!atLeast(running, advisory.fixedIn)) {
    return [{ ...known, title: advisory.title, severity: advisory.severity, advice: advisory.advice }];
  }
  return advisory.afterFix === null ? [] : [{ ...known, ...advisory.afterFix }];
}
