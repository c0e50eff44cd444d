import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstallationKey } from '../../../electron/inventory/installation-key.ts';
import {
  DEFAULT_PORTS,
  type Meter,
  type RegisterRow,
  type RegisterSnapshot,
  type RegisterValue,
} from '../../../electron/meter/types.ts';
import type { RemoteFile, SftpClient } from '../../../electron/protocols/sftp/types.ts';
import type { ClockReading, MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';
import { type FakeLogs, fakeLogs } from './fake-logs.ts';

/** An own temporary folder; `dispose` removes it. */
export async function temporaryFolder(): Promise<{ readonly path: string; dispose(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'meterwright-backup-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}

/** A key like that of an installation, new each time. */
export function newKey(): InstallationKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return {
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint: `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`,
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

export const IDENTITY: MeterIdentity = {
  name: 'Main intake',
  model: 'ION7400',
  serial: 'MW-2211A001-01',
  firmware: { major: 4, minor: 0, patch: 0 },
  productId: 18000,
  commercialReference: null,
  manufacturer: 'Schneider Electric',
  featureSet: 'advanced',
  simulated: true,
};

export const CLOCK: ClockReading = {
  meterUtc: '2026-11-22T10:00:00.000Z',
  pcUtc: '2026-11-22T10:00:01.000Z',
  offsetSeconds: -1,
  uncertaintySeconds: 1.01,
  source: 'unix-time-register',
  because: 'Read from the Unix time register.',
};

export function failure(code: string, because = 'As the test wants it.'): Result<never> {
  return fail({ code, title: 'It failed', because, nextStep: 'Try again.' });
}

/** A register row with everything that the tests do not care about filled in. */
export function row(
  input: Pick<RegisterRow, 'id' | 'register' | 'type' | 'group'> & Partial<RegisterRow>,
): RegisterRow {
  return { count: 2, unit: '', label: `Label of ${input.id}`, provenance: 'public-evidence', source: 'test', ...input };
}

export const ENERGY: RegisterValue = {
  row: row({ id: 'active-energy-delivered', register: 3204, type: 'int64', group: 'energy', count: 4, unit: 'Wh' }),
  raw: [0x0020, 0x0000, 0x0000, 0x0001],
  value: 9_007_199_254_740_993n,
  unavailable: false,
};
export const VALUES: readonly RegisterValue[] = [
  {
    row: row({ id: 'serial-number', register: 117, type: 'utf8', group: 'identity' }),
    raw: [0x4d57],
    value: 'MW',
    unavailable: false,
  },
  {
    row: row({ id: 'current-a', register: 3000, type: 'float32', group: 'live', unit: 'A' }),
    raw: [0x4148, 0],
    value: 12.5,
    unavailable: false,
  },
  {
    row: row({ id: 'ct-primary', register: 2000, type: 'uint16', group: 'setup', count: 1, unit: 'A' }),
    raw: [400],
    value: 400,
    unavailable: false,
  },
  {
    row: row({ id: 'digital-inputs', register: 8905, type: 'uint16', group: 'io', count: 1 }),
    raw: [0xffff],
    value: 'unavailable',
    unavailable: true,
  },
  ENERGY,
];

/** What a fake meter has; everything may be changed while it runs. */
export interface FakeMeter {
  identity: Result<MeterIdentity>;
  clock: Result<ClockReading>;
  values: readonly RegisterValue[];
  unread: RegisterSnapshot['unread'];
  /** Folders are the keys that end with a slash; file contents by path. */
  files: Map<string, Uint8Array>;
  links: Set<string>;
  sftpFailure: Result<never> | undefined;
  /** Called before each download; a failure ends it. */
  onDownload: (path: string) => Result<void>;
  /** What it exports over DLMS: nothing, and nobody answers, unless a test gives it logs. */
  logs: FakeLogs;
  readonly meter: Meter;
}

/** A meter that answers from memory. */
export function fakeMeter(files: Readonly<Record<string, string>> = {}): FakeMeter {
  const fake: FakeMeter = {
    identity: ok(IDENTITY),
    clock: ok(CLOCK),
    values: VALUES,
    unread: [],
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'latin1')])),
    links: new Set(),
    sftpFailure: undefined,
    onDownload: () => ok(undefined),
    logs: { ...fakeLogs(), withLogs: () => Promise.resolve(failure('dlms/refused', 'Nobody listens on port 4059.')) },
    meter: {
      address: { host: '192.0.2.7', ports: DEFAULT_PORTS, unit: 255, timeoutMs: 1000 },
      identify: () => Promise.resolve(fake.identity),
      readClock: () => Promise.resolve(fake.clock),
      withLogs: (work) => fake.logs.withLogs(work),
      setClock: () => Promise.reject(new Error('A backup never sets a clock.')),
      withSetup: () => Promise.reject(new Error('A backup never touches setup registers.')),
      readGroup: (group) => {
        const wanted = (candidate: { readonly row: RegisterRow }) => group === 'all' || candidate.row.group === group;
        return Promise.resolve(
          ok({
            startedAt: '2026-11-22T10:00:00.000Z',
            endedAt: '2026-11-22T10:00:01.000Z',
            values: fake.values.filter(wanted),
            unread: fake.unread.filter(wanted),
            requests: 3,
          }),
        );
      },
      probe: () => Promise.resolve([]),
      advisories: () => [],
      readRevenueLock: () => Promise.resolve(null),
      readConnections: () => Promise.resolve(null),
      readDefaultPasswords: () => Promise.resolve(null),
      sftp: () => Promise.resolve(fake.sftpFailure ?? ok(fakeSftp(fake))),
      close: () => Promise.resolve(),
    },
  };
  return fake;
}

function fakeSftp(fake: FakeMeter): SftpClient {
  const never = () => Promise.resolve(failure('test/not-read-only', 'A backup must not write to a meter.'));
  const entry = (folder: string, name: string): RemoteFile => {
    const path = `${folder}/${name}`;
    const kind = fake.links.has(path) ? 'other' : fake.files.has(path) ? 'file' : 'folder';
    return { name, kind, size: fake.files.get(path)?.length ?? 0, modified: '2026-11-21T08:00:00Z' };
  };
  return {
    hostKey: 'SHA256:test',
    firstUse: false,
    list: (folder) => {
      const names = new Set<string>();
      for (const path of [...fake.files.keys(), ...fake.links]) {
        if (!path.startsWith(`${folder}/`)) continue;
        const rest = path.slice(folder.length + 1);
        // A name with a slash in it is written with a vertical bar here: "documents/..|evil".
        if (rest !== '') names.add(rest.split('/')[0] ?? '');
      }
      return Promise.resolve(
        ok([...names].map((name) => ({ ...entry(folder, name), name: name.replaceAll('|', '/') }))),
      );
    },
    stat: (path) => {
      const bytes = fake.files.get(path);
      if (bytes !== undefined && !path.endsWith('/')) {
        return Promise.resolve(ok({ name: path, kind: 'file', size: bytes.length, modified: '2026-11-21T08:00:00Z' }));
      }
      const folder = [...fake.files.keys(), ...fake.links].some((candidate) => candidate.startsWith(`${path}/`));
      if (!folder) return Promise.resolve(ok(undefined));
      return Promise.resolve(ok({ name: path, kind: 'folder', size: 0, modified: '2026-11-21T08:00:00Z' }));
    },
    readFile: () => Promise.resolve(failure('test/not-used')),
    download: async (path, localPath) => {
      const refused = fake.onDownload(path);
      if (!refused.ok) {
        await writeFile(localPath, 'half of it');
        return refused;
      }
      const bytes = fake.files.get(path);
      if (bytes === undefined) return failure('sftp/no-such-file');
      await writeFile(localPath, bytes);
      return ok({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    },
    upload: never,
    hash: (path) => {
      const bytes = fake.files.get(path);
      if (bytes === undefined) return Promise.resolve(failure('sftp/no-such-file'));
      return Promise.resolve(ok(createHash('sha256').update(bytes).digest('hex')));
    },
    rename: never,
    remove: never,
    close: () => Promise.resolve(),
  };
}

/** A waveform record of one channel and one sample. */
const CFG = [
  'Main intake,ION7400,1999',
  '1,1A,0D',
  '1,V1,A,,V,1,0,0,-32767,32767,1,1,P',
  '50',
  '1',
  '1000,1',
  '22/11/2026,10:00:00.000000',
  '22/11/2026,10:00:00.000000',
  'BINARY',
  '1',
  '',
].join('\r\n');

/** Every folder of a meter, each with something in it. */
export const FULL: Readonly<Record<string, string>> = {
  'COMTRADE/cmt0__00001.cfg': CFG,
  'COMTRADE/cmt0__00001.dat': '\x01\0\0\0\0\0\0\0\x02\x03',
  'COMTRADE/cmt0__00002.cfg': CFG,
  'COMTRADE/cmt0__00002.dat': '\x01\0\0\0\0\0\0\0\xff\xfe',
  'documents/site-plan.pdf': '%PDF-1.7',
  'documents/photos/panel.jpg': 'jpeg',
  'web/default/index.html': '<html></html>',
  'IEC61850/meter.cid': '<SCL/>',
};
